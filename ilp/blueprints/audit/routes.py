from __future__ import annotations

from ilp.blueprints.audit import bp as bp
