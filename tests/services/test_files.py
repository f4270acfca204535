"""Taking in what people hand over: looked at and kept before the transaction, named inside it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfWriter

from ilp.adapters import storage
from ilp.core.config import MEBIBYTE, current
from ilp.core.db import transaction
from ilp.core.errors import RuleViolation
from ilp.services import files
from tests.support.people import user_named


def photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue()


def paper() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def kept_files() -> set[Path]:
    return {path for path in current().files.rglob("*") if path.is_file()}


def test_a_photo_is_kept_encoded_anew_and_named(app: Flask) -> None:
    camat = user_named("camat.kepanjen")
    kept = files.keep_photo("C:\\fakepath\\Papan jadwal.PNG", photo())
    with transaction():
        (row,) = files.store(actor=camat, kept=[kept])
    assert row.name == "Papan jadwal.jpg"
    assert row.media_type == "image/jpeg"
    assert storage.get(row.sha256).startswith(b"\xff\xd8")
    assert row.preview_sha256
    assert len(storage.get(row.preview_sha256)) < row.size + 10_000


def test_a_pdf_is_kept_as_it_is(app: Flask) -> None:
    data = paper()
    kept = files.keep_paper("SK Camat.pdf", data)
    assert storage.get(kept.sha256) == data
    assert kept.media_type == "application/pdf"


def test_the_same_bytes_are_kept_once(app: Flask) -> None:
    before = kept_files()
    first, second = files.keep_paper("a.pdf", paper()), files.keep_paper("b.pdf", paper())
    assert first.sha256 == second.sha256
    assert len(kept_files() - before) <= 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ" + bytes(900), "bukan foto"),
        (photo()[:200], "rusak"),
        (b"\xff\xd8" + bytes(15 * MEBIBYTE), "lebih dari 15 MB"),
    ],
    ids=["renamed program", "truncated", "over 15 MB"],
)
def test_a_refused_photo_leaves_nothing_and_a_sentence_beside_the_field(
    app: Flask, data: bytes, sentence: str
) -> None:
    before = kept_files()
    with pytest.raises(RuleViolation, match=sentence) as refusal:
        files.keep_photo("liburan.jpg", data)
    assert refusal.value.field == "photos"
    assert "liburan.jpg" in refusal.value.message
    assert kept_files() == before


def test_a_refused_pdf_names_the_field(app: Flask) -> None:
    with pytest.raises(RuleViolation, match="bukan PDF") as refusal:
        files.keep_paper("sk.pdf", b"<html>%PDF-1.7")
    assert refusal.value.field == "file"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\foto.jpg", "foto.jpg"),
        ("a\r\nSet-Cookie: x\x00.jpg", "aSet-Cookie: x.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("   ...  ", "berkas"),
        ("", "berkas"),
        ("x" * 500 + ".jpg", ("x" * 500 + ".jpg")[-120:]),
    ],
)
def test_names_of_files_are_harmless(name: str, clean: str) -> None:
    assert files.clean_name(name) == clean
