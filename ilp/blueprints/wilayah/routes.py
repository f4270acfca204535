from __future__ import annotations

from ilp.blueprints.wilayah import bp as bp
