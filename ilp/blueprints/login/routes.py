from __future__ import annotations

from ilp.blueprints.login import bp as bp
