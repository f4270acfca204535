"""Sets the frozen content of an official paper in type: our templates, WeasyPrint, and a count of every name.

Rendering belongs to the job process. It sees nothing but what it is given: the fetcher knows only `asset:`
(our fonts, drawings, the QR of a page, photographs handed over as bytes); no address is ever looked up.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from functools import cache, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import BaseHandler, Request
from urllib.response import addinfourl

import jinja2
from markupsafe import Markup

from ilp.adapters.qr import qr_svg
from ilp.core import indonesian
from ilp.core.papers import Kind, Paper, attendance, commitment, invitation, minutes
from ilp.core.papers.parts import Letterhead, SignatureBlock, person_name

PACKAGE = Path(__file__).parents[1]
TEMPLATES = PACKAGE / "templates/pdf"
FONTS = PACKAGE / "static/vendor/fonts"

PAPERS = {"A4": (210, 297), "F4": (215, 330), "F4-210": (210, 330)}
"""Width and height in millimetres. F4 is not defined in the rules; both habits are served."""

MEDIA_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml"}
USUAL_PAGES = 64
"""QR codes prepared before the length of a paper is known; a longer one is set again."""

PREVIEW_WIDTH = 840
"""Pixels of a picture of the head of a letter."""
UPPER_PART = 1 / 2
"""How much of the sheet such a picture shows, in widths."""
SHEETS = 32
"""Stylesheets that are kept: our own, and those of the sizes and margins in use."""
USUAL_ANNEX = 2
"""Pages a list of the invited is first taken to have."""

NOTHING: Mapping[str, bytes] = MappingProxyType({})


class PaperIncomplete(Exception):
    """The finished paper lacks something it must show: `missing` names it. Nothing was issued."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"missing on paper: {', '.join(missing)}")
        self.missing = missing


@dataclass(frozen=True)
class Rendered:
    """The bytes of a paper, how many pages they have, and their fingerprint."""

    pdf: bytes
    pages: int
    sha256: str


@dataclass(frozen=True)
class Design:
    """How a kind of paper is set.

    `densities` are tried until its front part (all but annexes) keeps to one page; "" is normal, and taken
    if none does. `states_annex`: the front part says how many pages follow it.
    `facts` derives from the content what its template prints beside it.
    """

    sheets: tuple[str, ...]
    variant: str
    names: Callable[[Any], list[str]]
    facts: Callable[[Any], dict[str, object]] = lambda _: {}
    margins: tuple[int, int, int, int] = (20, 20, 25, 30)
    densities: tuple[str, ...] = ()
    states_annex: bool = False


DESIGNS: dict[str, Design] = {
    "invitation": Design(
        sheets=("base.css", "letter.css"),
        variant="pdf/ua-1",
        names=invitation.names,
        facts=lambda paper: {"total": invitation.total(paper)},
        densities=("", "d1", "d2"),
        states_annex=True,
    ),
    "attendance": Design(
        sheets=("base.css", "records.css"),
        variant="pdf/a-3a",
        names=attendance.names,
        facts=lambda paper: {"totals": attendance.totals(paper)},
    ),
    "minutes": Design(
        sheets=("base.css", "records.css"),
        variant="pdf/a-3a",
        names=minutes.names,
        facts=lambda paper: {"presence": minutes.presence_sentence(paper["tally"])},
    ),
    "commitment": Design(
        sheets=("base.css", "charter.css"),
        variant="pdf/a-3a",
        names=commitment.names,
        facts=lambda paper: {
            "count": sum(len(group["people"]) for group in paper["groups"]),
            "about": commitment.subject(paper),
            "by_method": commitment.signed_by_method(paper),
        },
        margins=(16, 20, 25, 25),
        densities=("airy", "", "d1"),
    ),
}
"""What is signed or archived is pdf/a-3a, what is only read is pdf/ua-1."""


def render(
    kind: Kind,
    content: Paper,
    *,
    code: str,
    address: str,
    created: datetime,
    paper: str = "A4",
    status: str = "",
    files: Mapping[str, bytes] = NOTHING,
) -> Rendered:
    """A paper as PDF. Equal input gives equal bytes.

    `code` is the verification code and `address` the configured one of this site: every page carries a QR of
    `ADDRESS/V/CODE/PAGE`. `created` is written into the file. `status` ("KONSEP") stands at the head of every
    page. `files` holds photographs and the emblem by the keys that the content names.

    Raises PaperIncomplete if the finished pages do not show every name as often as they must, or if the
    content names a photograph that was not given.
    """
    return _renderer().render(
        kind, content, code=code, address=address, created=created, paper=paper, status=status, files=files
    )


def head_picture(head: Letterhead, *, number: str, paper: str, files: Mapping[str, bytes] = NOTHING) -> bytes:
    """The upper part of a letter with this head as PNG, to be looked at while it is edited."""
    return _renderer().head_picture(head, number=number, paper=paper, files=files)


def margins_of(content: Any, design: Design) -> tuple[int, int, int, int]:
    """Those of the letterhead; an older paper without them has those of its design."""
    top, right, bottom, left = content.get("letterhead", {}).get("margins") or design.margins
    return top, right, bottom, left


class Renderer:
    """Templates, stylesheets as they are parsed, and fonts, kept for the life of a process.

    One paper at a time.
    """

    def __init__(self) -> None:
        import weasyprint  # noqa: PLC0415 - half a second and 30 MB that web processes never need
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - as above

        self._weasyprint = weasyprint
        self._fonts = FontConfiguration()
        self._templates = _environment()
        self._sheet = lru_cache(maxsize=SHEETS)(self._parsed)
        self._lock = threading.Lock()

    def render(
        self,
        kind: Kind,
        content: Paper,
        *,
        code: str,
        address: str,
        created: datetime,
        paper: str = "A4",
        status: str = "",
        files: Mapping[str, bytes] = NOTHING,
    ) -> Rendered:
        """See the module's `render`."""
        design = DESIGNS[kind]
        host = urlsplit(address).netloc
        grouped = "-".join(code[i : i + 4] for i in range(0, len(code), 4))
        context = {
            **content,
            **design.facts(content),
            "code": grouped,
            "created": created.isoformat(timespec="seconds"),
            "foot": f"Verifikasi arsip · kode {grouped} · {host}/v",
            "status": status,
        }
        desk = _Desk(
            template=self._templates.get_template(f"{kind}.html"),
            context=context,
            sheets=design.sheets + (("marked.css",) if status else ()),
            page_css=partial(_page_css, paper, margins_of(content, design)),
            assets=AssetHandler(f"{address}/v/{code}".upper(), files),
        )
        with self._lock:
            document = self._compose(desk, design)
            pdf = document.write_pdf(pdf_variant=design.variant, pdf_tags=True)
            missing = missing_names(pdf, design.names(content))
        if missing:
            raise PaperIncomplete(missing)
        return Rendered(pdf, len(document.pages), hashlib.sha256(pdf).hexdigest())

    def head_picture(self, head: Letterhead, *, number: str, paper: str, files: Mapping[str, bytes]) -> bytes:
        """See the module's `head_picture`."""
        import pypdfium2  # noqa: PLC0415 - 5 MB that web processes never need

        design = DESIGNS["invitation"]
        desk = _Desk(
            template=self._templates.get_template("head.html"),
            context={"letterhead": head, "number": number, "created": "", "foot": "", "status": ""},
            sheets=design.sheets,
            page_css=lambda _: _size_css(paper, margins_of({"letterhead": head}, design)),
            assets=AssetHandler("", files),
        )
        with self._lock:
            sheet = self._typeset(desk, density="").write_pdf()
        document = pypdfium2.PdfDocument(sheet)
        try:
            whole = document[0].render(scale=PREVIEW_WIDTH / document[0].get_width()).to_pil()
        finally:
            document.close()
        out = io.BytesIO()
        whole.crop((0, 0, whole.width, round(whole.width * UPPER_PART))).save(out, "PNG", optimize=True)
        return out.getvalue()

    def _compose(self, desk: _Desk, design: Design) -> Any:
        """Choose the density by the front part alone, then set the whole, which may count its annex."""
        density, front_pages = "", 1
        if design.densities:
            for density in (*design.densities, ""):
                front_pages = len(self._typeset(desk, density=density, front_only=True).pages)
                if front_pages == 1:
                    break
        document = self._typeset(desk, density=density)
        annex_pages = len(document.pages) - front_pages
        if design.states_annex and annex_pages not in {0, USUAL_ANNEX}:
            document = self._typeset(desk, density=density, annex_pages=annex_pages)
        return document

    def _typeset(
        self, desk: _Desk, *, density: str, front_only: bool = False, annex_pages: int = USUAL_ANNEX
    ) -> Any:
        page = desk.template.render(
            desk.context, density=density, front_only=front_only, annex_pages=annex_pages
        )
        sheets = [self._sheet((TEMPLATES / name).read_text()) for name in desk.sheets]
        html = self._weasyprint.HTML(string=page, url_fetcher=self._fetcher(desk.assets))
        room = 0
        document = None
        while document is None or len(document.pages) > room:
            room = len(document.pages) if document else USUAL_PAGES
            page_sheet = self._sheet(desk.page_css(room))
            try:
                document = html.render(stylesheets=[*sheets, page_sheet], font_config=self._fonts)
            except self._weasyprint.urls.FatalURLFetchingError as fault:
                raise PaperIncomplete([str(fault)]) from fault
        return document

    def _parsed(self, text: str) -> Any:
        """A stylesheet. Of what it names it loads the fonts; pictures are the page's to fetch, each time."""
        fetcher = self._fetcher(AssetHandler("", NOTHING))
        return self._weasyprint.CSS(string=text, font_config=self._fonts, url_fetcher=fetcher)

    def _fetcher(self, assets: AssetHandler) -> Any:
        fetcher = self._weasyprint.urls.URLFetcher(
            allowed_protocols=["asset"], allow_redirects=False, fail_on_errors=True
        )
        fetcher.add_handler(assets)
        return fetcher


@dataclass(frozen=True)
class _Desk:
    """All that one paper is set from."""

    template: jinja2.Template
    context: dict[str, object]
    sheets: tuple[str, ...]
    page_css: Callable[[int], str]
    assets: AssetHandler


class AssetHandler(BaseHandler):
    """Opens `asset:qr/3` (the QR of page 3), `asset:photo/KEY`, `asset:emblem/KEY`, or our own file."""

    def __init__(self, verification: str, photos: Mapping[str, bytes]) -> None:
        self.verification = verification
        self.photos = photos

    def asset_open(self, request: Request) -> addinfourl:
        """The bytes behind an address; KeyError or OSError if there are none."""
        folder, _, name = unquote(request.full_url.removeprefix("asset:")).rpartition("/")
        headers = Message()
        if folder == "qr":
            body, headers["Content-Type"] = (
                qr_svg(f"{self.verification}/{name}", 15).encode(),
                "image/svg+xml",
            )
        elif folder == "emblem":
            body = self.photos[name]
            headers["Content-Type"] = "image/png" if body.startswith(b"\x89PNG") else "image/svg+xml"
        elif folder == "photo":
            body, headers["Content-Type"] = self.photos[name], "image/jpeg"
        else:
            home = FONTS if name.endswith(".woff2") else TEMPLATES
            body, headers["Content-Type"] = (home / name).read_bytes(), MEDIA_TYPES[Path(name).suffix]
        return addinfourl(io.BytesIO(body), headers, request.full_url, 200)


def missing_names(pdf: bytes, names: list[str]) -> list[str]:
    """The names whose text is in the finished pages less often than in the list.

    Long names are counted first and taken out, so that "Siti Contoh" is not found within
    "Siti Contoh Umpama"; only letters and digits count, since lines may break anywhere else.
    """
    text = _letters(_text_of(pdf))
    wanted = sorted({name for name in names if _letters(name)}, key=lambda name: (-len(_letters(name)), name))
    missing = []
    for name in wanted:
        letters = _letters(name)
        if text.count(letters) < names.count(name):
            missing.append(name)
        text = text.replace(letters, "\n")
    return missing


def _text_of(pdf: bytes) -> str:
    import pypdfium2  # noqa: PLC0415 - 5 MB that web processes never need

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _letters(text: str) -> str:
    """Letters and digits only, but two figures stay apart: "Melati 1, 1 orang" does not say "Melati 11"."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", printable(text)))
    return re.sub(r"(?<!\d) | (?!\d)", "", words)


def _page_css(paper: str, margins: tuple[int, int, int, int], pages: int) -> str:
    """Size, margins, and a QR for each page; everything else is the same on every paper."""
    codes = (f'@page:nth({n}){{@bottom-right{{content:url("asset:qr/{n}")}}}}' for n in range(1, pages + 1))
    return f"{_size_css(paper, margins)}{''.join(codes)}"


def _size_css(paper: str, margins: tuple[int, int, int, int]) -> str:
    width, height = PAPERS[paper]
    top, right, bottom, left = margins
    return f"@page{{size:{width}mm {height}mm;margin:{top}mm {right}mm {bottom}mm {left}mm}}"


@cache
def _renderer() -> Renderer:
    return Renderer()


# --- template environment ----------------------------------------------------------------------------
_SUBSTITUTES = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2043": "-",
        "\u2007": "\u00a0",
        "\u202f": "\u00a0",
        "\u2002": " ",
        "\u2003": " ",
        "\u2008": " ",
        "\u2009": " ",
        "\u200a": " ",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\u200e": "",
        "\u200f": "",
        "\u2060": "",
        "\ufeff": "",
        "\u2032": "'",
        "\u2033": '"',
        "\u2190": "<-",
        "\u2192": "->",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2713": "v",
        "\u2714": "v",
        "\u25aa": "\u2022",
        "\u25cf": "\u2022",
    }
)


def printable(text: str) -> str:
    """Text in characters our fonts have: pasted hyphens, spaces, arrows and bullets become their plain kin.

    A letter that no font of ours has stays; the system's own font then shows it, if there is one.
    """
    return text.translate(_SUBSTITUTES)


def held(name: str) -> str:
    """A full name whose last prefix stays with the name that follows it when the line breaks."""
    return re.sub(r"(\S\.) (?=[^.\s,]+(?:[\s,]|$))", "\\1\u00a0", name, count=1)


def balanced(text: str, longest: int) -> list[str]:
    """One line, or two cut at the space nearest the middle (WeasyPrint has no `text-wrap: balance`)."""
    spaces = [match.start() for match in re.finditer(" ", text)]
    if len(text) <= longest or not spaces:
        return [text]
    cut = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [text[:cut], text[cut + 1 :]]


def paired(blocks: list[SignatureBlock]) -> list[list[SignatureBlock | None]]:
    """Two by two, left and right; the last of an odd number stands at the right."""
    pairs: list[list[SignatureBlock | None]] = [[*blocks[i : i + 2]] for i in range(0, len(blocks), 2)]
    return [pair if len(pair) == 2 else [None, *pair] for pair in pairs]


def in_groups(digits: str) -> str:
    """A hash in groups of eight, which an eye can compare."""
    return " ".join(digits[i : i + 8] for i in range(0, len(digits), 8))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
    )
    environment.filters |= {
        "balanced": balanced,
        "counted": indonesian.counted,
        "held": held,
        "in_groups": in_groups,
        "named": person_name,
        "nip": indonesian.nip,
        "number": indonesian.number,
        "paired": paired,
    }
    environment.globals["br"] = Markup("<br>")
    environment.globals["ui"] = environment.get_template("_blocks.html").module
    return environment
