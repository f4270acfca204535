from __future__ import annotations

from ilp.blueprints.health import bp as bp
