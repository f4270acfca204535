"""What stands on the desk, from whichever list it comes, as rows of one kind sorted by urgency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import url_for

from ilp.core.clock import Zone, local
from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import clock, short_date, terbilang
from ilp.models.accounts import Role
from ilp.models.meetings import MeetingStatus
from ilp.models.tasks import AssignmentStatus
from ilp.policy.rules import WRITERS
from ilp.policy.user import User
from ilp.queries.desk import Signing
from ilp.web.due import Due, due_on

PATIENCE = timedelta(days=7)
"""How long a report may wait for its reviewer before it counts as late."""
MINUTES_WITHIN = timedelta(days=7)


class Urgency(LabelledEnum):
    LATE = "late", "Lewat tenggat"
    TODAY = "today", "Hari ini"
    WEEK = "week", "Pekan ini"
    LATER = "later", "Nanti"


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why, by when, and the button that opens it."""

    on: date
    urgency: Urgency
    icon: str
    title: str
    note: str
    due: Due
    url: str
    act: str


def word(count: int) -> str:
    return terbilang(count) if count < 100 else str(count)


def grouped(items: Sequence[Item]) -> list[tuple[Urgency, list[Item]]]:
    order = list(Urgency)
    ranked = sorted(items, key=lambda item: (order.index(item.urgency), item.on))
    return [(urgency, list(group)) for urgency, group in groupby(ranked, lambda item: item.urgency)]


def urgency_of(on: date, today: date) -> Urgency:
    if on < today:
        return Urgency.LATE
    if on == today:
        return Urgency.TODAY
    return Urgency.WEEK if on <= today + timedelta(days=7) else Urgency.LATER


def items_of(
    user: User,
    today: date,
    *,
    assignments: Iterable[Any],
    reports: Iterable[Any],
    meetings: Iterable[Any],
    signings: Iterable[Signing],
) -> list[Item]:
    """Everything the user can do something about, from the lists of `queries.desk`."""
    return [
        *(_assignment(row, today) for row in assignments),
        *(_report(row, user.zone, today) for row in reports),
        *(item for row in meetings if (item := _meeting(row, user, today))),
        *(_signature(signing, today) for signing in signings if signing.is_mine),
    ]


def _assignment(row: Any, today: date) -> Item:
    returned = row.status is AssignmentStatus.RETURNED
    note = f"Dikembalikan: {row.reason}" if returned else f"Dari {row.owner_name}, untuk {row.office_name}"
    return Item(
        on=row.due_on,
        urgency=urgency_of(row.due_on, today),
        icon="list-check",
        title=row.title,
        note=note,
        due=due_on(row.due_on, today),
        url=url_for("tasks.show_assignment", assignment_id=row.id),
        act="Perbaiki" if returned else "Laporkan",
    )


def _report(row: Any, zone: Zone, today: date) -> Item:
    since = local(row.since, zone).date()
    one = row.reports == 1
    others = "" if one else f" dan {row.reports - 1} lainnya"
    return Item(
        on=since + PATIENCE,
        urgency=Urgency.LATE if since + PATIENCE < today else Urgency.TODAY,
        icon="shield-check",
        title=f"{row.reports} laporan menunggu pemeriksaan: {row.title}",
        note=f"{row.office_name}{others}. Sejak {short_date(since)}",
        due=due_on(since + PATIENCE, today) if since + PATIENCE < today else Due("Menunggu"),
        url=url_for("tasks.show_assignment", assignment_id=row.first_id)
        if one
        else url_for("tasks.show", task_id=row.id, keadaan=AssignmentStatus.SUBMITTED.value),
        act="Periksa",
    )


def _meeting(row: Any, user: User, today: date) -> Item | None:
    """A meeting to hold, minutes to finish, or minutes to approve, for whoever does that."""
    held = local(row.starts_at, row.zone)
    writes = row.office_id in user.offices_as(*WRITERS, Role.IMPLEMENTER)
    if row.status is MeetingStatus.IN_REVIEW and row.office_id in user.offices_as(Role.LEADER):
        return _minutes(row, held, today, f"Sahkan notula: {row.title}", "Sahkan")
    if row.status in (MeetingStatus.IN_SESSION, MeetingStatus.MINUTING) and (
        writes or row.minute_taker_id == user.account_id
    ):
        return _minutes(row, held, today, f"Selesaikan notula: {row.title}", "Lanjutkan")
    if (
        row.concerns_me
        and held.date() == today
        and row.status in (MeetingStatus.INVITED, MeetingStatus.DRAFT)
    ):
        place = row.place or "Tempat belum ditentukan"
        return Item(
            on=today,
            urgency=Urgency.TODAY,
            icon="calendar",
            title=row.title,
            note=f"{place}. {row.attending} dari {row.invited} menyatakan hadir",
            due=Due(f"Pukul {clock(held)}"),
            url=url_for("meetings.show", meeting_id=row.id),
            act="Buka rapat" if writes else "Lihat",
        )
    return None


def _minutes(row: Any, held: datetime, today: date, title: str, act: str) -> Item:
    within = held.date() + MINUTES_WITHIN
    return Item(
        on=within,
        urgency=urgency_of(within, today),
        icon="gavel" if act == "Sahkan" else "pencil",
        title=title,
        note=f"Rapat {short_date(held)}, {row.place}",
        due=due_on(within, today),
        url=url_for("meetings.show", meeting_id=row.id),
        act=act,
    )


def _signature(signing: Signing, today: date) -> Item:
    return Item(
        on=today,
        urgency=Urgency.TODAY,
        icon="contract",
        title=f"Tanda tangani: {signing.title}",
        note=f"{signing.signed} dari {signing.total} sudah menandatangani",
        due=Due("Diminta"),
        url=url_for("commitments.show", commitment_id=signing.commitment_id),
        act="Tanda tangani",
    )
