from __future__ import annotations

from datetime import date

import pytest

from ilp.core.number_patterns import FIELDS, USUAL, around, fault, written

DAY = date(2024, 10, 8)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (USUAL, "400.7/12/35.07.013/2024"),
        ("{klasifikasi}/{nomor}/{unit}/{bulan_romawi}/{tahun}", "400.7/12/35.07.013/X/2024"),
        ("{nomor}/{klasifikasi}-{unit}/{bulan}/{tahun}", "12/400.7-35.07.013/10/2024"),
        ("{nomor}/{tahun}", "12/2024"),
        ("B/{nomor}/SETDA.{unit}/{tahun}", "B/12/SETDA.35.07.013/2024"),
    ],
)
def test_a_number_follows_its_pattern(pattern: str, number: str) -> None:
    assert fault(pattern) == ""
    assert written(pattern, 12, classification="400.7", unit="35.07.013", day=DAY) == number


def test_what_the_letterhead_does_not_know_is_left_out_with_its_stroke() -> None:
    assert written(USUAL, 3, classification="", unit="", day=DAY) == "3/2024"
    assert around(USUAL, classification="400.7", unit="", day=DAY) == ("400.7", "2024")


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("{klasifikasi}/{tahun}", "satu kali"),
        ("{nomor}/{nomor}", "satu kali"),
        ("No.{nomor}/{tahun}", "satu kali"),
        ("{nomor}/{hari}", "tidak dikenal"),
        ("{nomor}/{tahun}/{", "hanya boleh"),
        ("{nomor}/{tahun}/<b>", "hanya boleh"),
        ("{nomor}", "tanpa tahun nomor akan berulang"),
        ("{klasifikasi}/{nomor}/{unit}/{bulan_romawi}", "tanpa tahun nomor akan berulang"),
        ("", "satu kali"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, sentence: str) -> None:
    assert sentence in fault(pattern)


def test_every_field_can_be_written() -> None:
    pattern = "/".join(f"{{{name}}}" for name in FIELDS)
    assert fault(pattern) == ""
    assert written(pattern, 1, classification="a", unit="b", day=DAY) == "a/1/b/10/X/2024"
