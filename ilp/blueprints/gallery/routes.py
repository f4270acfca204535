from __future__ import annotations

from ilp.blueprints.gallery import bp as bp
