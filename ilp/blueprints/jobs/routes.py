from __future__ import annotations

from ilp.blueprints.jobs import bp as bp
