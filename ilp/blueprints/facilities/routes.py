from __future__ import annotations

from ilp.blueprints.facilities import bp as bp
