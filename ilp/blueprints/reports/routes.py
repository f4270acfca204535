from __future__ import annotations

from ilp.blueprints.reports import bp as bp
