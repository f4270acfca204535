"""Everything anybody can be allowed to do, as `subject:act`, in alphabetical order."""

from __future__ import annotations

from ilp.core.enums import LabelledEnum


class Action(LabelledEnum):
    """The label completes the sentence "boleh ..." on help pages."""

    ACCOUNT_MANAGE = "account:manage", "mengelola akun dan peran"
    ACCOUNT_SECURE = (
        "account:secure",
        "membekukan akun dan membuat tautan kata sandi",
    )
    ACCOUNT_SELF = "account:self", "mengatur akun sendiri"
    ASSIGNMENT_DELEGATE = "assignment:delegate", "meneruskan tugas ke desa/kelurahan"
    ASSIGNMENT_FOLLOW = "assignment:follow", "memberi tugas untuk diikuti mitra"
    ASSIGNMENT_READ = "assignment:read", "membaca tugas"
    ASSIGNMENT_REPORT = "assignment:report", "melaporkan tugas"
    ASSIGNMENT_REVIEW = "assignment:review", "memeriksa laporan tugas"
    AUDIT_ACCOUNT = "audit:account", "membaca riwayat akun"
    AUDIT_CONTENT = "audit:content", "membaca riwayat rapat, tugas, komitmen, dan dokumen"
    AUDIT_OFFICE = "audit:office", "membaca riwayat kantor dan jabatannya"
    AUDIT_PERSON = "audit:person", "membaca riwayat orang dan siapa melihat datanya"
    AUDIT_READ = "audit:read", "membaca jejak audit"
    COMMITMENT_CREATE = "commitment:create", "menyusun komitmen"
    COMMITMENT_EDIT = "commitment:edit", "mengubah naskah komitmen dan membuka penandatanganan"
    COMMITMENT_READ = "commitment:read", "membaca komitmen"
    COMMITMENT_SIGN = "commitment:sign", "menandatangani komitmen"
    DESK_READ = "desk:read", "membuka Meja kerja"
    DIRECTORY_CONTACT = "directory:contact", "melihat nomor telepon di direktori"
    DIRECTORY_EDIT = "directory:edit", "mengubah kantor, jabatan, dan pejabat"
    DIRECTORY_READ = "directory:read", "membaca direktori"
    DOCUMENT_EDIT = "document:edit", "memberi nomor pada dokumen dan mencabutnya"
    DOCUMENT_READ = "document:read", "membaca dokumen"
    FACILITY_READ = "facility:read", "membaca penerapan ILP"
    FACILITY_UPDATE = "facility:update", "mengubah status fasilitas"
    GALLERY_READ = "gallery:read", "melihat daftar komponen"
    GROUP_CREATE = "group:create", "menyimpan kelompok undangan"
    GROUP_EDIT = "group:edit", "mengubah kelompok undangan kantor sendiri"
    HELP_READ = "help:read", "membaca bantuan"
    IMPORT_RUN = "import:run", "mengimpor dari Excel"
    INVITATION_ANSWER = "invitation:answer", "menjawab undangan instansi sendiri"
    JOB_READ = "job:read", "melihat kemajuan pekerjaan"
    MEETING_APPROVE = "meeting:approve", "mengesahkan notula"
    MEETING_CREATE = "meeting:create", "membuat rapat"
    MEETING_EDIT = "meeting:edit", "mengubah rapat dan undangannya"
    MEETING_MINUTE = "meeting:minute", "menulis notula"
    MEETING_PEOPLE = "meeting:people", "membaca daftar undangan dan kehadiran"
    MEETING_READ = "meeting:read", "membaca rapat"
    MEETING_REGISTER = "meeting:register", "mencatat kehadiran"
    PERSON_ANONYMISE = "person:anonymise", "menghapus data pribadi seseorang"
    PERSON_EDIT = "person:edit", "mengubah data orang"
    PERSON_EXPORT = "person:export", "mengunduh data seseorang"
    POKJANAL_ISSUE = "pokjanal:issue", "memberi tugas Pokjanal"
    POKJANAL_READ = "pokjanal:read", "membaca Pokjanal"
    REPORT_READ = "report:read", "membaca laporan"
    SEARCH = "search:run", "mencari"
    SETTING_EDIT = "setting:edit", "mengubah pengaturan kabupaten/kota"
    TASK_ISSUE = "task:issue", "memberi tugas"
    TASK_READ = "task:read", "membaca daftar tugas"
    TASK_WITHDRAW = "task:withdraw", "menarik tugas"
    WILAYAH_READ = "wilayah:read", "membaca daftar wilayah"
