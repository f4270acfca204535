"""The page that explains the roles says what the reviewed matrix says."""

from __future__ import annotations

import pytest

from ilp.cli.access import MATRIX
from ilp.policy.actions import Action
from ilp.policy.overview import AREAS, RoleRights, overview


def reviewed() -> dict[tuple[str, str], set[str]]:
    """By role and kind of office, the actions that are allowed in some column of the matrix."""
    found: dict[tuple[str, str], set[str]] = {}
    action = ""
    for line in MATRIX.read_text().splitlines():
        if line and not line.startswith(" "):
            action = line.split(": ")[0]
        elif line.startswith("  ") and line.strip() and action in set(Action):
            head, cells = line[:58].strip(), line[58:].split()
            if head:
                role, kind, _ = head.rsplit(", ", 2)
                found.setdefault((role, kind), set()).update({action} if "ya" in cells else ())
    return found


@pytest.mark.parametrize("rights", overview(), ids=lambda r: f"{r.role}-{r.office_kind}")
def test_the_page_says_what_the_matrix_says(rights: RoleRights) -> None:
    assert set(rights.actions) == reviewed()[rights.role.label, rights.office_kind.label]
    listed = [action for actions in rights.areas.values() for action in actions]
    assert sorted(listed) == sorted(rights.actions), "each under one heading"


def test_every_heading_names_something_that_somebody_does() -> None:
    assert set(AREAS) <= {action.partition(":")[0] for action in Action}
