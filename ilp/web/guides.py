"""The guides in `docs/`, as pages: the same text that is read beside the code, and which part helps where."""

from __future__ import annotations

import html
import re
import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mistune
from markupsafe import Markup

from ilp.core.config import ROOT

FOLDER = ROOT / "docs"
PICTURES = FOLDER / "gambar"
GUIDES = {
    "panduan": "Panduan pemakaian",
    "administrasi": "Panduan administrator",
    "keamanan": "Keamanan dan pelindungan data",
}
"""The name of each guide's file and address, and what it is called."""

HELPFUL = {
    "accounts": "administrasi#akun-dan-peran",
    "accounts.change_password": "panduan#15-lupa-kata-sandi",
    "accounts.devices": "panduan#1-masuk",
    "accounts.factor": "administrasi#kode-masuk",
    "accounts.password": "panduan#15-lupa-kata-sandi",
    "accounts.show_me": "panduan#16-akun-saya-dan-data-pribadi",
    "audit": "administrasi#jejak-audit",
    "commitments": "panduan#13-komitmen-bersama",
    "desk": "panduan#2-meja-kerja",
    "directory": "administrasi#kantor-jabatan-dan-orang",
    "directory.letterhead": "administrasi#kop-surat-dan-nomor",
    "directory.numbers": "administrasi#kop-surat-dan-nomor",
    "directory.preview_transfer": "administrasi#mutasi",
    "directory.transfer": "administrasi#mutasi",
    "documents": "panduan#8-memeriksa-keaslian-dokumen",
    "facilities": "panduan#14-penerapan-ilp",
    "imports": "administrasi#impor-dan-ekspor-excel",
    "meetings": "panduan#3-memanggil-rapat-dan-menerbitkan-undangan",
    "meetings.approve": "panduan#7-mengesahkan-notula",
    "meetings.attendance": "panduan#4-meja-presensi",
    "meetings.attendance_list": "panduan#4-meja-presensi",
    "meetings.show": "panduan#5-menulis-notula-bersama",
    "meetings.tasks": "panduan#6-keputusan-menjadi-tugas",
    "notifications": "panduan#2-meja-kerja",
    "pokjanal": "panduan#12-tugas-pokjanal-berjenjang",
    "privacy": "administrasi#data-pribadi",
    "privacy.show_mine": "panduan#16-akun-saya-dan-data-pribadi",
    "reports": "panduan#14-penerapan-ilp",
    "search": "panduan#17-mencari",
    "settings": "administrasi#pengaturan",
    "tasks": "panduan#6-keputusan-menjadi-tugas",
    "tasks.show_assignment": "panduan#9-melaporkan-tugas-dari-ponsel",
    "tasks.show_matrix": "panduan#10-memeriksa-dan-mengembalikan-laporan",
    "wilayah": "panduan#14-penerapan-ilp",
}
"""Which part of which guide helps on a page, by its endpoint or else its blueprint."""


def helpful(endpoint: str | None) -> str:
    """The guide and part for a page, as the rest of an address under `/bantuan/`; empty for the overview."""
    return HELPFUL.get(endpoint or "") or HELPFUL.get((endpoint or "").partition(".")[0], "")


@dataclass
class Guide:
    """A guide ready to be shown: its title, its parts (anchor and heading), and the text below the title."""

    title: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    body: Markup = field(default_factory=Markup)


def anchor(heading: str) -> str:
    """The anchor of a heading, as the hosts of code repositories write it: `#1-masuk`."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class _Renderer(mistune.HTMLRenderer):
    """Collects the headings; pictures and guides are found under the address of the help pages."""

    def __init__(self, guide: Guide, base: str) -> None:
        super().__init__(escape=True)
        self.guide = guide
        self.base = base

    def heading(self, text: str, level: int, **attrs: object) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text))
        if level == 1:
            self.guide.title = plain
            return ""
        name = anchor(plain)
        self.guide.anchors.add(name)
        if level == 2:
            self.guide.parts.append((name, plain))
        return f'<h{level} id="{html.escape(name)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        guide, _, part = url.partition(".md")
        return super().link(text, f"{self.base}{guide}{part}" if guide in GUIDES else url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        kind = "phone" if url.endswith("-360.png") else "screen"
        source = html.escape(self.base + url)
        size = _size(FOLDER / url)
        return f'<img class="{kind}" src="{source}" alt="{html.escape(text)}"{size} loading="lazy">'

    def table(self, text: str) -> str:
        return f'<div class="scroll" tabindex="0"><table class="table">{text}</table></div>\n'


def _size(picture: Path) -> str:
    """Width and height of a PNG, so that its room is kept and an anchor below it stays where it is."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return f' width="{width}" height="{height}"'


@cache
def read_guide(name: str, base: str) -> Guide:
    """A guide whose links and pictures lie under the address `base`. Read once; raw HTML in it is text.

    Raises FileNotFoundError where the guides were not installed with the product.
    """
    guide = Guide()
    to_html = mistune.create_markdown(renderer=_Renderer(guide, base), plugins=["table"])
    text = to_html((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    guide.body = Markup(text)  # noqa: S704 (our own text, rendered with escape=True)
    return guide
