from __future__ import annotations

from ilp.blueprints.commitments import bp as bp
