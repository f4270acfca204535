"""What the trail's entries say to people: the deed, as the rest of a sentence that begins with a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from ilp.core.clock import Zone, local
from ilp.core.db import db
from ilp.core.differences import differences
from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import clock, plain_date
from ilp.policy.actions import Action
from ilp.queries.audit import REFERENCES, Names

DEEDS = {
    "account:change_password": "mengganti kata sandi",
    "account:create": "membuat akun",
    "account:bind": "menghubungkan akun dengan layanan masuk",
    "account:enable_factor": "mengaktifkan kode masuk",
    "account:end_session": "mengeluarkan perangkat",
    "account:issue_link": "membuat tautan kata sandi",
    "account:login": "masuk",
    "account:logout": "keluar",
    "account:manage": "mengubah peran",
    "account:prepare_factor": "menyiapkan kode masuk",
    "account:refused": "mencoba yang tidak diizinkan",
    "account:renew_codes": "membuat kode cadangan baru",
    "account:reset_factor": "mengatur ulang kode masuk",
    "account:restore": "memulihkan akun",
    "account:set_password": "membuat kata sandi lewat tautan",
    "account:suspend": "membekukan akun",
    "account:unbind": "melepaskan akun dari layanan masuk",
    "assignment:accept": "menerima laporan",
    "assignment:delegate": "meneruskan tugas ke desa/kelurahan",
    "assignment:exempt": "menyatakan tugas tidak berlaku",
    "assignment:report": "melaporkan kemajuan",
    "assignment:return": "mengembalikan laporan",
    "assignment:start": "memulai tugas",
    "assignment:submit": "mengirim laporan",
    "clause:add": "menambah butir",
    "clause:edit": "mengubah butir",
    "clause:move": "memindahkan butir",
    "clause:remove": "menghapus butir",
    "commitment:close": "menutup penandatanganan",
    "commitment:issue": "menerbitkan naskah komitmen",
    "commitment:open": "membuka penandatanganan",
    "commitment:reopen_draft": "mengembalikan komitmen ke rancangan",
    "demo:seed": "mengisi data contoh",
    "document:issue": "menerbitkan dokumen",
    "document:reserve": "memesan dokumen",
    "document:retry": "mengulang penyusunan dokumen",
    "document:revoke": "mencabut dokumen",
    "facility:add": "menambah fasilitas",
    "facility:follow": "menyesuaikan fasilitas dengan kantornya",
    "facility:mark": "menandai fokus penerapan",
    "facility:move": "memindah fasilitas ke Puskesmas lain",
    "facility:unmark": "mencabut tanda fokus penerapan",
    "import:apply": "menerapkan impor",
    "import:discard": "membuang berkas impor",
    "import:receive": "mengunggah berkas impor",
    "import:retry": "mengulangi pekerjaan impor",
    "import:start": "meminta impor diterapkan",
    "import:take_out": "mengunduh isi sekarang sebagai templat",
    "installation:begin": "memulai pemasangan ini",
    "group:add": "menambah anggota kelompok",
    "group:delete": "menghapus kelompok",
    "group:remove": "mengeluarkan anggota kelompok",
    "meeting:agenda": "mengubah agenda",
    "meeting:attendance_list": "menerbitkan daftar hadir",
    "meeting:call": "menerbitkan undangan",
    "meeting:cancel": "membatalkan rapat",
    "meeting:close": "menutup rapat",
    "meeting:invite": "menambah undangan",
    "meeting:open": "membuka rapat",
    "meeting:postpone": "menunda rapat",
    "meeting:take_back": "menarik kembali catatan kehadiran",
    "meeting:withdraw": "menghapus undangan",
    "minutes:clash": "menyimpan isian yang berbenturan",
    "minutes:edit": "mengubah baris notula",
    "minutes:keep_both": "membiarkan dua naskah berdiri sendiri",
    "minutes:mark": "menandai agenda",
    "minutes:remove": "menghapus baris notula",
    "minutes:return": "mengembalikan notula",
    "minutes:settle": "menyelesaikan benturan",
    "minutes:submit": "mengajukan notula",
    "minutes:write": "menulis baris notula",
    "office:add": "menambah kantor",
    "office:archive": "mengarsipkan kantor",
    "office:edit": "mengubah kantor",
    "office:letterhead": "mengubah kop surat",
    "office:restore": "memulihkan kantor",
    "person:add": "menambah orang",
    "person:apart": "menyatakan dua catatan bukan orang yang sama",
    "person:forget": "menghapus data catatan yang digabung",
    "person:merge": "menggabungkan dua catatan orang",
    "person:unmerge": "memisahkan dua catatan orang",
    "position:add": "menambah jabatan",
    "position:appoint": "menetapkan pejabat",
    "position:archive": "mengarsipkan jabatan",
    "position:hand_over": "mengalihkan tanda tangan dan peran",
    "position:leave": "mengakhiri jabatan",
    "position:transfer": "mencatat mutasi",
    "position:undo_transfer": "membatalkan mutasi",
    "regency:settings": "mengubah pengaturan",
    "regency:set_up": "menyiapkan kabupaten/kota",
    "signatory:add": "menambah penandatangan",
    "signatory:decline": "menolak menandatangani",
    "signatory:replace": "menggantikan penandatangan",
    "signatory:restore": "memulihkan penandatangan",
    "signatory:excuse": "membebaskan penandatangan",
    "signatory:open": "membuka naskah untuk ditandatangani",
    "signatory:remove": "menghapus penandatangan",
    "target:add": "menambah target",
    "target:remove": "menghapus target",
    "wilayah:import": "mengimpor daftar wilayah",
}

RECORDED = frozenset(
    {
        Action.ACCOUNT_MANAGE,
        Action.ASSIGNMENT_FOLLOW,
        Action.COMMITMENT_CREATE,
        Action.COMMITMENT_EDIT,
        Action.COMMITMENT_SIGN,
        Action.FACILITY_CATCHMENT,
        Action.FACILITY_UPDATE,
        Action.INVITATION_ANSWER,
        Action.PERSON_ANONYMISE,
        Action.PERSON_EDIT,
        Action.PERSON_EXPORT,
        Action.TASK_ISSUE,
        Action.TASK_WITHDRAW,
    }
)
"""Actions of the policy that stand in the trail under their own name; others read, or have a deed above."""

SUBJECTS = {
    "account": "Akun",
    "agenda_item": "Agenda",
    "appointment": "Masa jabatan",
    "assignment": "Tugas kantor",
    "attendance": "Kehadiran",
    "audit_personal": "Nilai pribadi pada jejak audit",
    "clause": "Butir komitmen",
    "commitment": "Komitmen",
    "coordination_body": "Pokjanal",
    "document": "Dokumen",
    "evidence": "Bukti",
    "facility": "Fasilitas",
    "import_run": "Berkas impor",
    "invitation": "Undangan",
    "login_session": "Sesi masuk",
    "meeting": "Rapat",
    "minutes_row": "Baris notula",
    "notification": "Pemberitahuan",
    "office": "Kantor",
    "office_group": "Kelompok undangan",
    "password_link": "Tautan kata sandi",
    "person": "Orang",
    "position": "Jabatan",
    "regency_setting": "Kabupaten/kota",
    "roadmap_goal": "Sasaran peta jalan",
    "role_grant": "Peran",
    "signature_event": "Tanda tangan",
    "slot": "Penandatangan",
    "target": "Target komitmen",
    "task": "Tugas",
    "transfer": "Mutasi",
    "view_log": "Yang melihat",
    "wilayah": "Wilayah",
}

FIELDS = {
    "about": "Tentang",
    "accounts": "Akun",
    "action": "Perbuatan",
    "added": "Ditambahkan",
    "address": "Alamat jaringan",
    "anonymised_at": "Dihapus",
    "answer_note": "Catatan jawaban",
    "answers": "Jawaban undangan diminta lagi",
    "applied": "Diterapkan",
    "appointments": "Masa jabatan",
    "archived_at": "Diarsipkan",
    "arrived_at": "Datang",
    "at": "Waktu",
    "attempt": "Percobaan",
    "attendance": "Catatan kehadiran",
    "backup_on": "Cadangan dibuat",
    "backup_place": "Cadangan disimpan di",
    "basis": "Dasar",
    "before": "Sebelumnya",
    "bound_at": "Terhubung sejak",
    "capacity": "Kedudukan",
    "chair": "Pimpinan rapat",
    "changed": "Diubah",
    "classification": "Klasifikasi",
    "closing": "Penutup",
    "commitment_id": "Komitmen",
    "confirmed_at": "Aktif sejak",
    "constituency": "Unsur",
    "contact": "Kontak",
    "content_sha256": "Sidik isi",
    "created_at": "Dibuat",
    "day": "Tanggal",
    "decision": "Nomor keputusan",
    "device": "Perangkat",
    "district_label": "Sebutan kecamatan",
    "document": "Dokumen",
    "due_on": "Tenggat",
    "email": "Surat elektronik",
    "emblem_sha256": "Lambang",
    "ended": "Diakhiri",
    "ended_at": "Berakhir",
    "ended_reason": "Sebab berakhir",
    "ends_at": "Selesai",
    "ends_on": "Sampai",
    "entries": "Catatan",
    "event": "Sidik tanda tangan",
    "expires_at": "Berlaku sampai",
    "facilities": "Fasilitas",
    "facility": "Fasilitas",
    "file_name": "Berkas",
    "files": "Berkas",
    "focus_on": "Fokus sejak",
    "generation": "Tautan ke",
    "gone": "Catatan yang digabung",
    "granted": "Diberikan",
    "granted_at": "Diberikan",
    "grants": "Peran",
    "group": "Kelompok",
    "group_name": "Kelompok",
    "heading": "Judul butir",
    "indicator": "Indikator",
    "invitation": "Undangan",
    "is_head": "Kepala kantor",
    "issuer": "Layanan masuk",
    "item": "Butir agenda",
    "joined": "Catatan gabungan",
    "kind": "Jenis",
    "last_seen_at": "Terakhir dipakai",
    "left": "Jabatan ditinggalkan",
    "mail_to": "Surat elektronik",
    "mailed": "Dikirim lewat surat elektronik",
    "mailed_at": "Dikirim",
    "letter_address": "Alamat pada kop",
    "margins": "Batas tepi",
    "meeting_id": "Rapat",
    "method": "Cara",
    "minute_taker_id": "Akun notulis",
    "moved": "Dipindahkan",
    "name": "Nama",
    "nip": "NIP",
    "note": "Catatan",
    "number": "Nomor",
    "number_pattern": "Pola nomor",
    "office": "Kantor",
    "office_id": "Kantor",
    "office_name": "Nama kantor",
    "offices": "Kantor",
    "on": "Sejak",
    "on_behalf_of": "Atas nama",
    "opened_by": "Pembuka",
    "origin": "Asal",
    "other": "Catatan yang lain",
    "page": "Halaman",
    "pages": "Halaman",
    "paper": "Kertas",
    "parent": "Induk",
    "parent_id": "Kantor induk",
    "password_changed_at": "Sandi diganti",
    "password_days": "Umur kata sandi (hari)",
    "password_mixture": "Campuran kata sandi",
    "pattern": "Menurut rapat",
    "person": "Orang",
    "phone": "Nomor HP",
    "place": "Tempat",
    "position": "Jabatan",
    "position_id": "Jabatan",
    "positions": "Jabatan",
    "preamble": "Pembukaan",
    "prefix": "Gelar depan",
    "previous": "Rapat sebelumnya",
    "protocol_order": "Urutan protokol",
    "rank": "Pangkat",
    "read_at": "Dibaca",
    "reason": "Alasan",
    "recorded_at": "Dicatat",
    "refused": "Ditolak",
    "removed": "Dihapus",
    "revoked": "Dicabut",
    "revoked_at": "Dicabut",
    "rival": "Baris tandingan",
    "role": "Peran",
    "row": "Baris",
    "rows": "Baris",
    "seats": "Undangan",
    "sessions": "Sesi diakhiri",
    "sessions_ended": "Sesi diakhiri",
    "sex": "Jenis kelamin",
    "sha256": "Sidik",
    "signatories": "Penandatangan dialihkan",
    "signature_chain": "Sidik rantai tanda tangan",
    "signed_on": "Tanggal penandatanganan",
    "slots": "Tempat tanda tangan",
    "sort_name": "Kunci urut",
    "source": "Sumber",
    "starts_at": "Mulai",
    "starts_on": "Mulai",
    "status": "Keadaan",
    "stroke": "Goresan",
    "subject": "Pengenal di layanan masuk",
    "suffix": "Gelar belakang",
    "suspended": "Dibekukan",
    "suspended_at": "Dibekukan",
    "text": "Naskah",
    "tiers": "Baris atas",
    "title": "Judul",
    "titles": "Jabatan",
    "town": "Tempat surat",
    "transfers": "Mutasi",
    "typed_name": "Nama diketik",
    "unit": "Unit",
    "unit_code": "Kode unit",
    "used_at": "Dipakai",
    "username": "Nama pengguna",
    "value": "Nilai",
    "values": "Nilai",
    "version": "Versi",
    "village_label": "Sebutan desa",
    "wilayah_code": "Wilayah",
    "zone": "Zona waktu",
}
"""What the values of an entry are called."""

ATTEMPTS = {
    "dead_link": "memakai tautan yang tidak berlaku lagi",
    "grant_self": "memberi peran kepada diri sendiri",
    "last_administrator": "menyingkirkan administrator terakhir",
    "login_suspended": "masuk dengan akun yang dibekukan",
    "reset_own_factor": "mengatur ulang kode masuk sendiri",
    "suspend_self": "membekukan akun sendiri",
}
"""What was tried and refused, by the `attempt` of `accounts.note_refusal`."""
PAGE_TRIED = re.compile(r"\w+\.\w+ (/\S*)")
"""An attempt at a page, as `web/errors.py` notes it: the endpoint and the path."""


def deed(action: str) -> str:
    """The words for an entry's action; every action has some, as a test sees to."""
    return DEEDS.get(action) or (Action(action).label if action in set(Action) else action)


def _tried(attempt: str) -> str:
    tried = PAGE_TRIED.fullmatch(attempt)
    return f"mengirim ke {tried[1]}" if tried else ATTEMPTS.get(attempt, attempt)


WORDS = {"action": deed, "attempt": _tried}
"""How the values of these names are said."""
LISTS = ("files", "positions", "titles")
"""Values that are lists; any other list is a pair of what was and what is."""

PLAIN = {"up": "naik", "down": "turun", "definitive": "definitif", True: "ya", False: "tidak"}
DIGEST = re.compile(r"[0-9a-f]{64}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\S+")
LONG = 48
"""From this length on, what was and what is stand one below the other, with their differences marked."""


def subject(table: str) -> str:
    """What kind of thing an entry is about."""
    return SUBJECTS.get(table, table)


@dataclass(frozen=True)
class Reader:
    """For whom an entry is put into words: about a record of which table, in which zone, with which names."""

    table: str
    zone: Zone
    names: Names

    def told(self, name: str, value: Any) -> Markup:
        if isinstance(value, list) and name not in LISTS and len(value) == 2:
            return self.changed(name, *value)
        if isinstance(value, list | dict):
            named = value.items() if isinstance(value, dict) else ((name, one) for one in value)
            return Markup(", ").join(self.told(inner, one) for inner, one in named)
        if value is None or value == "":
            return Markup("kosong")
        if isinstance(value, bool | str) and value in PLAIN:
            return escape(PLAIN[value])
        if name in REFERENCES and (called := self.names.get((REFERENCES[name], value))):
            return escape(called)
        return self.said(name, str(value))

    def changed(self, name: str, before: Any, after: Any) -> Markup:
        """What was and what is; of long texts also where they differ."""
        texts = isinstance(before, str) and isinstance(after, str)
        if texts and max(len(before), len(after)) >= LONG and not DIGEST.fullmatch(after):
            return Markup('<span class="was">{}</span><span class="now">{}</span>').format(
                _marked(before, after, Markup("<del>{}</del>")),
                _marked(after, before, Markup("<ins>{}</ins>")),
            )
        return Markup("{} → {}").format(self.told(name, before), self.told(name, after))

    def said(self, name: str, text: str) -> Markup:
        """One value: a member by its label, a digest shortened, a day and a moment in words."""
        if name in WORDS:
            return escape(WORDS[name](text))
        for members in _lists_of(name, self.table):
            if text in set(members):
                return escape(members(text).label or text)
        if DIGEST.fullmatch(text):
            return Markup('<span class="code" title="{}">{}</span>').format(text, text[:12])
        if DAY.fullmatch(text):
            return escape(plain_date(date.fromisoformat(text)))
        if MOMENT.fullmatch(text):
            moment = local(datetime.fromisoformat(text), self.zone)
            return escape(f"{plain_date(moment)} pukul {clock(moment)} {self.zone.label}")
        return escape(text)


def details(
    changes: Mapping[str, Any], table: str, zone: Zone, names: Names | None = None
) -> list[tuple[str, Markup]]:
    """What an entry about a record of this table says: each value, as people read it, under its name."""
    reader = Reader(table, zone, names or {})
    return [
        (FIELDS.get(name, name), reader.told(name, value))
        for name, value in changes.items()
        if value not in ([], "", None)
    ]


def _marked(text: str, other: str, mark: Markup) -> Markup:
    pieces = differences(text, other)
    return Markup("").join(mark.format(piece) if differs else escape(piece) for piece, differs in pieces)


@cache
def _lists_of(name: str, table: str) -> tuple[type[LabelledEnum], ...]:
    """The closed lists that columns of this name hold, that of the record's own table first."""
    tables = sorted(db.metadata.tables.values(), key=lambda one: (one.name != table, one.name))
    kinds = (getattr(one.columns[name].type, "enum_class", None) for one in tables if name in one.columns)
    return tuple(kind for kind in kinds if kind is not None)
