"""What an administrator has to do until the office is ready, in the order in which it is best done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from ilp.core.config import Config
from ilp.core.indonesian import short_date
from ilp.policy.user import User
from ilp.queries.desk import Setup

BACKUP_EVERY = timedelta(days=31)


@dataclass(frozen=True)
class Step:
    """One thing to do, where it is done (nowhere here if empty), and whether it was."""

    icon: str
    title: str
    note: str
    url: str
    is_done: bool


def steps(user: User, setup: Setup, config: Config, today: date) -> list[Step]:
    """All steps; the office is ready when each is done."""
    heads = (
        url_for("directory.letterhead", office_id=user.main.office_id)
        if user.main and user.main.wilayah_code
        else url_for("directory.index", jenis="pemerintah")
    )
    return [
        Step(
            "users",
            "Masukkan para pejabat",
            "Pimpinan tiap kantor dan pejabat yang diundang: satu per satu, atau sekaligus dari Excel.",
            url_for("imports.index"),
            setup.officials > 0,
        ),
        Step(
            "building-community",
            "Periksa kop surat",
            "Lambang, baris kop, alamat, dan kertas tiap kantor yang menerbitkan surat.",
            heads,
            setup.letterheads > 0,
        ),
        Step(
            "file-text",
            "Tetapkan penomoran surat",
            "Kode unit dan pola nomor pada kop, supaya nomor berikutnya terisi sendiri.",
            heads,
            setup.numbered > 0,
        ),
        Step(
            "user-plus",
            "Bagikan akun",
            "Satu administrator lagi, sekretariat, lalu kantor lain, masing-masing lewat tautan.",
            url_for("accounts.index"),
            setup.accounts > 1,
        ),
        Step(
            "lock",
            "Pasang sertifikat HTTPS",
            "Tanpa HTTPS, Simpul hanya dipakai di komputer ini; ILP_URL menyebut alamat kantor.",
            "",
            config.https,
        ),
        Step(
            "download",
            "Buat cadangan data",
            f"Yang terlama {short_date(setup.backup_on)}; ulangi tiap bulan dan catat di sini."
            if setup.backup_on
            else "Catat kapan dibuat dan di mana disimpan.",
            url_for("settings.index"),
            0 < setup.regencies == setup.backups
            and setup.backup_on is not None
            and today - setup.backup_on <= BACKUP_EVERY,
        ),
    ]
