"""Excel files from outside are opened in a child with limits: bombs end there, the process lives."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from ilp.adapters import sheets
from ilp.adapters.foreign_files import Reason, Refused, read_sheet
from ilp.adapters.sheets import Heading, Leaf
from tests.support.sheets import made


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same package with some of its parts exchanged, `sheet1` for xl/worksheets/sheet1.xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rsplit("/", 1)[-1].removesuffix(".xml")
            new.writestr(name, parts.get(stem, old.read(name)))
    return out.getvalue()


def far_apart(last: str) -> bytes:
    """Two cells: the parser would ask for all that lies between."""
    row = "".join(c for c in last if c.isdigit())
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{last}"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    ).encode()


def nameless(rows: int, columns: int) -> bytes:
    """Cells that do not say where they stand."""
    row = f"<row>{'<c><v>1</v></c>' * columns}</row>"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{row * rows}</sheetData></worksheet>'.encode()


def large() -> bytes:
    """A part of 200 MB of nothing, packed small."""
    return repacked(made([["a"]]), sheet1=b"<worksheet>" + b" " * 200_000_000)


def with_password() -> bytes:
    """How a workbook with a password begins: an old container that names what is in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (repacked(made([["a"]]), sheet1=far_apart("XFD1048576")), Reason.ROWS),
        (repacked(made([["a"]]), sheet1=far_apart("XFD2")), Reason.COLUMNS),
        (repacked(made([["a"]]), sheet1=far_apart("XFD2").replace(b'"', b"'")), Reason.COLUMNS),
        (repacked(made([["a"]]), sheet1=nameless(1, 101)), Reason.COLUMNS),
        (repacked(made([["a"]]), sheet1=nameless(5201, 1)), Reason.ROWS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), Reason.OLD),
        (with_password(), Reason.ENCRYPTED),
        (b"Kantor;Nama\nDinas;Contoh\n", Reason.KIND),
        (b"", Reason.KIND),
        (made([["a"]])[:400], Reason.DAMAGED),
        (repacked(made([["a"]]), workbook=b"<not xml"), Reason.DAMAGED),
    ],
    ids="bomb,columns,single quotes,nameless columns,nameless rows,xls,password,csv,empty,cut,broken".split(
        ","
    ),
)
def test_what_is_no_plain_sheet_is_refused(data, reason):
    with pytest.raises(Refused) as refused:
        read_sheet(data)
    assert refused.value.reason is reason
    assert read_sheet(made([["masih", "hidup"]])) == [["masih", "hidup"]]


def test_a_file_that_inflates_is_refused_before_it_does():
    data = large()
    assert len(data) < 1_000_000
    with pytest.raises(Refused) as refused:
        read_sheet(data)
    assert refused.value.reason is Reason.LARGE


def test_a_document_of_another_kind_is_no_sheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", zlib.compress(b"x"))
    with pytest.raises(Refused) as refused:
        read_sheet(out.getvalue())
    assert refused.value.reason is Reason.KIND


def test_cells_come_as_texts_and_numbers_and_guides_are_passed_over():
    book = Workbook()
    book.active.title = "Petunjuk"
    book.create_sheet("Isian").append(["teks", 12, 1.5, date(2025, 3, 1), True, None, "=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue())[0][:5] == ["teks", 12, 1.5, "2025-03-01", "ya"]


def test_what_a_formula_left_is_told_from_an_empty_cell():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("Isian")
        page.write_row("A1", ["gagal", "belum dihitung", "hitungan", "teks kosong", "kosong", "tanpa nilai"])
        page.write_formula("A2", "=1/0", None, "#DIV/0!")
        page.write_formula("B2", "=A1&B1", None, "")
        page.write_formula("C2", "=1+1", None, 2)
        page.write_formula("A3", "=VLOOKUP(1,A1:B1,2)", None, "#N/A")
        page.write_formula("H5", "=1/0", None, "#DIV/0!")
    sheet = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    cells = '<c r="D2" t="str"><f>IF(1,"")</f><v></v></c><c r="E2"/><c r="F2" s="1"><f>SUM(A1)</f></c></row>'
    rows = read_sheet(
        repacked(out.getvalue(), sheet1=sheet.replace('</row><row r="3"', f'{cells}<row r="3"', 1))
    )
    assert rows[1][:6] == ["#DIV/0!", "#RUMUS!", 2, "", "", "#RUMUS!"]
    assert rows[2][0] == "#N/A"
    assert rows[4][7] == "#DIV/0!", "beyond what the parser thinks is filled"


def test_failed_formulas_are_found_on_the_sheet_that_is_read_wherever_they_lie():
    book = Workbook()
    book.active.title = "Petunjuk"
    book.active["A1"] = "=1/0"
    page = book.create_sheet("Isian")
    for row in range(1, 5001):
        page[f"A{row}"] = f"Kecamatan Contoh dengan nama panjang {row}"
        page[f"B{row}"] = f"=A{row}"
    out = io.BytesIO()
    book.save(out)
    rows = read_sheet(out.getvalue())
    assert rows[0] == ["Kecamatan Contoh dengan nama panjang 1", "#RUMUS!"]
    assert {row[1] for row in rows} == {"#RUMUS!"}, "one was cut in two where a piece of the file ended"


def test_allowed_values_stand_on_a_sheet_of_their_own():
    offices = tuple(f"Kampung Contoh {n}" for n in range(300))
    out = io.BytesIO()
    headings = [Heading("Kantor *", 30, offices, "Pilih"), Heading("Nama")]
    sheets.write(out, [Leaf("Isian", headings, [], empty_rows=5)])
    book = load_workbook(out)
    rule = book["Isian"].data_validations.dataValidation[0]
    assert rule.formula1 == "Pilihan!$A$2:$A$301"
    assert str(rule.sqref) == "A2:A6"
    assert book["Pilihan"]["A301"].value == "Kampung Contoh 299"
    assert read_sheet(out.getvalue())[0][:2] == ["Kantor *", "Nama"]
