from __future__ import annotations

from ilp.blueprints.meetings import bp as bp
