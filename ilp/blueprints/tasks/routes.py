from __future__ import annotations

from ilp.blueprints.tasks import bp as bp
