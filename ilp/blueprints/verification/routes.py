from __future__ import annotations

from ilp.blueprints.verification import bp as bp
