"""The four papers as finished PDFs: read back as text, fonts, positions and pictures."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from ilp.adapters import pdf
from ilp.adapters.pdf import PaperIncomplete, Rendered, Renderer, missing_names, render
from ilp.core.papers import attendance, commitment
from tests.factories.papers import (
    LONG_NAME,
    make_attendance,
    make_commitment,
    make_invitation,
    make_letterhead,
    make_minutes,
    make_number,
    make_person,
    make_signature,
)

CODE = "7K3M92QDWX4T"
FACTS: dict[str, Any] = {
    "code": CODE,
    "address": "https://simpul.example",
    "created": datetime(2024, 10, 15, 7, 30, tzinfo=UTC),
}
MAKERS: dict[str, Callable[..., Any]] = {
    "invitation": make_invitation,
    "attendance": make_attendance,
    "minutes": make_minutes,
    "commitment": make_commitment,
}
LONG = make_person(
    prefix="Prof. Dr. dr. Hj.",
    name="CONTOH NAMA YANG PANJANG SEKALI",
    suffix="Sp.PD., Subsp.G.E.H.(K)., M.Kes., M.M., FINASIM",
)
MM = 72 / 25.4
HANGING = 4
"""Points by which the space at the end of a line may stand out."""


def small(kind: str) -> Any:
    """A paper of that kind that is quickly set."""
    return MAKERS[kind](6) if kind in {"attendance", "commitment"} else MAKERS[kind]()


@cache
def usual(kind: str, paper: str = "A4") -> Rendered:
    """A paper as its factory makes it; set once for all tests that only read it."""
    return render(kind, MAKERS[kind](), paper=paper, **FACTS)  # type: ignore[arg-type]


def pages_of(rendered: Rendered) -> list[str]:
    document = pypdfium2.PdfDocument(rendered.pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def text_of(rendered: Rendered) -> str:
    return " ".join(" ".join(pages_of(rendered)).split())


def fonts_of(rendered: Rendered) -> set[str]:
    """Every font of the file by name; all must be embedded."""
    names = set()
    for page in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert any(key.startswith("/FontFile") for key in inner["/FontDescriptor"])
            names.add(re.sub(r"^/[A-Z]{6}\+", "", inner["/BaseFont"]))
    return names


# --- what stands on them --------------------------------------------------------------------------
@pytest.mark.parametrize("paper", ["A4", "F4", "F4-210"])
def test_invitation_is_one_page_and_its_list_follows(paper: str) -> None:
    rendered = usual("invitation", paper)
    letter, *annex = pages_of(rendered)

    assert rendered.pages == 3
    for words in (
        "400.7/1287/35.07.013/2024",
        "Kepanjen, 8 Oktober 2024",
        "2 (dua) lembar",
        "u.b.",
        "Tembusan:",
    ):
        assert words in letter
    assert "DAFTAR UNDANGAN" not in letter
    assert "DAFTAR UNDANGAN" in annex[0]
    assert re.search(r"Camat se-Kabupaten Malang\s+33 orang", annex[0])
    assert re.search(r"Jumlah undangan\s+175 orang", annex[1])
    assert "NIP 19000101 192001 1 001" in annex[1]


def test_invitation_states_the_pages_of_a_longer_list() -> None:
    lines = [{"text": f"Kepala Desa Contoh {i}", "count": 1} for i in range(150)]
    rendered = render("invitation", make_invitation(groups=[{"name": "Desa", "lines": lines}]), **FACTS)

    assert rendered.pages == 5
    assert "4 (empat) lembar" in pages_of(rendered)[0]


def test_invitation_to_few_has_no_list() -> None:
    content = make_invitation(groups=[], recipients=["Camat Kepanjen", "Camat Dau"])
    rendered = render("invitation", content, **FACTS)

    assert rendered.pages == 1
    assert "Yth. Camat Dau" in text_of(rendered)
    assert "Lampiran" not in text_of(rendered)


def test_number_to_come_leaves_room_after_the_classification() -> None:
    rendered = render("invitation", make_invitation(number=make_number("")), **FACTS)

    assert re.search(r"Nomor\s*:\s*400\.7/\s*/35\.07\.013/2024", text_of(rendered))
    assert "Undangan, 8 Oktober 2024" in pages_of(rendered)[1]


def test_letter_too_long_for_its_page_keeps_the_normal_type() -> None:
    content = make_invitation(opening=make_invitation()["opening"] * 8, groups=[])

    assert render("invitation", content, **FACTS).pages == 2


@pytest.mark.parametrize(("paper", "pages"), [("A4", 9), ("F4", 8)])
def test_attendance_of_185_holds_everybody_and_closes_with_rows_and_signature(paper: str, pages: int) -> None:
    rendered = usual("attendance", paper)
    *_, last = pages_of(rendered)

    assert rendered.pages == pages
    assert missing_names(rendered.pdf, attendance.names(make_attendance())) == []
    for words in ("184", "185", "Jumlah hadir", "seratus delapan puluh lima", "KEPALA DINAS KESEHATAN,"):
        assert words in last
    assert all("Tanda tangan" in page for page in pages_of(rendered)), "the head returns on every page"


def test_attendance_says_who_stands_in_and_who_did_not_come() -> None:
    content = make_attendance(12)
    content["groups"][0]["rows"][1] |= {"status": "excused", "arrived": "", "source": "", "stroke": None}  # type: ignore[typeddict-item]
    text = text_of(render("attendance", content, **FACTS))

    assert "mewakili Kepala Bidang" in text
    assert re.search(r"\bizin\b", text)
    assert "Tidak hadir : 1 (satu) orang: 1 dengan izin" in text


def test_attendance_before_the_meeting_is_lines_for_ink() -> None:
    content = make_attendance(12)
    content["signature"]["person"] = make_person(prefix="", name="", suffix="", rank="", nip="")
    blank = {
        "name": "",
        "sex": "",
        "position": "",
        "represents": "",
        "arrived": "",
        "source": "",
        "stroke": None,
    }
    for row in (row for group in content["groups"] for row in group["rows"]):
        row |= {"status": "expected", "arrived": "", "source": "", "stroke": None}  # type: ignore[typeddict-item]
    content["groups"].append({"name": "Di luar undangan", "rows": [blank | {"status": "expected"}] * 10})  # type: ignore[typeddict-item, list-item]
    text = text_of(render("attendance", content, **FACTS))

    assert "Jumlah undangan : 12 (dua belas) orang" in text
    assert "Di luar undangan 13" in text
    assert "22." in text


def test_minutes_hold_the_five_parts() -> None:
    rendered = usual("minutes")
    text = text_of(rendered)

    assert rendered.pages == 4
    for heading in (
        "A. Peserta",
        "B. Jalannya rapat",
        "C. Keputusan",
        "D. Rencana tindak lanjut",
        "E. Penutup",
    ):
        assert heading in text
    assert "Keputusan 12/2024. ILP dilaksanakan di seluruh Puskesmas" in text
    assert "Jumlah 186 179 6 1" in text
    assert "goresan layar, 15/10/2024 13.35 WIB" in text
    assert "Penguatan manajemen layanan primer (ditunda ke rapat berikut)" in text


def test_minutes_without_decisions_or_tasks_say_so() -> None:
    text = text_of(render("minutes", make_minutes(decisions=[], actions=[]), **FACTS))

    assert "Rapat ini tidak mengambil keputusan." in text
    assert "Tidak ada tindak lanjut yang ditugaskan." in text


def test_a_cell_longer_than_a_page_loses_no_word() -> None:
    content = make_minutes()
    content["actions"][0]["action"] = " ".join(f"kata{n}" for n in range(900))
    found = re.findall(r"kata(\d+)", text_of(render("minutes", content, **FACTS)))

    assert sorted(map(int, found)) == list(range(900))


def test_minutes_carry_their_photographs() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(picture, "JPEG")
    content = make_minutes(photos=[{"file": "a1", "caption": f"Foto rapat {n}."} for n in range(3)])
    rendered = render("minutes", content, files={"a1": picture.getvalue()}, **FACTS)

    assert "Foto 3. Foto rapat 2." in text_of(rendered)
    assert any(page.images for page in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages)


def test_photograph_that_was_not_given_stops_the_paper() -> None:
    content = make_minutes(photos=[{"file": "../../etc/hostname", "caption": "Foto"}])

    with pytest.raises(PaperIncomplete, match="asset:photo"):
        render("minutes", content, **FACTS)


@pytest.mark.parametrize(("count", "pages"), [(3, 3), (40, 5), (185, 13)])
def test_charter_shows_every_signatory_twice(count: int, pages: int) -> None:
    content = make_commitment(count)
    rendered = render("commitment", content, **FACTS)
    text = pages_of(rendered)

    assert rendered.pages == pages
    assert missing_names(rendered.pdf, commitment.names(content)) == []
    assert "BERKOMITMEN" in re.sub(r"\s", "", text[0])
    assert "Penandatangan" not in text[0]
    assert "Penandatangan" in text[1]
    assert sum("Sekar Fiktif Rekaan" in page for page in text) == 1, (
        "who declined stands on the audit page only"
    )
    assert "menunggu rapat pengurus" in text[-1]
    assert "553584e7 6c2816ee" in text_of(rendered)


def test_charter_fills_its_first_page_on_every_paper() -> None:
    assert [usual("commitment", paper).pages for paper in ("A4", "F4")] == [5, 4]


def test_status_stands_at_the_head_of_every_page() -> None:
    rendered = render("minutes", make_minutes(), status="KONSEP", **FACTS)

    assert all("KONSEP" in re.sub(r"\s", "", page) for page in pages_of(rendered))
    assert "KONSEP" not in re.sub(r"\s", "", text_of(usual("minutes")))


# --- how they are set ---------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", MAKERS)
def test_only_our_fonts_are_embedded(kind: str) -> None:
    charter = {"Caslon", "Caslon-Bold", "Caslon-Italic"} if kind == "commitment" else set()

    assert fonts_of(usual(kind)) <= {"Arimo", "Arimo-Bold", "Arimo-Italic", *charter}


def test_pasted_characters_embed_no_stray_font() -> None:
    pasted = (
        "cakupan \u2265 80\u202f% \u2192 Pustu\u2011Posyandu \u25cf Jum\u2010at \u2060selesai\u200b \u2713"
    )
    content = make_minutes(closing=pasted, event=pasted)
    rendered = render("minutes", content, **FACTS)

    assert fonts_of(rendered) <= {"Arimo", "Arimo-Bold", "Arimo-Italic"}
    assert "cakupan >= 80" in text_of(rendered)


@pytest.mark.parametrize("paper", ["A4", "F4"])
@pytest.mark.parametrize("kind", MAKERS)
def test_each_page_carries_its_own_code(kind: str, paper: str) -> None:
    document = pypdfium2.PdfDocument(usual(kind, paper).pdf)
    for number, page in enumerate(document, 1):
        codes = zxingcpp.read_barcodes(page.render(scale=100 / 72).to_pil())
        assert [code.text for code in codes] == [f"HTTPS://SIMPUL.EXAMPLE/V/{CODE}/{number}"]


def test_foot_names_the_code_in_groups_and_claims_nothing() -> None:
    for kind in MAKERS:
        for number, page in enumerate(pages_of(usual(kind)), 1):
            assert "Verifikasi arsip · kode 7K3M-92QD-WX4T · simpul.example/v" in page
            assert f"halaman {number} dari {usual(kind).pages}" in page
            assert not re.search(r"PDF/A|sah secara hukum|BSrE", page)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_no_text_leaves_the_margins(kind: str, paper: str) -> None:
    assert_within(usual(kind, paper), left=25 if kind == "commitment" else 30, right=20)


PLACE_100 = "Kota Administrasi " + "Pulau Contoh Yang Panjang Sekali " * 2 + "di Ujung Selatan"
DATE = "27 November 2026"
USUAL_NUMBER = "400.7/2/35.07.020/XI/2026"


@pytest.mark.parametrize(("paper", "left", "right"), [("A4", 30, 20), ("A4", 45, 40), ("F4", 45, 40)])
@pytest.mark.parametrize("number", [USUAL_NUMBER, "400.7/" + "B.PANJANG/" * 7 + "2026", "W" * 80])
@pytest.mark.parametrize("town", ["Tanjung Balai Karimun", PLACE_100, "X" * 100])
def test_place_and_date_of_a_letter_give_way(
    town: str, number: str, paper: str, left: int, right: int
) -> None:
    head = make_letterhead() | {"margins": [20, right, 25, left]}
    place_date = f"{town}, {DATE}"
    letter = make_invitation(
        letterhead=head, number=make_number() | {"text": number}, place_date=place_date, groups=[]
    )
    rendered = render("invitation", letter, paper=paper, **FACTS)

    assert_within(rendered, left=left, right=right)
    assert DATE in text_of(rendered), "the date stays on one line"
    assert missing_names(rendered.pdf, [number, place_date]) == []


def test_a_usual_place_and_number_stand_on_one_line() -> None:
    letter = make_invitation(number=make_number() | {"text": USUAL_NUMBER}, place_date=f"Kepanjen, {DATE}")

    assert f"Nomor : {USUAL_NUMBER} Kepanjen, {DATE}" in pages_of(render("invitation", letter, **FACTS))[0]


def assert_within(rendered: Rendered, *, left: int, right: int) -> None:
    """No text stands outside of the margins, in millimetres."""
    for page in pypdfium2.PdfDocument(rendered.pdf):
        text = page.get_textpage()
        for box in (text.get_rect(i) for i in range(text.count_rects())):
            assert left * MM - 1 < box[0]
            assert box[2] < page.get_width() - right * MM + HANGING


@pytest.mark.parametrize("kind", ["invitation", "attendance", "minutes"])
def test_the_longest_name_stays_whole_within_the_margins(kind: str) -> None:
    block = make_signature(("Plt.", "KEPALA BADAN PERENCANAAN PEMBANGUNAN DAERAH,"), person=LONG)
    over = {"signatures": [block] * 3} if kind == "minutes" else {"signature": block}
    content = {"invitation": make_invitation, "minutes": make_minutes}.get(
        kind, lambda **o: make_attendance(8, **o)
    )(**over)
    rendered = render(kind, content, **FACTS)  # type: ignore[arg-type]

    assert missing_names(rendered.pdf, [LONG_NAME]) == []
    for page in pypdfium2.PdfDocument(rendered.pdf):
        text = page.get_textpage()
        boxes = [text.get_rect(i) for i in range(text.count_rects())]
        assert max(box[2] for box in boxes) < page.get_width() - 20 * MM + 1
        assert min(box[0] for box in boxes) > 30 * MM - 1


@pytest.mark.parametrize(("paper", "size"), [("A4", (210, 297)), ("F4", (215, 330)), ("F4-210", (210, 330))])
def test_page_sizes(paper: str, size: tuple[int, int]) -> None:
    width, height = pypdfium2.PdfDocument(usual("invitation", paper).pdf)[0].get_size()

    assert (round(width / MM), round(height / MM)) == size


# --- what holds for all of them -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", MAKERS)
def test_equal_input_gives_equal_bytes(kind: str) -> None:
    thawed = json.loads(json.dumps(small(kind)))

    first, second = Renderer(), Renderer()
    second.render("minutes", make_minutes(), **FACTS)
    one, other = (renderer.render(kind, thawed, **FACTS) for renderer in (first, second))  # type: ignore[arg-type]
    assert one == other
    assert one != first.render(kind, thawed, **FACTS | {"created": datetime(2025, 1, 1, tzinfo=UTC)})  # type: ignore[arg-type]


class Listener:
    """A server that only counts who calls."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


def poisoned(value: Any, markup: str) -> Any:
    """The same content with markup after every text but drawn paths."""
    if isinstance(value, dict):
        return {key: item if key == "stroke" else poisoned(item, markup) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, markup) for item in value]
    return f"{value}{markup}" if isinstance(value, str) and value else value


@pytest.mark.parametrize("kind", MAKERS)
def test_markup_is_printed_and_nothing_is_fetched(kind: str) -> None:
    listener = Listener()
    markup = (
        f' <img src="http://127.0.0.1:{listener.port}/x"><link rel=attachment href="file:///etc/hostname">'
        f"<style>@import url(http://127.0.0.1:{listener.port}/y)</style>{{{{ 7*7 }}}} \"'&amp;"
    )
    content = small(kind)
    content |= {
        key: poisoned(value, markup)
        for key, value in content.items()
        if key
        in {"event", "place", "closing", "subject", "preamble", "note", "opening", "chair", "destination"}
    }
    rendered = render(kind, content, **FACTS)  # type: ignore[arg-type]
    listener.socket.close()

    assert listener.calls == 0
    assert "<imgsrc=" in re.sub(r"\s", "", text_of(rendered))
    assert "{{7*7}}" in re.sub(r"\s", "", text_of(rendered))
    reader = pypdf.PdfReader(io.BytesIO(rendered.pdf))
    assert not reader.attachments
    assert Path("/etc/hostname").read_text().strip() not in text_of(rendered)
    assert not any(annotation for page in reader.pages for annotation in page.get("/Annots", []))


@pytest.mark.parametrize("kind", MAKERS)
def test_markup_in_every_field_is_still_a_paper(kind: str) -> None:
    assert render(kind, poisoned(small(kind), " <b>&amp;</b>"), **FACTS).pages  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", MAKERS)
def test_setting_a_paper_draws_no_complaint(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", logger="weasyprint"):
        Renderer().render(kind, small(kind), **FACTS)  # type: ignore[arg-type]

    assert caplog.messages == []


def test_a_name_that_is_not_on_the_pages_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    design = replace(pdf.DESIGNS["minutes"], names=lambda _: ["RATNA UMPAMA", "Wulan Tertinggal"])
    monkeypatch.setitem(pdf.DESIGNS, "minutes", design)

    with pytest.raises(PaperIncomplete) as refusal:
        render("minutes", make_minutes(), **FACTS)
    assert refusal.value.missing == ["Wulan Tertinggal"]


def test_names_are_counted_apart_from_longer_ones_that_hold_them() -> None:
    content = make_attendance(4)
    rows = content["groups"][0]["rows"]
    for row, name in zip(
        rows, ("Siti Contoh", "Siti Contoh", "Siti Contoh, M.Kes.", "dr. Siti Contoh"), strict=True
    ):
        row["name"] = name
    rendered = render("attendance", content, **FACTS)

    assert missing_names(rendered.pdf, ["Siti Contoh"] * 2 + ["dr. Siti Contoh", "Siti Contoh, M.Kes."]) == []
    assert missing_names(rendered.pdf, ["Siti Contoh"] * 3 + ["dr. Siti Contoh", "Siti Contoh, M.Kes."]) == [
        "Siti Contoh"
    ]
