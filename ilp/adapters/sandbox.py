"""The child process in which a foreign file is opened: `python sandbox.py photo|paper|sheet < file`.

It stands alone (it imports nothing of the product), takes limits on memory, time and files upon
itself before it reads the first byte, and whatever a parser raises ends in one word on stdout.

The answer is a line of JSON. For a photograph, the bytes of the re-encoded picture and of its
preview follow; the lengths stand in the line. For a sheet, its rows follow as JSON.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

MEBIBYTE = 1024 * 1024
MEMORY = 640 * MEBIBYTE
CPU_SECONDS = 8
PIXELS = 50_000_000
LONG_EDGE = 1600
PREVIEW_EDGE = 320
PAGES = 300
EMBLEM_EDGE = 1200
ELEMENTS = 20_000
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
SHAPES = frozenset(
    """circle clipPath defs ellipse g line linearGradient mask path pattern polygon polyline radialGradient
    rect stop svg symbol use""".split()
)
DRAWING = frozenset(
    """clip-path clip-rule clipPathUnits color cx cy d display fill fill-opacity fill-rule fx fy
    gradientTransform gradientUnits height id mask maskContentUnits maskUnits offset opacity overflow
    pathLength patternTransform patternUnits points preserveAspectRatio r rx ry spreadMethod stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width transform version viewBox visibility width x x1 x2 y y1 y2""".split()
)
INSIDE = re.compile(r"""url\(\s*['"]?#[\w.\-]+['"]?\s*\)""")
ENTRIES = 200
INFLATED = 50 * MEBIBYTE
ROWS = 5_200
"""Of a sheet: five thousand, and what stands above and between them."""
COLUMNS = 100
LONGEST_CELL = 1_000
GUIDES = ("petunjuk", "contoh", "pilihan")
"""Sheets of our own templates that hold nothing to be taken in."""
COMPOUND = b"\xd0\xcf\x11\xe0"
"""How old Excel files begin, and new ones with a password."""
WORKBOOK = "xl/workbook.xml"
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"'<>]*)["']""")
PLACE = re.compile(rb'<(?:\w+:)?(?:c|row)\b[^>]*?\br=["\']([A-Z]*)(\d+)["\']')
CHUNK = 256 * 1024
FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b([^<>]*[^<>/])>\s*
    (<(?:\w+:)?f\b[^<>]*(?:(?<=/)>|>[^<]*</(?:\w+:)?f>))?\s*
    (?:<(?:\w+:)?v\b[^<>]*(?:(?<=/)>|>([^<]*)</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>""",
    re.VERBOSE,
)
"""A cell: its attributes, its formula, its value."""
CLOSED = re.compile(rb"</(?:\w+:)?c>")
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*?\br:id=[\"']([^\"'<>]+)[\"']")
UNCOUNTED = "#RUMUS!"
"""What stands for a formula whose value the file does not hold; `core.cells` knows it."""
ACTIVE = frozenset(
    {
        "/AA",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/ImportData",
        "/JavaScript",
        "/JS",
        "/Launch",
        "/RichMedia",
        "/SubmitForm",
        "/XFA",
    }
)


class Refused(Exception):
    """The file is understood, and not wanted; the word says why."""


def limit(seconds: int = CPU_SECONDS, written: int = 0) -> None:
    """Bounds this process, for good: its memory, its seconds of work, and the bytes of a file it writes."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def photo(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Decodes at the size that is needed, turns it upright, encodes anew: no byte of the original remains."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  (only after the limits are set)

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            image.thumbnail((LONG_EDGE, LONG_EDGE))
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("kind") from error
    picture = on_white(upright)
    preview = picture.copy()
    preview.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    parts = [encoded(picture, 82), encoded(preview, 75)]
    facts = {"lengths": [len(p) for p in parts], "width": picture.width, "height": picture.height}
    return facts, b"".join(parts)


def on_white(image: Any) -> Any:
    """Without transparency, colour tables or metadata."""
    from PIL import Image  # noqa: PLC0415

    rgba = image.convert("RGBA")
    sheet = Image.new("RGB", rgba.size, "white")
    sheet.paste(rgba, mask=rgba.getchannel("A"))
    return sheet


def encoded(image: Any, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def emblem(data: bytes) -> tuple[dict[str, Any], bytes]:
    """A picture with its transparency as PNG, or a drawing as SVG; no byte of the original remains."""
    if not data.startswith(b"\x89PNG"):
        return {}, drawing(data)
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (only after the limits are set)

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            picture = image.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("kind") from error
    picture.thumbnail((EMBLEM_EDGE, EMBLEM_EDGE))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return {}, out.getvalue()


def drawing(data: bytes) -> bytes:
    """An SVG written anew with the elements and attributes that only draw, and nothing that leads outside.

    Entities are refused before they could grow; of a reference only one within the file is kept, and a
    clone of what holds clones itself is dropped, so that no drawing is larger than its file.
    """
    from xml.etree import ElementTree as ET  # noqa: PLC0415  (only after the limits are set)
    from xml.parsers import expat  # noqa: PLC0415  (as above)

    tree, parser = ET.TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, found: tree.start(
        braced(name), {braced(key): value for key, value in found.items()}
    )
    parser.EndElementHandler = lambda name: tree.end(braced(name))
    parser.EntityDeclHandler = refuse_entity
    try:
        parser.Parse(data, True)  # noqa: FBT003  (it takes no keyword)
    except expat.ExpatError as error:
        raise Refused("kind") from error
    root = tree.close()
    if root.tag != f"{{{SVG}}}svg":
        raise Refused("kind")
    if sum(1 for _ in root.iter()) > ELEMENTS:
        raise Refused("pixels")
    clean(root)
    cloning = {e.get("id") for e in root.iter() if any(c.tag == f"{{{SVG}}}use" for c in e.iter())}
    for above in root.iter():
        for below in list(above):
            if below.tag == f"{{{SVG}}}use" and below.get("href", "")[1:] in cloning:
                above.remove(below)
    ET.register_namespace("", SVG)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def braced(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def refuse_entity(*declared: Any) -> None:
    raise Refused("active")


def clean(element: Any) -> None:
    """Keeps of an element and those below what draws."""
    link = element.get("href") or element.get(f"{{{XLINK}}}href") or ""
    kept = {name: value for name, value in element.attrib.items() if name in DRAWING and harmless(value)}
    if link.startswith("#"):
        kept["href"] = link
    style = ";".join(
        f"{name.strip()}:{value.strip()}"
        for name, _, value in (part.partition(":") for part in element.get("style", "").split(";"))
        if name.strip() in DRAWING and harmless(value)
    )
    element.attrib.clear()
    element.attrib.update(kept | ({"style": style} if style else {}))
    element.text = element.tail = None
    for below in list(element):
        if isinstance(below.tag, str) and below.tag in {f"{{{SVG}}}{name}" for name in SHAPES}:
            clean(below)
        else:
            element.remove(below)


def harmless(value: str) -> bool:
    """No address but one of this file (`url(#gradient)`), nothing that is run."""
    rest = INSIDE.sub("", value)
    return not any(sign in rest.lower() for sign in ("url", "(:", "javascript", "data:", "//", "@", "\\"))


def paper(data: bytes) -> tuple[dict[str, Any], bytes]:
    """A PDF that only shows pages: not encrypted, not endless, nothing in it that acts."""
    from pypdf import PdfReader  # noqa: PLC0415

    if not data.startswith(b"%PDF-"):
        raise Refused("kind")
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    pages = len(reader.pages)
    if not pages:
        raise Refused("damaged")
    if pages > PAGES:
        raise Refused("pages")
    for name in names(reader):
        if name in ACTIVE:
            raise Refused("active")
    return {"pages": pages}, b""


def sheet(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The cells of the first sheet that is filled in, as texts and numbers.

    What the file claims of its size is looked at before the parser is let near it: two cells far apart
    are enough to make it ask for all the memory there is.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    if data.startswith(COMPOUND):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            failed, parts = look(package), sheet_parts(package)
    except zipfile.BadZipFile as error:
        raise Refused("kind" if not data.startswith(b"PK") else "damaged") from error
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    name = next((n for n in book.sheet_names if n.casefold() not in GUIDES), book.sheet_names[0])
    page = book.get_sheet_by_name(name)
    last_row, last_column = page.total_height, page.total_width  # counted from 0, whatever the cells say
    if last_row >= ROWS or last_column >= COLUMNS:
        raise Refused("rows" if last_row >= ROWS else "columns")
    rows = [[cell(value) for value in row] for row in page.to_python(skip_empty_area=False)]
    place = book.sheet_names.index(name)
    for (row, column), text in failed.get(parts[place] if place < len(parts) else "", {}).items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    return {"rows": len(rows)}, json.dumps(rows, ensure_ascii=False).encode()


Failed = dict[tuple[int, int], str]
"""By row and column from 0, an error such as `#DIV/0!`, or UNCOUNTED; the parser leaves both empty."""


def sheet_parts(package: zipfile.ZipFile) -> list[str]:
    """Where each sheet of the workbook lies in the package, in their order."""
    try:
        relations = package.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return []
    targets = {}
    for one in re.findall(rb"<(?:\w+:)?Relationship\b[^<>]*>", relations):
        said = {key: value.decode("utf-8", "replace") for key, value in ATTRIBUTE.findall(one)}
        target = said.get(b"Target", "")
        targets[said.get(b"Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return [targets.get(key.decode("utf-8", "replace"), "") for key in SHEET.findall(package.read(WORKBOOK))]


def look(package: zipfile.ZipFile) -> dict[str, Failed]:
    """The cells of each sheet that hold no value though something stands there.

    Refuses what is no Excel file, and what would inflate beyond bounds, going by no promise of its own.
    """
    entries = package.infolist()
    if WORKBOOK not in {entry.filename for entry in entries}:
        raise Refused("kind")
    if len(entries) > ENTRIES:
        raise Refused("large")
    left = INFLATED
    failed: dict[str, Failed] = {}
    for entry in entries:
        with package.open(entry) as part:
            rest = b""
            while block := part.read(CHUNK):
                left -= len(block)
                if left < 0:
                    raise Refused("large")
                if entry.filename.startswith("xl/worksheets/"):
                    failed.setdefault(entry.filename, {}).update(failures(rest + block))
                    rest = within(rest + block)
    return failed


def within(text: bytes) -> bytes:
    """Refuses a cell beyond the last row or column; gives back the end, where a cell may have been cut."""
    for letters, number in PLACE.findall(text):
        if column_of(letters) > COLUMNS:
            raise Refused("columns")
        if int(number) > ROWS:
            raise Refused("rows")
    cut = max((found.end() for found in CLOSED.finditer(text)), default=text.rfind(b"<"))
    return text[cut:][-CHUNK:] if cut >= 0 else b""


def column_of(letters: bytes) -> int:
    """`A` is 1, `AA` is 27."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column


def failures(text: bytes) -> Failed:
    """The cells in a piece of a sheet that hold an error, or a formula that was never counted."""
    found: Failed = {}
    for attributes, formula, value in FORMULA.findall(text):
        said = dict(ATTRIBUTE.findall(attributes))
        place = re.fullmatch(rb"([A-Z]+)(\d+)", said.get(b"r", b""))
        if place is None or not int(place[2]):
            continue
        at = int(place[2]) - 1, column_of(place[1]) - 1
        if said.get(b"t") == b"e":
            found[at] = value.decode("utf-8", "replace")[:20] or UNCOUNTED
        elif formula and not value and said.get(b"t") != b"str":  # a text may well be empty
            found[at] = UNCOUNTED
    return found


def cell(value: Any) -> Any:
    """A cell as JSON knows it; days as 2025-03-01."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        return value
    return str(value)[:LONGEST_CELL]


def names(reader: Any) -> Iterator[str]:
    """Every name in every object, object streams included, as the reader decodes it (/J#61vaScript too)."""
    from pypdf.generic import IndirectObject  # noqa: PLC0415

    keys = {(number, generation) for generation, table in reader.xref.items() for number in table}
    keys |= {(number, 0) for number in reader.xref_objStm}
    yield from spelled(reader.trailer)
    for number, generation in sorted(keys):
        yield from spelled(reader.get_object(IndirectObject(number, generation, reader)))


def spelled(value: Any) -> Iterator[str]:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject  # noqa: PLC0415

    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, NameObject):
            yield str(item)
        elif isinstance(item, DictionaryObject):
            yield from map(str, item)
            waiting += [item.raw_get(key) for key in item]
        elif isinstance(item, ArrayObject):
            waiting += list(item)


def main() -> None:
    limit()
    body = b""
    try:
        facts, body = {"photo": photo, "emblem": emblem, "paper": paper, "sheet": sheet}[sys.argv[1]](
            sys.stdin.buffer.read()
        )
    except Refused as refusal:
        facts = {"refused": str(refusal)}
    except Exception:  # noqa: BLE001  (parsers of foreign files raise anything)
        facts = {"refused": "damaged"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
