"""What people write into cells is read as they mean it, or refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from ilp.core import cells
from ilp.core.cells import Unreadable


@pytest.mark.parametrize(
    "written",
    ["1 Maret 2025", "01/03/2025", "1-3-2025", "2025-03-01", "1 mar 2025", "Sabtu, 1 Maret 2025", 45717,
     "45717", 45717.0, " 1  MARET  2025 ", "1.3.25"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(written):
    assert cells.day(written) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("written", "told"),
    [("31 Februari 2025", "31 Februari 2025 tidak ada"), ("31/04/2025", "31/04/2025 tidak ada"),
     ("kemarin", "01/03/2025"), (12, "01/03/2025"), ("1/13/2025", "tidak ada"), ("1 Maret 1825", "1950")],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_named(written, told):
    with pytest.raises(Unreadable, match=told):
        cells.day(written)


@pytest.mark.parametrize("written", ["19800315 200501 1 003", "'198003152005011003", "198003152005011003"])
def test_a_nip_is_eighteen_digits(written):
    assert cells.nip(written) == "198003152005011003"


@pytest.mark.parametrize(
    ("written", "told"),
    [("19800315200501100", "di sini 17"), (198003152005011003.0, "membulatkan"),
     ("1.98003E+17", "1.98003E+17"), ("198013152005011003", "15/13/1980"),
     ("19800315200501100A", "hanya terdiri")],
)  # fmt: skip
def test_a_nip_that_excel_or_somebody_spoilt_is_refused(written, told):
    with pytest.raises(Unreadable, match=told.replace("+", r"\+")):
        cells.nip(written)


@pytest.mark.parametrize(
    "written", [81234567890, 81234567890.0, "081234567890", "+62 812-3456-7890", "62812 34567890"]
)
def test_a_phone_gets_its_zero_back(written):
    assert cells.phone(written) == "+6281234567890"


@pytest.mark.parametrize("written", ["Nomor HP *", "nomor  hp", "NOMOR\nHP (wajib)", "Nomor-HP"])
def test_a_heading_is_known_whatever_its_dress(written):
    assert cells.heading_key(written) == "nomor hp"


@pytest.mark.parametrize(
    ("found", "told"), [("#DIV/0!", "gagal: #DIV/0!"), ("#n/a", "gagal: #N/A"), ("#RUMUS!", "belum dihitung")]
)
def test_a_formula_that_says_nothing_is_no_value(found, told):
    with pytest.raises(Unreadable, match=told):
        cells.counted(found)
    assert cells.counted("# 12") == "# 12"


@pytest.mark.parametrize("written", [12345, "12.500", "2025-03-01", "--"])
def test_a_number_is_nobodys_name(written):
    with pytest.raises(Unreadable, match="Tulis dengan huruf"):
        cells.name(100)(written)
    assert cells.name(100)("Pj. 2") == "Pj. 2"


@pytest.mark.parametrize(
    ("written", "meant"), [("Ya", True), ("x", True), (1, True), ("tidak", False), ("-", False)]
)
def test_yes_and_no(written, meant):
    assert cells.yes(written) is meant


def test_spaces_around_a_slash_make_no_other_heading():
    assert {cells.heading_key(written) for written in ("L/P", "L / P", "l /p (wajib)")} == {"l/p"}


@pytest.mark.parametrize(
    ("raw", "back"), [(198003152005011003.0, cells.ROUNDED), (81234567890.0, "81234567890"), ("a  b", "a b")]
)
def test_a_rounded_number_does_not_go_back_as_digits(raw, back):
    assert cells.returned(raw) == back
    if back == cells.ROUNDED:
        with pytest.raises(Unreadable, match="dibulatkan"):
            cells.counted(back)
