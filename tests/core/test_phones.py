from __future__ import annotations

import pytest

from ilp.core.phones import normalised, shown


@pytest.mark.parametrize(
    ("typed", "kept", "read"),
    [
        ("0812-3456-7890", "+6281234567890", "0812-3456-7890"),
        ("62 812 3456 7890", "+6281234567890", "0812-3456-7890"),
        ("+62 (0)812 3456 7890", "+6281234567890", "0812-3456-7890"),
        ("81234567890", "+6281234567890", "0812-3456-7890"),
        ("(0341) 392124", "+62341392124", "0341392124"),
        ("+60 12 345 6789", "+60123456789", "+60123456789"),
        ("  ", "", ""),
    ],
)
def test_a_number_is_kept_one_way_and_shown_as_people_write_it(typed: str, kept: str, read: str) -> None:
    assert normalised(typed) == kept
    assert shown(kept) == read
    assert normalised(read) == kept, "what is shown can be typed again"


@pytest.mark.parametrize("typed", ["12", "telepon", "0812345678901234", "341392124", "+62", "08-12x3456789"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        normalised(typed)
