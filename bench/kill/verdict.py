"""What must hold when all is quiet again; each thing that does not is said in one line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bench.kill.clients import Act, Sent
from bench.landmarks import Landmarks
from ilp.adapters import storage
from ilp.core.db import db
from ilp.models.accounts import Submission
from ilp.models.audit import AuditEntry
from ilp.models.documents import Document, DocumentFile, DocumentKind, DocumentStatus
from ilp.models.jobs import Job, JobState
from ilp.models.meetings import Attendance, Meeting, MinutesRow
from ilp.models.tasks import Assignment, AssignmentEvent, Evidence


@dataclass(frozen=True)
class Before:
    """What there was before anybody wrote."""

    row: int
    attendance: int
    evidence: int
    entry: int
    document: int
    version: int
    """Of the meeting that is being minuted."""


def before(found: Landmarks) -> Before:
    def last(model: Any) -> int:
        return db.session.scalar(sa.select(sa.func.max(model.id))) or 0

    row, attendance, evidence, entry, document = map(
        last, (MinutesRow, Attendance, Evidence, AuditEntry, Document)
    )
    return Before(row, attendance, evidence, entry, document, _version(found))


def is_quiet() -> bool:
    """No paper waits for its bytes and no job for its end."""
    waiting = sa.exists().where(Document.status == DocumentStatus.RESERVED)
    active = sa.exists().where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]))
    quiet = not db.session.scalar(sa.select(sa.or_(waiting, active)))
    db.session.rollback()
    return quiet


def faults(found: Landmarks, start: Before, sent: Sequence[Sent]) -> Iterator[str]:
    """Each fault as a sentence; nothing if every promise was kept."""
    rows = _new(MinutesRow.text, MinutesRow.id > start.row)
    seats = _new(Attendance.invitation_id, Attendance.id > start.attendance)
    notes = _new(Evidence.text, Evidence.id > start.evidence)
    yield from _once(Act.ROW, rows, sent)
    yield from _once(Act.CHECK_IN, map(str, seats), sent)
    yield from _once(Act.REPORT, notes, sent)
    papers = _new(Document.id, Document.id > start.document)
    yield from _as_many_papers(len(papers), [one for one in sent if one.order.act is Act.PAPER])
    yield from _keys(sent)
    yield from _trail(start)
    yield from _stories(found, start)
    yield from _bytes(papers)
    written = _version(found) - start.version
    if written != len(rows):
        yield f"the meeting counts {written} changes, its minutes have {len(rows)} new rows"
    yield from _integrity()


def _new(column: Any, *where: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(column).where(*where)))


def _version(found: Landmarks) -> int:
    """The version of the minuted meeting."""
    return db.session.scalars(sa.select(Meeting.version).where(Meeting.id == found.live_meeting)).one()


def _once(act: Act, there: Any, sent: Sequence[Sent]) -> Iterator[str]:
    """Acknowledged: exactly once. Sent without an answer: at most once. Never sent: not at all."""
    counts = Counter(there)
    for one in sent:
        if one.order.act is act:
            number = counts.pop(one.order.mark, 0)
            if number > 1 or (one.acknowledged and not number):
                yield f"{act} “{one.order.mark}” is there {number} times, sent {one.times} times"
    for mark in counts:
        yield f"{act} “{mark}” was never sent"


def _as_many_papers(there: int, sent: Sequence[Sent]) -> Iterator[str]:
    acknowledged = sum(one.acknowledged for one in sent)
    if not acknowledged <= there <= len(sent):
        yield f"{there} papers for {acknowledged} acknowledged of {len(sent)} sent"


def _keys(sent: Sequence[Sent]) -> Iterator[str]:
    """The key of every acknowledged form is kept with what it did."""
    kept = set(db.session.scalars(sa.select(Submission.key)))
    for one in sent:
        if one.acknowledged and one.key not in kept:
            yield f"{one.order.act} “{one.order.mark}” was acknowledged, its key is not kept"


def _trail(start: Before) -> Iterator[str]:
    """Whatever is there has its entry, exactly one; no entry tells of what is not there."""
    told: dict[str, Counter[int]] = {}
    entries = sa.select(AuditEntry.action, AuditEntry.changes, AuditEntry.subject_id)
    keys = {"minutes:write": "row", "meeting:register": "attendance"}
    for action, changes, subject in db.session.execute(entries.where(AuditEntry.id > start.entry)):
        told.setdefault(action, Counter())[changes[keys[action]] if action in keys else subject] += 1
    reports = Counter(_new(Evidence.assignment_id, Evidence.id > start.evidence))
    papers = Counter(_new(Document.id, Document.id > start.document))
    there = {
        "minutes:write": Counter(_new(MinutesRow.id, MinutesRow.id > start.row)),
        "meeting:register": Counter(_new(Attendance.id, Attendance.id > start.attendance)),
        "assignment:report": reports,
        "document:reserve": papers,
        "document:issue": papers,
    }
    for action, counts in there.items():
        if told.get(action, Counter()) != counts:
            yield f"{action}: {told.get(action, Counter()).total()} entries for {counts.total()} things"


def _stories(found: Landmarks, start: Before) -> Iterator[str]:
    """A report is an event, a piece of evidence and a step of the version, or none of them."""
    events = dict(
        db.session.execute(
            sa.select(AssignmentEvent.assignment_id, sa.func.count())
            .where(AssignmentEvent.note.startswith("Laporan ke-"))
            .group_by(AssignmentEvent.assignment_id)
        ).all()
    )
    reports = Counter(_new(Evidence.assignment_id, Evidence.id > start.evidence))
    if events != dict(reports):
        yield f"{sum(events.values())} events for {reports.total()} reports"
    touched = [one.assignment for one in found.reports]
    steps = sa.select(sa.func.count()).where(AssignmentEvent.assignment_id == Assignment.id)
    for key in db.session.scalars(
        sa.select(Assignment.id).where(
            Assignment.id.in_(touched), Assignment.version != steps.scalar_subquery()
        )
    ):
        yield f"assignment {key} has a version without its event, or an event without its version"


def _bytes(papers: Sequence[int]) -> Iterator[str]:
    """Each paper has one file, whose bytes are those that were registered, and only the last is in force."""
    files = Counter(_new(DocumentFile.document_id, DocumentFile.document_id.in_(papers)))
    for key in papers:
        if files[key] != 1:
            yield f"document {key} has {files[key]} files"
    for sha256 in _new(DocumentFile.sha256, DocumentFile.document_id.in_(papers)):
        if not storage.exists(sha256) or hashlib.sha256(storage.get(sha256)).hexdigest() != sha256:
            yield f"the bytes {sha256[:12]} are not what was registered"
    lists = sa.and_(Document.id.in_(papers), Document.kind == DocumentKind.ATTENDANCE)
    in_force = _new(Document.version, lists, Document.status == DocumentStatus.ISSUED)
    versions = sorted(_new(Document.version, lists))
    if papers and (versions != list(range(1, len(papers) + 1)) or in_force != [len(papers)]):
        yield f"of {len(papers)} versions of the list {in_force} are in force"
    for key, state, step in db.session.execute(
        sa.select(Job.id, Job.state, Job.step).where(Job.state != JobState.DONE)
    ):
        yield f"job {key} is {state.value} ({step or 'no step'})"


def _integrity() -> Iterator[str]:
    """SQLite says itself whether its file is sound; PostgreSQL refuses to start on what is not."""
    if db.engine.dialect.name == "sqlite":
        said = [row[0] for row in db.session.execute(sa.text("PRAGMA integrity_check"))]
        said += [str(row) for row in db.session.execute(sa.text("PRAGMA foreign_key_check"))]
        if said != ["ok"]:
            yield f"SQLite: {said[:3]}"
