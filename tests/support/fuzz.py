"""Arbitrary requests for any address: by whom, about what, and with what in the form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from wtforms import DateField, DecimalField, Field, FileField, IntegerField, MultipleFileField, TimeField
from wtforms.fields.core import UnboundField

from ilp.core.clock import today
from ilp.core.config import ROOT
from ilp.core.db import db
from ilp.models.accounts import Account, LoginSession, RoleGrant
from ilp.models.commitments import Clause, Commitment, Slot, Target
from ilp.models.directory import Appointment, Office, Position
from ilp.models.documents import Document
from ilp.models.facilities import Facility
from ilp.models.jobs import Job
from ilp.models.meetings import AgendaItem, Attendance, Invitation, Meeting, MinutesRow
from ilp.models.notifications import Notification
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, Evidence, Task
from ilp.models.wilayah import Wilayah
from ilp.policy.user import User
from ilp.web.forms import BaseForm, SelectChoice
from tests.support import places

ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
QUERY = re.compile(r"""(?:args(?:\.get\(|\[)|_argument\()\s*"(\w+)\"""")

NASTY: tuple[bytes, ...] = (
    *(b"", b" ", b"\x00", b"a\x00b", b"\x1b[31m", b"\xed\xa0\x80", b"\xff\xfe", b"\r\n\r\nSet-Cookie: a=b"),
    *(
        text.encode()
        for text in ("²", "٣", "१२", "½", "\u202ekpj.exe", "e\u0301" * 40, "\u2028", "𝟙", "None")
    ),
    *(b"<script>alert(1)</script>", b'"><img src=x onerror=alert(1)>', b"{{ 7*7 }}", b"%s%n", b"' OR 1=1 --"),
    *(b'=HYPERLINK("https://contoh.example")', b"@SUM(1)", b"../../../etc/passwd", b"//contoh.example/"),
    *(b"0", b"-1", b"+1", b"1_0", b"1.5", b"1e309", b"NaN", b"Infinity", b"2147483647", b"2147483648"),
    *(b"9" * 30, b"9" * 5000, b"x" * 301, b"x" * 100_000),
    *(b"0000-00-00", b"2026-02-30", b"1999-12-31", b"2101-01-01", b"99999-01-01", b"24:61", b"23.59"),
    *(b"[]", b'{"a":', b"[[[0,0,1e999]]]", b"[[[[[[[[[]]]]]]]]]"),
)
FILES: tuple[bytes, ...] = (b"", b"MZ\x90\x00" + bytes(99), b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff" + bytes(99))

ODD = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=40).map(lambda text: text.encode()), st.binary(max_size=20)
)

EXISTING: Mapping[tuple[str, ...], tuple[Any, ...]] = {
    ("account_id",): (Account.id,),
    ("account_id", "grant_id"): (RoleGrant.account_id, RoleGrant.id),
    ("assignment_id",): (Assignment.id,),
    ("body_id",): (CoordinationBody.id,),
    ("code",): (Wilayah.code,),
    ("commitment_id",): (Commitment.id,),
    ("commitment_id", "clause_id"): (Clause.commitment_id, Clause.id),
    ("commitment_id", "slot_id"): (Slot.commitment_id, Slot.id),
    ("commitment_id", "target_id"): (Clause.commitment_id, Target.id),
    ("document_id",): (Document.id,),
    ("evidence_id",): (Evidence.id,),
    ("facility_id",): (Facility.id,),
    ("job_id",): (Job.id,),
    ("meeting_id",): (Meeting.id,),
    ("meeting_id", "attendance_id"): (Attendance.meeting_id, Attendance.id),
    ("meeting_id", "invitation_id"): (Invitation.meeting_id, Invitation.id),
    ("meeting_id", "item_id"): (AgendaItem.meeting_id, AgendaItem.id),
    ("meeting_id", "row_id"): (MinutesRow.meeting_id, MinutesRow.id),
    ("meeting_id", "task_id"): (Meeting.id, Task.id),
    ("notification_id",): (Notification.id,),
    ("office_id",): (Office.id,),
    ("office_id", "position_id"): (Position.office_id, Position.id),
    ("office_id", "position_id", "appointment_id"): (Position.office_id, Position.id, Appointment.id),
    ("session_id",): (LoginSession.id,),
    ("slot_id",): (Slot.id,),
    ("task_id",): (Task.id,),
}
"""What stands in the database for the arguments of an address, taken together."""

JOINED = {
    ("meeting_id", "task_id"): Task.regency_code == Meeting.regency_code,
    ("commitment_id", "target_id"): Target.clause_id == Clause.id,
    ("office_id", "position_id", "appointment_id"): Appointment.position_id == Position.id,
}

WORDS: Mapping[str, tuple[str, ...]] = {
    "way": ("naik", "turun"),
    "key": ("camat", "rsud", "puskesmas", "pkk"),
    "token": ("1-1-AAAAAAAAAAAAAAAAAAAAAA",),
    "page_number": ("1",),
}
"""Arguments that are no numbers."""

SAMPLE = 12


@dataclass(frozen=True)
class Request:
    """One request as it leaves a browser that nobody can trust."""

    username: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    htmx: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Request-Type": "partial"} if self.htmx else {}


class Ids:
    """The ids that stand in the database: some of each kind and regency, never many."""

    def __init__(self) -> None:
        self.tuples = {names: self._some(names, columns) for names, columns in EXISTING.items()}
        self.single = {
            names[-1]: sorted({ids[-1] for some in held.values() for ids in some})
            for names, held in self.tuples.items()
        }
        self.words = {**WORDS, "code": tuple(db.session.scalars(sa.select(Document.code)))}

    @staticmethod
    def _some(names: tuple[str, ...], columns: Sequence[Any]) -> dict[str, list[tuple[str, ...]]]:
        """By regency."""
        statement = sa.select(*columns).order_by(*columns).distinct()
        if names in JOINED:
            statement = statement.where(JOINED[names])
        homes = places.homes(db.session.connection(), columns[-1].class_.__table__)
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in db.session.execute(statement):
            found[homes.get(row[-1], "")].append(tuple(map(str, row)))
        return {code: rows[:: len(rows) // SAMPLE + 1] for code, rows in found.items()}

    def for_field(self, name: str) -> list[str]:
        """Ids for a select field: those of its own kind, or of offices and positions."""
        if name in self.single:
            return self.single[name]
        return self.single["position_id"] if "signer" in name else self.single["office_id"]

    def path(self, draw: st.DrawFn, rule: str, user: User | None) -> str:
        """An address of a rule: mostly of what is near the user; one argument in eight is anything."""
        names = tuple(ARGUMENT.findall(rule))
        numbered = tuple(n for n in names if f"id:{n}>" in rule or f"wilayah:{n}>" in rule)
        held = self.tuples.get(numbered, {"": [("1",) * len(numbered)]})
        near = [ids for code, some in held.items() if places.reaches(user, code) for ids in some]
        far = [ids for some in held.values() for ids in some] or [("1",) * len(numbered)]
        together = draw(st.sampled_from(near if near and draw(st.integers(0, 3)) < 3 else far))
        values: dict[str, str | bytes] = dict(zip(numbered, together, strict=True))
        for name in names:
            values.setdefault(name, draw(st.sampled_from(self.words.get(name, ("1",)))))
            if draw(st.integers(0, 7)) == 7:
                values[name] = draw(st.sampled_from(self.single.get(name, ["1"])) | ODD)
        return ARGUMENT.sub(lambda found: quote(values[found[1]], safe=""), rule)


def forms_of(blueprint: str) -> Iterator[type[BaseForm]]:
    """The forms of an area, and those that several share."""
    waiting = BaseForm.__subclasses__()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith((f"ilp.blueprints.{blueprint}.", "ilp.web.")):
            yield form


def fields_of(blueprint: str) -> dict[str, list[UnboundField[Any]]]:
    """Every field name of an area with all that bear it."""
    found: dict[str, list[UnboundField[Any]]] = {}
    for form in forms_of(blueprint):
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                found.setdefault(name, []).append(field)
    return found


def ordinary(name: str, field: UnboundField[Any], ids: Ids) -> list[str]:
    """What a person might send in this field."""
    kind: type[Field] = field.field_class
    choices = field.kwargs.get("choices")
    if choices:
        return [str(choice.value if isinstance(choice, SelectChoice) else choice[0]) for choice in choices]
    if choices == []:
        return ids.for_field(name)
    if issubclass(kind, DateField):
        return [(today() + timedelta(days=days)).isoformat() for days in (-30, 0, 20)]
    if issubclass(kind, TimeField):
        return ["09:00", "11.30"]
    if issubclass(kind, IntegerField | DecimalField) or name == "version":
        return ["1", "2", "39"]
    return ["Rapat contoh", "1", ""]


def posts(
    rule: str,
    *,
    blueprint: str,
    ids: Ids,
    people: Mapping[str, User | None],
    often: Sequence[str],
    tokens: Mapping[str, str],
) -> Any:
    """Forms sent to a rule: mostly ordinary, with up to five fields that are not, now and then a file."""
    fields = fields_of(blueprint)
    files = [
        n for n, found in fields.items() if issubclass(found[0].field_class, FileField | MultipleFileField)
    ]
    usual = {
        n: [v for f in found for v in ordinary(n, f, ids)] for n, found in fields.items() if n not in files
    }

    @st.composite
    def request(draw: st.DrawFn) -> Request:
        username = draw(st.sampled_from(often))
        dice = draw(st.randoms(use_true_random=True))
        values: dict[str, Any] = {name: dice.choice(some).encode() for name, some in usual.items()}
        values |= draw(st.dictionaries(st.sampled_from(sorted(usual)), ODD, max_size=5))
        values |= draw(st.dictionaries(st.sampled_from(files), ODD, max_size=1)) if files else {}
        values["csrf_token"] = tokens[username].encode()
        path, htmx = ids.path(draw, rule, people[username]), draw(st.booleans())
        if not files or draw(st.booleans()):
            return Request(username, path, urlencode(values).encode(), htmx=htmx)
        parts = {name: value.decode(errors="replace") for name, value in values.items()}
        name, data = draw(st.sampled_from(files)), draw(st.sampled_from(FILES) | ODD)
        return Request(username, path, *multipart(parts, name, data), htmx=htmx)

    return request()


def multipart(fields: Mapping[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """A form with a file; its body and its type."""
    file = FileStorage(BytesIO(data), "foto <b>.jpg", name, "image/jpeg")
    boundary, body = encode_multipart({**fields, name: file}, boundary="fuzz-fuzz-fuzz")
    return body, f"multipart/form-data; boundary={boundary}"


def questions() -> list[str]:
    """Every name that some view reads from the query string."""
    return sorted({n for file in (ROOT / "ilp").rglob("*.py") for n in QUERY.findall(file.read_text())})


def gets(rule: str, blueprint: str, ids: Ids, people: Mapping[str, User | None], often: Sequence[str]) -> Any:
    """Addresses of a rule with odd arguments behind the question mark."""
    names = sorted({*questions(), *fields_of(blueprint)})
    values = ODD | st.sampled_from([b"1", b"35.07", b"35.07.13", b"2026", b"1~1", b"semua", b"open"])

    @st.composite
    def request(draw: st.DrawFn) -> Request:
        asked = draw(st.dictionaries(st.sampled_from(names), values, max_size=8))
        username = draw(st.sampled_from(often))
        path = f"{ids.path(draw, rule, people[username])}?{urlencode(asked)}"
        return Request(username, path, htmx=draw(st.booleans()))

    return request()
