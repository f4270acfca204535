"""Where a record lies: three codes that every placed table carries, and that its lists are bounded by."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import code_type

LENGTHS = {"province_code": 2, "regency_code": 5, "district_code": 8}


class Placed:
    """Where a record belongs, copied from its office: codes are empty above that level.

    Lists are bounded by one of these three columns; `place_indexes` gives each its keyset index.
    """

    province_code: Mapped[str] = mapped_column(code_type(2), default="")
    regency_code: Mapped[str] = mapped_column(code_type(5), default="")
    district_code: Mapped[str] = mapped_column(code_type(8), default="")


def place_codes(code: str) -> dict[str, str]:
    """The codes of a record that lies at this wilayah (of a desa only those above it)."""
    return {name: code[:length] if len(code) >= length else "" for name, length in LENGTHS.items()}


def same_place(record: Any) -> dict[str, str]:
    """The codes of a record that lies where this one does (a placed record, or a row with its columns)."""
    return {name: getattr(record, name) for name in LENGTHS}


def place_indexes(table: str, *sort: str) -> tuple[sa.Index, ...]:
    """One keyset index for each level, sorted as the table's lists are."""
    return tuple(sa.Index(f"ix_{table}_{name.removesuffix('_code')}", name, *sort) for name in LENGTHS)
