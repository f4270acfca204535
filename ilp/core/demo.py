"""What the demo tells of itself on its login page: through whose eyes to look, and the shared password."""

from __future__ import annotations

PASSWORD = "contoh-ilp-2024"  # noqa: S105  (of the demo's accounts only, and shown to everybody)

LOGINS = (
    "setda.malang",
    "notulis.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "camat.kepanjen",
    "puskesmas.kepanjen",
    "setda.bukittinggi",
    "camat.guguak-panjang",
    "pokjanal.gunungmas",
    "camat.kurun",
    "lurah.tampang",
    "setda.blitar",
    "camat.garum",
    "mitra.blitar",
    "dinkes.lumajang",
    "auditor.jatim",
    "admin",
)
