from __future__ import annotations

from ilp.blueprints.documents import bp as bp
