"""What the trail's entries say to people: the deed, as the rest of a sentence that begins with a name."""

from __future__ import annotations

from ilp.policy.actions import Action

DEEDS = {
    "account:change_password": "mengganti kata sandi",
    "account:create": "membuat akun",
    "account:end_session": "mengeluarkan perangkat",
    "account:issue_link": "membuat tautan kata sandi",
    "account:login": "masuk",
    "account:logout": "keluar",
    "account:manage": "mengubah peran",
    "account:restore": "memulihkan akun",
    "account:set_password": "membuat kata sandi lewat tautan",
    "account:suspend": "membekukan akun",
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
    "facility:mark": "menandai fokus penerapan",
    "facility:unmark": "mencabut tanda fokus penerapan",
    "office:add": "menambah kantor",
    "person:add": "menambah orang",
    "position:add": "menambah jabatan",
    "position:appoint": "menetapkan pejabat",
    "position:archive": "mengarsipkan jabatan",
    "position:leave": "mengakhiri jabatan",
    "regency:set_up": "menyiapkan kabupaten/kota",
    "signatory:add": "menambah penandatangan",
    "signatory:decline": "menolak menandatangani",
    "signatory:excuse": "membebaskan penandatangan",
    "signatory:open": "membuka naskah untuk ditandatangani",
    "signatory:remove": "menghapus penandatangan",
    "target:add": "menambah target",
    "target:remove": "menghapus target",
    "wilayah:import": "mengimpor daftar wilayah",
}

SUBJECTS = {
    "account": "Akun",
    "agenda_item": "Agenda",
    "assignment": "Tugas kantor",
    "attendance": "Kehadiran",
    "clause": "Butir komitmen",
    "commitment": "Komitmen",
    "coordination_body": "Pokjanal",
    "document": "Dokumen",
    "evidence": "Bukti",
    "facility": "Fasilitas",
    "invitation": "Undangan",
    "login_session": "Sesi masuk",
    "meeting": "Rapat",
    "minutes_row": "Baris notula",
    "office": "Kantor",
    "person": "Orang",
    "position": "Jabatan",
    "regency_setting": "Kabupaten/kota",
    "role_grant": "Peran",
    "slot": "Penandatangan",
    "target": "Target komitmen",
    "task": "Tugas",
    "wilayah": "Wilayah",
}


def deed(action: str) -> str:
    """The words for an entry's action; every action has some, as a test sees to."""
    return DEEDS.get(action) or (Action(action).label if action in set(Action) else action)


def subject(table: str) -> str:
    """What kind of thing an entry is about."""
    return SUBJECTS.get(table, table)
