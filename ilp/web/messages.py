"""The closed list of sentences a page may be opened with (`?kabar=tersimpan`): never free text."""

from __future__ import annotations

from flask import request

MESSAGES = {
    "tersimpan": "Tersimpan.",
    "masuk": "Selamat datang kembali.",
    "dibuka": "Penandatanganan dibuka. Semua penandatangan sudah diberi tahu.",
    "ditandatangani": "Tanda tangan tersimpan.",
    "ditutup": "Penandatanganan ditutup. Naskah sedang disusun.",
    "terbuka": "Naskah terbuka. Baca dahulu, lalu tanda tangani di bawah.",
    "keluar": "Bapak/Ibu sudah keluar.",
}


def current_message() -> str | None:
    return MESSAGES.get(request.args.get("kabar", ""))
