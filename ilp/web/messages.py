"""The closed list of sentences a page may be opened with (`?kabar=tersimpan`): never free text."""

from __future__ import annotations

from flask import request

MESSAGES = {
    "tersimpan": "Tersimpan.",
    "tersimpan-lampau": "Tersimpan. Tanggalnya sudah lewat: ini pencatatan rapat yang telah berlangsung.",
    "rapat-dibuka": "Rapat dibuka. Kehadiran dan notula dapat dicatat.",
    "rapat-ditutup": "Rapat ditutup. Lengkapi notulanya, lalu ajukan.",
    "notula-diajukan": "Notula diajukan kepada pimpinan.",
    "notula-dikembalikan": "Notula dikembalikan kepada notulis.",
    "notula-disahkan": "Notula disahkan. Dokumennya sedang disusun.",
    "notula-mendahului": "Notula disahkan dengan tanggal sebelum hari rapat. Dokumennya sedang disusun.",
    "rapat-ditunda": "Rapat ditunda. Yang diundang sudah diberi tahu.",
    "rapat-dibatalkan": "Rapat dibatalkan. Yang diundang sudah diberi tahu.",
    "diundang": "Daftar undangan diperbarui.",
    "undangan-dicabut": "Undangan terpilih dicabut.",
    "undangan-terbit": "Undangan sedang disusun. Yang diundang sudah diberi tahu.",
    "jawaban-terkirim": "Jawaban terkirim kepada penyelenggara.",
    "daftar-hadir-dibuat": "Daftar hadir sedang disusun.",
    "mulai": "Selamat datang. Kantornya sudah berdiri; langkah berikutnya ada di daftar persiapan.",
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
    "bernomor": "Nomor diberikan. Versi bernomor sedang disusun.",
    "dicabut": "Dokumen dicabut.",
    "diulang": "Dokumen sedang disusun lagi.",
    "terbaca": "Semua pemberitahuan sudah dibaca.",
    "fokus-ditandai": "Fasilitas ditandai fokus penerapan.",
    "fokus-dicabut": "Tanda fokus penerapan dicabut.",
    "keluar": "Bapak/Ibu sudah keluar.",
    "sandi": "Kata sandi sudah diganti. Perangkat lain sudah dikeluarkan.",
    "sandi-baru": "Kata sandi sudah dibuat. Silakan masuk.",
    "dikeluarkan": "Perangkat itu sudah dikeluarkan.",
    "dibekukan": "Akun dibekukan. Semua perangkatnya sudah dikeluarkan.",
    "dipulihkan": "Akun dipulihkan.",
    "data-dihapus": "Data pribadi sudah dihapus. Naskah yang sudah terbit tidak berubah.",
    "peran": "Peran diberikan. Administrator lain sudah diberi tahu.",
    "peran-dicabut": "Peran dicabut. Administrator lain sudah diberi tahu.",
    "mutasi": "Mutasi tercatat. Yang terbuka beralih kepada penggantinya.",
    "mutasi-batal": "Mutasi dibatalkan. Keadaannya kembali seperti semula.",
    "orang-baru": "Orang tercatat. Lanjutkan mutasinya.",
    "diarsipkan": "Diarsipkan. Yang sudah terbit tetap terbaca.",
    "dipulihkan-arsip": "Dipulihkan dari arsip.",
    "akun-dibuat": "Akun dibuat. Buatlah tautan kata sandi untuk pemiliknya.",
}


def current_message() -> str | None:
    return MESSAGES.get(request.args.get("kabar", ""))
