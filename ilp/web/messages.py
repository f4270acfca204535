"""The closed list of sentences a page may be opened with (`?kabar=tersimpan`): never free text."""

from __future__ import annotations

from flask import request

MESSAGES = {
    "tersimpan": "Tersimpan.",
    "masuk": "Selamat datang kembali.",
    "keluar": "Bapak/Ibu sudah keluar.",
}


def current_message() -> str | None:
    return MESSAGES.get(request.args.get("kabar", ""))
