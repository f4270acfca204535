from __future__ import annotations

from ilp.blueprints.pokjanal import bp as bp
