from __future__ import annotations

from ilp.blueprints.accounts import bp as bp
