"""The reported facts the demo is built on, with their source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FILE = json.loads((Path(__file__).parent / "events.json").read_text(encoding="utf-8"))

SOURCE: str = _FILE["source"]
EVENTS: dict[str, dict[str, Any]] = {event["key"]: event for event in _FILE["events"]}
"""The five events by key."""
