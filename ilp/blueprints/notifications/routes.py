from __future__ import annotations

from ilp.blueprints.notifications import bp as bp
