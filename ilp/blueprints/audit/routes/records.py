"""What was done to one record, before and after: for whoever may see it and its history."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.audit import bp
from ilp.blueprints.audit.sheets import history
from ilp.core.indonesian import full_name
from ilp.core.paging import BATCH, Key, Page
from ilp.models.accounts import Account
from ilp.models.commitments import Commitment
from ilp.models.directory import Office, Person
from ilp.models.documents import Document
from ilp.models.meetings import Meeting
from ilp.models.privacy import SeenPage
from ilp.models.tasks import Assignment, Task
from ilp.policy.access import (
    access_assignment,
    access_commitment,
    access_document,
    access_meeting,
    access_office,
    access_overseen_account,
    access_person,
    access_task,
)
from ilp.policy.actions import Action
from ilp.queries.audit import names_in, trail
from ilp.web.arguments import number_argument
from ilp.web.htmx import page
from ilp.web.requires import requires
from ilp.web.sheets import download
from ilp.web.views import shows_personal

HISTORIES = {
    "account": "audit.account",
    "assignment": "audit.assignment",
    "commitment": "audit.commitment",
    "document": "audit.document",
    "meeting": "meetings.trail",
    "office": "audit.office",
    "person": "audit.person",
    "task": "audit.task",
}
"""Where the history of a record of this table stands; its key is called as the table is."""


def history_url(entry: Any) -> str | None:
    """The page of the record an entry is about, if it has one."""
    endpoint = HISTORIES.get(entry.subject)
    return url_for(endpoint, **{f"{entry.subject}_id": entry.subject_id}) if endpoint else None


@bp.get("/tugas/<id:task_id>")
@bp.get("/tugas/<id:task_id>.xlsx", endpoint="task_sheet")
@requires(Action.AUDIT_CONTENT, access_task)
def task(task: Task) -> Response:
    return _history(task, task.title, url_for("tasks.show", task_id=task.id))


@bp.get("/tugas-kantor/<id:assignment_id>")
@bp.get("/tugas-kantor/<id:assignment_id>.xlsx", endpoint="assignment_sheet")
@requires(Action.AUDIT_CONTENT, access_assignment)
def assignment(assignment: Assignment) -> Response:
    title = f"{assignment.task.title}, {assignment.office.name}"
    return _history(assignment, title, url_for("tasks.show_assignment", assignment_id=assignment.id))


@bp.get("/komitmen/<id:commitment_id>")
@bp.get("/komitmen/<id:commitment_id>.xlsx", endpoint="commitment_sheet")
@requires(Action.AUDIT_CONTENT, access_commitment)
def commitment(commitment: Commitment) -> Response:
    back = url_for("commitments.show", commitment_id=commitment.id)
    return _history(commitment, commitment.title, back)


@bp.get("/dokumen/<id:document_id>")
@bp.get("/dokumen/<id:document_id>.xlsx", endpoint="document_sheet")
@requires(Action.AUDIT_CONTENT, access_document)
def document(document: Document) -> Response:
    return _history(document, document.title, url_for("documents.show", document_id=document.id))


@bp.get("/kantor/<id:office_id>")
@bp.get("/kantor/<id:office_id>.xlsx", endpoint="office_sheet")
@requires(Action.AUDIT_OFFICE, access_office)
def office(office: Office) -> Response:
    back = url_for("directory.show", office_id=office.id)
    return _history(office, office.name, back, personal=True)


@bp.get("/orang/<id:person_id>")
@bp.get("/orang/<id:person_id>.xlsx", endpoint="person_sheet")
@requires(Action.AUDIT_PERSON, access_person)
def person(person: Person) -> Response:
    name = full_name(person.prefix, person.name, person.suffix)
    return _history(
        person, name, url_for("directory.show_person", person_id=person.id), personal=True, about=person.id
    )


@bp.get("/akun/<id:account_id>")
@bp.get("/akun/<id:account_id>.xlsx", endpoint="account_sheet")
@requires(Action.AUDIT_ACCOUNT, access_overseen_account)
def account(account: Account) -> Response:
    back = url_for("audit.index")
    return _history(account, account.username, back, personal=True)


@bp.get("/rapat/<id:meeting_id>.xlsx")
@requires(Action.MEETING_PEOPLE, access_meeting)
def meeting_sheet(meeting: Meeting) -> Response:
    """The history of a meeting, whose page is one of the meeting's own."""
    return _sheet(meeting, meeting.title, personal=False)


def _history(
    record: Any, title: str, back: str, *, personal: bool = False, about: int | None = None
) -> Response:
    """The timeline of a record, with its personal values where the page is for who oversees them.

    Under the address that ends so, it is the file of all of it. Of a person (`about`) it is noted who saw
    a telephone number in it.
    """
    if request.path.endswith(".xlsx"):
        return _sheet(record, title, personal=personal, about=about)
    found = trail(record.__tablename__, record.id, number_argument("sebelum"), personal=personal)
    _note_phones(found, about)
    here = request.path
    return page(
        "audit/show.html",
        title=title,
        back=back,
        part_of=record.__tablename__,
        entries=found.rows,
        names=names_in(found.rows),
        sees_personal=personal,
        older=f"{here}?sebelum={found.after.id}" if found.after else None,
        newest=None if found.first else here,
        sheet=f"{here}.xlsx",
    )


def _note_phones(found: Page, person_id: int | None) -> None:
    if person_id is not None and any(any((row.personal or {}).get("phone") or ()) for row in found.rows):
        shows_personal(SeenPage.HISTORY, person_id)


def _sheet(record: Any, title: str, *, personal: bool, about: int | None = None) -> Response:
    def read(after: Key | None) -> Page:
        before = after.id if after else None
        found = trail(record.__tablename__, record.id, before, personal=personal, size=BATCH)
        _note_phones(found, about)
        names = names_in(found.rows)
        return Page([(row, names) for row in found.rows], found.after)

    return download(history(personal=personal), read, title)
