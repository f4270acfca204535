"""All tables. Importing this package makes the metadata complete."""

from __future__ import annotations

from ilp.models import (
    accounts,
    audit,
    commitments,
    directory,
    documents,
    facilities,
    imports,
    jobs,
    meetings,
    notifications,
    pokjanal,
    privacy,
    search,
    tasks,
    wilayah,
)

__all__ = [
    "accounts",
    "audit",
    "commitments",
    "directory",
    "documents",
    "facilities",
    "imports",
    "jobs",
    "meetings",
    "notifications",
    "pokjanal",
    "privacy",
    "search",
    "tasks",
    "wilayah",
]
