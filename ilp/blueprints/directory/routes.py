from __future__ import annotations

from ilp.blueprints.directory import bp as bp
