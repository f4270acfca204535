"""The public check of a document: what a code, and the fingerprint of a file, say about it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from ilp.core.config import MEBIBYTE
from ilp.models.documents import DocumentStatus
from ilp.queries.documents import Registered, registered
from ilp.services.documents import CODE_LENGTH, CROCKFORD

MISREAD = str.maketrans("ILO", "110", "- ")
CODE = re.compile(f"[{CROCKFORD}]{{{CODE_LENGTH}}}")
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Verdict:
    """One answer: its tone (a state), the line above it, its headline, and what follows from it."""

    tone: str
    icon: str
    kicker: str
    title: str
    text: str


REGISTERED = {
    DocumentStatus.RESERVED: Verdict(
        "assigned",
        "clock",
        "Hasil pemeriksaan kode",
        "Nomor dipesan, belum terbit",
        "Dokumen dengan kode ini sedang disusun. Kertas yang memuat kode ini belum berlaku.",
    ),
    DocumentStatus.ISSUED: Verdict(
        "in_progress",
        "shield-check",
        "Hasil pemeriksaan kode",
        "Terdaftar dan berlaku",
        "Dokumen dengan kode ini ada dalam arsip penerbit. Kode saja tidak membuktikan kertasnya: cocokkan "
        "keterangan di bawah, atau periksa berkas PDF-nya.",
    ),
    DocumentStatus.SUPERSEDED: Verdict(
        "returned",
        "switch-horizontal",
        "Digantikan",
        "Terdaftar, tetapi sudah digantikan",
        "Versi yang lebih baru sudah terbit. Mohon pergunakan versi itu.",
    ),
    DocumentStatus.REVOKED: Verdict(
        "late",
        "x",
        "Dicabut",
        "Dokumen ini sudah dicabut",
        "Mohon tidak dipergunakan lagi.",
    ),
}
GENUINE = Verdict(
    "accepted",
    "circle-check",
    "Hasil pemeriksaan berkas",
    "Asli",
    "Berkas ini sama persis dengan yang terdaftar: tidak satu huruf pun berubah.",
)
DIFFERENT = Verdict(
    "late",
    "file-text",
    "Hasil pemeriksaan berkas",
    "Berkas ini berbeda dari yang terdaftar",
    "Kodenya ada dalam arsip, tetapi isi berkas ini bukan yang diterbitkan. Mohon hubungi penerbitnya.",
)


def find(typed: str) -> Registered | None:
    """The document of a code as people type it: capitals, hyphens and look-alikes (I, L, O) do not matter."""
    code = typed.upper().translate(MISREAD)
    return registered(code if CODE.fullmatch(code) else "")


def judge(document: Registered, sha256: str) -> list[Verdict]:
    """What to say, most important first: about the file if its fingerprint was given, and about the code.

    Only a fingerprint that is registered makes a file "Asli"; a code alone never does.
    """
    about_code = REGISTERED[document.status]
    if not SHA256.fullmatch(sha256) or not document.hashes:
        return [about_code]
    if sha256 not in document.hashes:
        return [DIFFERENT, about_code]
    return [GENUINE, about_code] if document.status is DocumentStatus.ISSUED else [about_code, GENUINE]


def fingerprint(stream: BinaryIO) -> str:
    """The SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    for piece in iter(partial(stream.read, MEBIBYTE), b""):
        digest.update(piece)
    return digest.hexdigest()
