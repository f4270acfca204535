from __future__ import annotations

import json

import pytest

from ilp.core.papers import attendance, commitment, invitation, minutes
from tests.factories.papers import make_attendance, make_commitment, make_invitation, make_minutes


@pytest.mark.parametrize(
    "content",
    [make_invitation(), make_attendance(20), make_minutes(), make_commitment(20)],
    ids=len,
)
def test_content_is_plain_json_without_fractions(content: dict[str, object]) -> None:
    text = json.dumps(content)

    assert json.loads(text, parse_float=pytest.fail) == content


def test_invited_total_counts_the_seats_of_collective_lines() -> None:
    paper = make_invitation(
        groups=[
            {"name": "Kecamatan", "lines": [{"text": "Camat se-Kabupaten Malang", "count": 33}]},
            {"name": "RSUD", "lines": [{"text": "Direktur RSUD Lawang", "count": 1}]},
        ]
    )

    assert invitation.total(paper) == 34


def test_attendance_totals_add_up_in_words_by_sex_and_method() -> None:
    paper = make_attendance(6)
    rows = [row for group in paper["groups"] for row in group["rows"]]
    for row, sex, status, source in zip(
        rows,
        ("L", "P", "P", "", "L", "P"),
        ("present", "represented", "late", "present", "excused", "absent"),
        ("QR", "meja presensi", "meja presensi", "kertas", "", ""),
        strict=True,
    ):
        row.update(
            sex=sex, status=status, source=source, represents="Camat Dau" if status == "represented" else ""
        )  # type: ignore[typeddict-item]

    assert dict(attendance.totals(paper)) == {
        "Jumlah hadir": "4 (empat) orang: 1 laki-laki, 2 perempuan dan 1 tidak dicatat",
        "Mewakili": "1 (satu) orang",
        "Terlambat": "1 (satu) orang",
        "Tidak hadir": "2 (dua) orang: 1 dengan izin",
        "Cara mencatat": "2 meja presensi, 1 QR, 1 kertas",
        "Tanda tangan": "1 goresan layar, 3 ruang tanda tangan basah",
    }


def test_attendance_of_nobody_still_says_so() -> None:
    assert attendance.totals(make_attendance(6) | {"groups": []})[0] == ("Jumlah hadir", "0 (nol) orang")  # type: ignore[arg-type]


def test_presence_is_said_with_the_figures_of_the_table() -> None:
    tally = make_minutes()["tally"]

    assert minutes.presence_sentence(tally) == (
        "Hadir 185 (seratus delapan puluh lima) orang dari 186 yang diundang, 6 di antaranya mewakili "
        "pejabat yang diundang. Daftar hadir terlampir."
    )
    tally[0]["extra"] = 3
    assert "Hadir 185 (seratus delapan puluh lima) orang dari 186" in minutes.presence_sentence(tally)
    assert "Hadir pula 3 (tiga) orang di luar undangan. Daftar hadir" in minutes.presence_sentence(tally)


def test_list_printed_before_the_meeting_waits_for_its_figures() -> None:
    paper = make_attendance(6)
    for row in (row for group in paper["groups"] for row in group["rows"]):
        row["status"] = "expected"

    assert attendance.totals(paper)[0] == ("Jumlah undangan", "6 (enam) orang")


@pytest.mark.parametrize(
    "subject",
    [["Pelayanan Primer", "Kabupaten Malang"], ["Komitmen Bersama Pelayanan Primer Kabupaten Malang"]],
)
def test_subject_is_printed_without_the_words_of_the_title(subject: list[str]) -> None:
    assert commitment.subject(make_commitment(1, subject=subject)) == "Pelayanan Primer Kabupaten Malang"


def test_signatures_are_counted_by_method() -> None:
    signed = commitment.signed_by_method(make_commitment(40))
    assert signed == "40 (empat puluh) orang: 32 goresan layar, 8 nama diketik"
    assert commitment.signed_by_method(make_commitment(40) | {"groups": []}) == "0 (nol) orang"  # type: ignore[arg-type]


def test_names_are_wanted_as_often_as_the_paper_must_show_them() -> None:
    named = invitation.names(make_invitation())
    assert named.count("Drs. H. SURYA CONTOH, M.Si.") == 2
    assert named.count("Camat se-Kabupaten Malang") == 1
    assert len(attendance.names(make_attendance(30))) == 30 + 2
    assert "Direktur RSUD Kanjuruhan" in minutes.names(make_minutes())

    paper = make_commitment(10)
    signed = paper["groups"][0]["people"][0]
    names = commitment.names(paper)
    assert names.count(f"{signed['prefix']} {signed['name']}, {signed['suffix']}".strip(" ,")) == 2
    assert names.count("Bdn. Sekar Fiktif Rekaan, S.Keb.") == 1
