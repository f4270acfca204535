"""The main navigation: an entry shows when its action is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User


@dataclass(frozen=True)
class Entry:
    """A menu entry; `short` is its word in the bottom bar of five on phones (empty: not there)."""

    endpoint: str
    icon: str
    label: str
    action: Action
    short: str = ""

    @cached_property
    def blueprint(self) -> str:
        """The pages among which this entry is the current one."""
        return self.endpoint.split(".")[0]


ENTRIES = (
    Entry("desk.index", "inbox", "Meja kerja", Action.DESK_READ, "Meja"),
    Entry("meetings.index", "calendar", "Rapat", Action.MEETING_READ, "Rapat"),
    Entry("tasks.index", "list-check", "Tugas", Action.TASK_READ, "Tugas"),
    Entry("commitments.index", "contract", "Komitmen", Action.COMMITMENT_READ, "Komitmen"),
    Entry("facilities.index", "stairs-up", "Penerapan ILP", Action.FACILITY_READ),
    Entry("pokjanal.index", "users", "Pokjanal", Action.POKJANAL_READ),
    Entry("documents.index", "file-text", "Dokumen", Action.DOCUMENT_READ),
    Entry("directory.index", "building-community", "Direktori", Action.DIRECTORY_READ),
    Entry("reports.index", "chart-bar", "Laporan", Action.REPORT_READ),
    Entry("imports.index", "upload", "Impor", Action.IMPORT_RUN),
    Entry("audit.index", "history", "Jejak audit", Action.AUDIT_READ),
    Entry("accounts.index", "user-check", "Akun dan peran", Action.ACCOUNT_MANAGE),
    Entry("settings.index", "adjustments-horizontal", "Pengaturan", Action.SETTING_EDIT),
)


def menu_for(user: User) -> tuple[Entry, ...]:
    return tuple(entry for entry in ENTRIES if allowed(user, entry.action))
