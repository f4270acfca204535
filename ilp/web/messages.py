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
    "tugas-diberikan": "Tugas diberikan. Setiap kantor sudah diberi tahu.",
    "tenggat-lampau": "Tugas diberikan. Tenggatnya sudah lewat, jadi langsung tampil terlambat.",
    "tugas-ditarik": "Tugas ditarik.",
    "tugas-dimulai": "Tercatat: tugas ini sedang dikerjakan.",
    "laporan-tersimpan": "Laporan tersimpan.",
    "laporan-terkirim": "Laporan terkirim dan menunggu pemeriksaan.",
    "laporan-diterima": "Laporan diterima.",
    "laporan-dikembalikan": "Laporan dikembalikan. Kantornya sudah diberi tahu.",
    "tidak-berlaku": "Tercatat: tugas ini tidak berlaku untuk kantor itu.",
    "diteruskan": "Tugas diteruskan ke desa/kelurahan.",
    "keluar": "Bapak/Ibu sudah keluar.",
}


def current_message() -> str | None:
    return MESSAGES.get(request.args.get("kabar", ""))
