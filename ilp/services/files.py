"""Taking in what people hand over.

Opening and keeping the bytes is slow and comes before the transaction; only the row that names them
is written inside it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import sqlalchemy as sa

from ilp.adapters import foreign_files, storage
from ilp.adapters.foreign_files import Reason
from ilp.core.clock import now
from ilp.core.config import MEBIBYTE
from ilp.core.db import db
from ilp.core.errors import RuleViolation
from ilp.models.documents import StoredFile
from ilp.policy.user import User

PHOTO_LIMIT = 15 * MEBIBYTE
PAPER_LIMIT = 15 * MEBIBYTE
SHEET_LIMIT = 5 * MEBIBYTE
LONGEST_NAME = 120
EMBLEM_LIMIT = 2 * MEBIBYTE
PDF, JPEG, PNG, SVG = "application/pdf", "image/jpeg", "image/png", "image/svg+xml"

SENTENCES = {
    Reason.KIND: "Berkas {name} bukan {wanted}.",
    Reason.DAMAGED: "Berkas {name} rusak dan tidak dapat dibuka. Pilih berkas lain.",
    Reason.PIXELS: "Foto {name} terlalu besar ukurannya: paling banyak 50 megapiksel.",
    Reason.ENCRYPTED: "Berkas {name} terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.",
    Reason.PAGES: "Berkas {name} terlalu tebal: paling banyak 300 halaman.",
    Reason.OLD: "Berkas {name} masih Excel lama (xls). Simpan sebagai .xlsx, lalu unggah lagi.",
    Reason.LARGE: "Berkas {name} terlalu besar bila dibuka. Salin isinya saja ke templat, lalu unggah lagi.",
    Reason.ROWS: "Berkas {name} lebih dari 5.000 baris. Bagi menjadi beberapa berkas.",
    Reason.COLUMNS: "Berkas {name} lebih dari 100 kolom. Salin isinya saja ke templat, lalu unggah lagi.",
    Reason.ACTIVE: "Berkas {name} berisi program atau lampiran. Cetak ke PDF biasa, lalu unggah lagi.",
}


@dataclass(frozen=True)
class Kept:
    """Bytes that were looked at and kept, not yet named by a row."""

    sha256: str
    size: int
    media_type: str
    name: str
    preview_sha256: str | None = None


def keep_photo(name: str, data: bytes, *, field: str = "photos") -> Kept:
    """Encodes a photograph anew and keeps it with its preview.

    Refuses, beside the field, one over 15 MB and anything that is not JPEG, PNG or WebP.
    """
    name = clean_name(name)
    if len(data) > PHOTO_LIMIT:
        raise RuleViolation(f"Foto {name} lebih dari 15 MB. Perkecil, atau foto ulang.", field)
    try:
        photo = foreign_files.read_photo(data)
    except foreign_files.Refused as refusal:
        raise _refusal(refusal, name, "foto JPG, PNG, atau WebP", field) from refusal
    return Kept(
        sha256=storage.put(photo.image),
        size=len(photo.image),
        media_type=JPEG,
        name=f"{PurePosixPath(name).stem or 'foto'}.jpg",
        preview_sha256=storage.put(photo.preview),
    )


def keep_emblem(name: str, data: bytes, *, field: str = "emblem") -> Kept:
    """Keeps the emblem of a letterhead, encoded anew. Refuses one over 2 MB, and all but PNG and SVG."""
    name = clean_name(name)
    if len(data) > EMBLEM_LIMIT:
        raise RuleViolation(f"Lambang {name} lebih dari 2 MB. Perkecil, lalu unggah lagi.", field)
    try:
        picture = foreign_files.read_emblem(data)
    except foreign_files.Refused as refusal:
        raise _refusal(refusal, name, "gambar PNG atau SVG", field) from refusal
    media_type = PNG if picture.startswith(b"\x89PNG") else SVG
    return Kept(sha256=storage.put(picture), size=len(picture), media_type=media_type, name=name)


def keep_paper(name: str, data: bytes, *, field: str = "file") -> Kept:
    """Keeps a PDF as it is. Refuses one over 15 MB, and what is no plain PDF (see check_paper)."""
    name = clean_name(name)
    if len(data) > PAPER_LIMIT:
        raise RuleViolation(f"Berkas {name} lebih dari 15 MB. Perkecil, lalu unggah lagi.", field)
    try:
        foreign_files.check_paper(data)
    except foreign_files.Refused as refusal:
        raise _refusal(refusal, name, "PDF", field) from refusal
    return Kept(
        sha256=storage.put(data),
        size=len(data),
        media_type=PDF,
        name=f"{PurePosixPath(name).stem or 'berkas'}.pdf",
    )


def read_sheet(name: str, data: bytes, *, field: str = "file") -> list[list[str | int | float]]:
    """The cells of an Excel file. Refuses one over 5 MB and what is no plain xlsx (see foreign_files)."""
    name = clean_name(name)
    if len(data) > SHEET_LIMIT:
        raise RuleViolation(f"Berkas {name} lebih dari 5 MB. Salin isinya saja ke templat.", field)
    try:
        return foreign_files.read_sheet(data)
    except foreign_files.Refused as refusal:
        raise _refusal(refusal, name, "berkas Excel (.xlsx)", field) from refusal


def store(*, actor: User, kept: list[Kept]) -> list[StoredFile]:
    """The rows that name kept bytes, written in one batch inside the caller's transaction."""
    if not kept:
        return []
    rows = [{**vars(one), "created_at": now(), "created_by_id": actor.account_id} for one in kept]
    made = sa.insert(StoredFile).returning(StoredFile)
    return list(db.session.scalars(made, rows))


def clean_name(name: str) -> str:
    """The last part of a file's name, in plain characters and of bearable length."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable())
    return plain.strip(" .")[-LONGEST_NAME:] or "berkas"


def _refusal(refusal: foreign_files.Refused, name: str, wanted: str, field: str) -> RuleViolation:
    return RuleViolation(SENTENCES[refusal.reason].format(name=name, wanted=wanted), field)
