"""The guides in `docs/`, the same that are read beside the code, and which part of which helps where."""

from __future__ import annotations

from ilp.core.config import ROOT

FOLDER = ROOT / "docs"
PICTURES = FOLDER / "gambar"
GUIDES = {
    "panduan": "Panduan pemakaian",
    "administrasi": "Panduan administrator",
    "keamanan": "Keamanan dan pelindungan data",
}
"""The name of each guide's file and address, and what it is called."""

HELPFUL = {
    "accounts": "administrasi#akun-dan-peran",
    "accounts.change_password": "panduan#15-lupa-kata-sandi",
    "accounts.devices": "panduan#1-masuk",
    "accounts.factor": "administrasi#kode-masuk",
    "accounts.password": "panduan#15-lupa-kata-sandi",
    "accounts.show_me": "panduan#16-akun-saya-dan-data-pribadi",
    "audit": "administrasi#jejak-audit",
    "commitments": "panduan#13-komitmen-bersama",
    "desk": "panduan#2-meja-kerja",
    "directory": "administrasi#kantor-jabatan-dan-orang",
    "directory.letterhead": "administrasi#kop-surat-dan-nomor",
    "directory.numbers": "administrasi#kop-surat-dan-nomor",
    "directory.preview_transfer": "administrasi#mutasi",
    "directory.transfer": "administrasi#mutasi",
    "documents": "panduan#8-memeriksa-keaslian-dokumen",
    "facilities": "panduan#14-penerapan-ilp",
    "imports": "administrasi#impor-dan-ekspor-excel",
    "meetings": "panduan#3-memanggil-rapat-dan-menerbitkan-undangan",
    "meetings.approve": "panduan#7-mengesahkan-notula",
    "meetings.attendance": "panduan#4-meja-presensi",
    "meetings.attendance_list": "panduan#4-meja-presensi",
    "meetings.show": "panduan#5-menulis-notula-bersama",
    "meetings.tasks": "panduan#6-keputusan-menjadi-tugas",
    "notifications": "panduan#2-meja-kerja",
    "pokjanal": "panduan#12-tugas-pokjanal-berjenjang",
    "privacy": "administrasi#data-pribadi",
    "privacy.show_mine": "panduan#16-akun-saya-dan-data-pribadi",
    "reports": "panduan#14-penerapan-ilp",
    "search": "panduan#17-mencari",
    "settings": "administrasi#pengaturan",
    "tasks": "panduan#6-keputusan-menjadi-tugas",
    "tasks.show_assignment": "panduan#9-melaporkan-tugas-dari-ponsel",
    "tasks.show_matrix": "panduan#10-memeriksa-dan-mengembalikan-laporan",
    "wilayah": "panduan#14-penerapan-ilp",
}
"""Which part of which guide helps on a page, by its endpoint or else its blueprint."""


def helpful(endpoint: str | None) -> str:
    """The guide and part for a page, as the rest of an address under `/bantuan/`; empty for the overview."""
    return HELPFUL.get(endpoint or "") or HELPFUL.get((endpoint or "").partition(".")[0], "")
