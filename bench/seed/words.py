"""What meetings are about, what their minutes say, and what is asked for: plain sentences, taken in turn."""

from __future__ import annotations

TOPICS = (
    "hari buka Posyandu siklus hidup",
    "penimbangan serentak balita",
    "imunisasi kejar anak sekolah",
    "skrining kesehatan usia produktif",
    "kunjungan rumah oleh kader",
    "pelatihan 25 keterampilan dasar kader",
    "pembagian lima klaster di Puskesmas",
    "data sasaran siklus hidup per desa/kelurahan",
    "rujukan dari Pustu ke Puskesmas",
    "pencegahan stunting",
    "penemuan kasus tuberkulosis",
    "layanan lanjut usia",
    "kesehatan jiwa di desa/kelurahan",
)
CALLED = {
    "setda": "Rapat koordinasi {topic} {place}",
    "health_agency": "Lokakarya {topic} {place}",
    "kecamatan": "Lokakarya mini {topic} {place}",
}
"""What a meeting is called, by the kind of its host."""

ITEMS = (
    "Pembukaan dan arahan pimpinan",
    "Laporan pelaksanaan {topic}",
    "Kendala di lapangan dan bahan pembanding antarwilayah",
    "Pembagian peran lintas sektor",
    "Rencana tindak lanjut {topic}",
    "Penutup",
)
NOTES = (
    "Peserta menyampaikan perkembangan {topic} dan capaian yang sudah dilaporkan sampai bulan ini.",
    (
        "Cakupan di beberapa wilayah masih rendah karena jadwal berbenturan dengan kegiatan lain; jadwal "
        "disusun kembali bersama Puskesmas dan TP PKK."
    ),
    "Alat yang kurang didata per Posyandu; pengadaan diusulkan melalui anggaran desa/kelurahan.",
    "Pencatatan oleh kader dibantu bidan desa, lalu diperiksa Puskesmas setiap akhir bulan.",
    "Lintas sektor menyatakan dukungannya; bentuk dukungan dicatat menurut tugas masing-masing.",
)
DECISIONS = (
    "Pelaksanaan {topic} menjadi agenda tetap setiap triwulan.",
    "Setiap wilayah menunjuk satu penanggung jawab untuk {topic}.",
    "Laporan {topic} disampaikan paling lambat tanggal 5 bulan berikutnya.",
)
TASKS = (
    "Melaporkan pelaksanaan {topic}",
    "Menyusun jadwal {topic} triwulan berikutnya",
    "Menetapkan penanggung jawab {topic} dengan surat keputusan",
    "Mendata kebutuhan alat untuk {topic}",
)
REPORTED = "Sudah dilaksanakan; berita acara dan daftar hadir disimpan di kantor kami."
RETURNED = "Daftar hadir belum lengkap. Mohon dilengkapi, lalu kirim lagi."
EXEMPTED = "Sudah dilaksanakan melalui kegiatan lain tahun ini."
EXCUSE = "Ada tugas lain yang tidak dapat ditinggalkan"


def turn(words: tuple[str, ...], number: int) -> str:
    """One of several, in turn."""
    return words[number % len(words)]
