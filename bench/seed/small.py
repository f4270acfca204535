"""A regency with a few weeks of work and no other place but those above it: seeded within seconds."""

from __future__ import annotations

from bench.landmarks import REGENCY
from bench.seed import Progress, Size, seed
from ilp.core.clock import today
from ilp.services.wilayah import import_codes, read_package

SMALL = Size(REGENCY, meetings=120, attendance=2_000, assignments=3_000)


def fill(progress: Progress | None = None) -> None:
    """Fills the migrated, empty database of the current application up to the first of this month."""
    import_codes(place for place in read_package() if _is_near(place.code))
    seed(SMALL, on=today().replace(day=1), progress=progress)


def _is_near(code: str) -> bool:
    """Above the regency, it itself, or in it."""
    return f"{REGENCY}.".startswith(f"{code}.") or code.startswith(f"{REGENCY}.")
