"""Everything anybody can be allowed to do, as `subject:act`, in alphabetical order."""

from __future__ import annotations

from ilp.core.enums import LabelledEnum


class Action(LabelledEnum):
    """The label completes the sentence "boleh ..." on help pages."""

    ACCOUNT_MANAGE = "account:manage", "mengelola akun dan peran"
    ACCOUNT_SECURE = "account:secure", "membekukan akun dan membuat tautan kata sandi"
    ACCOUNT_SELF = "account:self", "mengatur akun sendiri"
    ASSIGNMENT_DELEGATE = "assignment:delegate", "meneruskan tugas ke desa/kelurahan"
    ASSIGNMENT_READ = "assignment:read", "membaca tugas"
    ASSIGNMENT_REPORT = "assignment:report", "melaporkan tugas"
    ASSIGNMENT_REVIEW = "assignment:review", "memeriksa laporan tugas"
    AUDIT_READ = "audit:read", "membaca jejak audit"
    COMMITMENT_CREATE = "commitment:create", "menyusun komitmen"
    COMMITMENT_EDIT = "commitment:edit", "mengubah naskah komitmen dan membuka penandatanganan"
    COMMITMENT_READ = "commitment:read", "membaca komitmen"
    COMMITMENT_SIGN = "commitment:sign", "menandatangani komitmen"
    DESK_READ = "desk:read", "membuka Meja kerja"
    DIRECTORY_READ = "directory:read", "membaca direktori"
    DOCUMENT_READ = "document:read", "membaca dokumen"
    FACILITY_READ = "facility:read", "membaca penerapan ILP"
    FACILITY_UPDATE = "facility:update", "mengubah status fasilitas"
    GALLERY_READ = "gallery:read", "melihat daftar komponen"
    INVITATION_ANSWER = "invitation:answer", "menjawab undangan instansi sendiri"
    JOB_READ = "job:read", "melihat kemajuan pekerjaan"
    MEETING_APPROVE = "meeting:approve", "mengesahkan notula"
    MEETING_CREATE = "meeting:create", "membuat rapat"
    MEETING_EDIT = "meeting:edit", "mengubah rapat dan undangannya"
    MEETING_MINUTE = "meeting:minute", "menulis notula"
    MEETING_PEOPLE = "meeting:people", "membaca daftar undangan dan kehadiran"
    MEETING_READ = "meeting:read", "membaca rapat"
    MEETING_REGISTER = "meeting:register", "mencatat kehadiran"
    POKJANAL_ISSUE = "pokjanal:issue", "memberi tugas Pokjanal"
    POKJANAL_READ = "pokjanal:read", "membaca Pokjanal"
    REPORT_READ = "report:read", "membaca laporan"
    TASK_ISSUE = "task:issue", "memberi tugas"
    TASK_READ = "task:read", "membaca daftar tugas"
    TASK_WITHDRAW = "task:withdraw", "menarik tugas"
    WILAYAH_READ = "wilayah:read", "membaca daftar wilayah"
