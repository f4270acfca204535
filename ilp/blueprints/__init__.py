"""Every blueprint and the first segment of its addresses, in one place."""

from __future__ import annotations

from flask import Blueprint

from ilp.blueprints.accounts import bp as accounts
from ilp.blueprints.audit import bp as audit
from ilp.blueprints.commitments import bp as commitments
from ilp.blueprints.desk import bp as desk
from ilp.blueprints.directory import bp as directory
from ilp.blueprints.documents import bp as documents
from ilp.blueprints.facilities import bp as facilities
from ilp.blueprints.gallery import bp as gallery
from ilp.blueprints.health import bp as health
from ilp.blueprints.help import bp as help_pages
from ilp.blueprints.imports import bp as imports
from ilp.blueprints.jobs import bp as jobs
from ilp.blueprints.login import bp as login
from ilp.blueprints.meetings import bp as meetings
from ilp.blueprints.notifications import bp as notifications
from ilp.blueprints.pokjanal import bp as pokjanal
from ilp.blueprints.privacy import bp as privacy
from ilp.blueprints.reports import bp as reports
from ilp.blueprints.search import bp as search
from ilp.blueprints.settings import bp as settings
from ilp.blueprints.setup import bp as setup
from ilp.blueprints.tasks import bp as tasks
from ilp.blueprints.verification import bp as verification
from ilp.blueprints.wilayah import bp as wilayah

MOUNTS: tuple[tuple[Blueprint, str], ...] = (
    (desk, "/"),
    (login, "/"),
    (setup, "/mulai"),
    (accounts, "/akun"),
    (wilayah, "/wilayah"),
    (directory, "/direktori"),
    (meetings, "/rapat"),
    (commitments, "/komitmen"),
    (pokjanal, "/pokjanal"),
    (tasks, "/tugas"),
    (facilities, "/capaian"),
    (documents, "/dokumen"),
    (verification, "/"),
    (reports, "/laporan"),
    (search, "/cari"),
    (notifications, "/notifikasi"),
    (audit, "/jejak"),
    (privacy, "/data-pribadi"),
    (settings, "/pengaturan"),
    (imports, "/impor"),
    (help_pages, "/bantuan"),
    (jobs, "/pekerjaan"),
    (gallery, "/gaya"),
    (health, "/sehat"),
)
