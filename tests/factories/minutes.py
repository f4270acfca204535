"""Meetings whose minutes are being written, made by the verbs of the product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.directory import Office
from ilp.models.meetings import AgendaItem, Meeting, MeetingKind, MinutesRow, RowKind
from ilp.policy.user import User
from ilp.services import meetings, minutes
from ilp.services.meetings import Plan

POINTS = ("Kebijakan ILP dan lima klaster", "Peran lintas sektor tiap kecamatan", "Rencana tindak lanjut")


def make_meeting(
    actor: User, *, days: int = 0, points: Sequence[str] = POINTS, session: bool = True, **over: Any
) -> Meeting:
    """A meeting of the actor's office with three points, in session unless told otherwise."""
    plan = Plan(
        title=over.pop("title", "Rapat koordinasi lintas sektor ILP"),
        kind=MeetingKind.COORDINATION,
        day=today() + timedelta(days=days),
        start=time(8),
        place="Pendopo Agung Kabupaten Malang",
        chair="Sekretaris Daerah Kabupaten Malang",
        **over,
    )
    office = db.session.get_one(Office, actor.grants[0].office_id)
    with transaction():
        meeting = meetings.schedule(actor=actor, office=office, plan=plan)
        for title in points:
            meetings.add_agenda_item(actor=actor, meeting=meeting, title=title, minutes_planned=20)
        if session:
            meetings.open_meeting(actor=actor, meeting=meeting)
    return meeting


def items(meeting: Meeting) -> list[AgendaItem]:
    """The agenda in its order."""
    return db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).order_by(AgendaItem.place).all()


def make_row(
    actor: User,
    meeting: Meeting,
    text: str = "Dinas Kesehatan memaparkan kesiapan 39 Puskesmas.",
    kind: RowKind = RowKind.NOTE,
    item: int = 0,
) -> MinutesRow:
    """A row under one of the points."""
    with transaction():
        row_id = minutes.write_row(
            actor=actor, meeting=meeting, item_id=items(meeting)[item].id, kind=kind, text=text
        )
        return db.session.get_one(MinutesRow, row_id)
