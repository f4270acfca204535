"""What comes from outside is opened in a child process with limits, and only what is harmless is taken."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ilp.adapters import foreign_files
from ilp.adapters.foreign_files import Reason, Refused, check_paper, read_photo

GPS, ORIENTATION, TURNED_LEFT = 0x8825, 0x0112, 6


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def paper(pages: int = 1, change: Callable[[PdfWriter], None] | None = None, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if change:
        change(writer)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def opening(**entries: str) -> Callable[[PdfWriter], None]:
    """Gives a PDF an action that runs when it is opened."""

    def change(writer: PdfWriter) -> None:
        action = DictionaryObject()
        for key, value in entries.items():
            action[NameObject(f"/{key}")] = (
                NameObject(value) if value.startswith("/") else TextStringObject(value)
            )
        writer.root_object[NameObject("/OpenAction")] = action

    return change


def compressed(name: bytes) -> bytes:
    """A PDF 1.5 whose catalogue lies in a compressed object stream, with an action of this name in it."""
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/" + name + b">>>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    bodies = [catalogue, pages, leaf]
    offsets = [sum(len(b) + 1 for b in bodies[:i]) for i in range(3)]
    head = b" ".join(b"%d %d" % (i + 1, offset) for i, offset in enumerate(offsets)) + b" "
    packed = zlib.compress(head + b" ".join(bodies))
    stream = (
        b"4 0 obj<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n"
        % (
            len(head),
            len(packed),
            packed,
        )
    )
    start = b"%PDF-1.5\n"
    rows = [
        (0, 0, 65535),
        *((2, 4, i) for i in range(3)),
        (1, len(start), 0),
        (1, len(start) + len(stream), 0),
    ]
    table = zlib.compress(
        b"".join(bytes([a]) + b.to_bytes(4, "big") + c.to_bytes(2, "big") for a, b, c in rows)
    )
    head = b"5 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>"
    xref = head + b"stream\n%s\nendstream endobj\n"
    end = b"startxref\n%d\n%%%%EOF" % (len(start) + len(stream))
    return start + stream + xref % (len(table), table) + end


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_encoded_anew_with_a_preview(kind: str) -> None:
    photo = read_photo(picture(kind, (2400, 1200)))
    assert (photo.width, photo.height) == (1600, 800)
    for data, edge in ((photo.image, 1600), (photo.preview, 320)):
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG"
            assert max(image.size) == edge


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    exif.get_ifd(GPS)[1] = "S"
    photo = read_photo(picture(size=(640, 480), exif=exif))
    assert (photo.width, photo.height) == (480, 640)
    for data in (photo.image, photo.preview):
        assert b"Exif" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not dict(image.getexif())


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(read_photo(out.getvalue()).image)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def png_with_text_bomb() -> bytes:
    """A small picture with a comment that inflates to 200 MB."""
    whole = picture("PNG", (10, 10))
    text = b"zTXt" + b"Comment\x00\x00" + zlib.compress(bytes(200 * 1024 * 1024), 9)
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return whole[:33] + chunk + whole[33:]


def bomb() -> bytes:
    """400 million pixels in some fifty kilobytes."""
    out = io.BytesIO()
    Image.new("1", (20000, 20000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.KIND),
        (b"MZ\x90\x00" + bytes(4000), Reason.KIND),
        (b"\x7fELF" + bytes(4000), Reason.KIND),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", Reason.KIND),
        (b"GIF89a" + bytes(400), Reason.KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Reason.KIND),
        (b"%PDF-1.7\n", Reason.KIND),
        (picture(size=(2000, 2000))[:3000], Reason.DAMAGED),
        (bomb(), Reason.PIXELS),
        (png_with_text_bomb(), Reason.DAMAGED),
    ],
    ids=["empty", "exe", "elf", "postscript", "gif", "svg", "pdf", "truncated", "pixels", "text bomb"],
)
def test_what_is_no_photo_is_refused_within_five_seconds(data: bytes, reason: Reason) -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as refusal:
        read_photo(data)
    assert refusal.value.reason is reason
    assert time.monotonic() - began < 5


def test_a_child_that_does_not_end_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_files, "SECONDS", 0.01)
    with pytest.raises(Refused) as refusal:
        read_photo(picture())
    assert refusal.value.reason is Reason.DAMAGED


def test_a_plain_pdf_is_taken() -> None:
    assert check_paper(paper(pages=3)) == 3
    assert check_paper(compressed(b"GoTo")) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><script>" + paper(), Reason.KIND),
        (picture(), Reason.KIND),
        (b"MZ" + paper(), Reason.KIND),
        (paper()[:200], Reason.DAMAGED),
        (b"%PDF-1.7\n" + bytes(100), Reason.DAMAGED),
        (paper(password="rahasia"), Reason.ENCRYPTED),
        (paper(pages=301), Reason.PAGES),
        (paper(change=opening(S="/JavaScript", JS="app.alert(1)")), Reason.ACTIVE),
        (paper(change=opening(S="/Launch", F="cmd.exe")), Reason.ACTIVE),
        (paper(change=opening(S="/SubmitForm", F="http://contoh.invalid")), Reason.ACTIVE),
        (paper(change=lambda w: w.add_attachment("a.exe", b"MZ") and None), Reason.ACTIVE),
        (compressed(b"JavaScript"), Reason.ACTIVE),
        (compressed(b"J#61vaScript"), Reason.ACTIVE),
    ],
    ids=[
        "html before",
        "photo",
        "exe before",
        "truncated",
        "nothing",
        "encrypted",
        "301 pages",
        "javascript",
        "launch",
        "submit",
        "attachment",
        "in an object stream",
        "spelled with an escape",
    ],
)
def test_what_is_no_plain_pdf_is_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refusal:
        check_paper(data)
    assert refusal.value.reason is reason
