from __future__ import annotations

from ilp.blueprints.desk import bp as bp
