"""`flask akses ...`: who may do what, printed from the rules and scopes themselves."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from ilp.core.config import ROOT
from ilp.models.accounts import Role
from ilp.models.directory import OfficeKind
from ilp.models.place import place_codes
from ilp.policy.actions import Action
from ilp.policy.overview import OWN, Situation, record_at
from ilp.policy.rules import allowed
from ilp.policy.scope import in_place
from ilp.policy.user import Grant, User

cli = AppGroup("akses", help="Hak akses.")
MATRIX = ROOT / "tests" / "policy" / "matrix.txt"

HOLDERS = (
    (Role.SECRETARIAT, OfficeKind.SETDA, "35.07"),
    (Role.BODY_SECRETARIAT, OfficeKind.POKJANAL, "35.07"),
    (Role.HEALTH_OFFICE, OfficeKind.HEALTH_AGENCY, "35.07"),
    (Role.LEADER, OfficeKind.SETDA, "35.07"),
    (Role.IMPLEMENTER, OfficeKind.AGENCY, "35.07"),
    (Role.IMPLEMENTER, OfficeKind.KECAMATAN, "35.07.13"),
    (Role.IMPLEMENTER, OfficeKind.PUSKESMAS, "35.07.13"),
    (Role.IMPLEMENTER, OfficeKind.DESA, "35.07.13.2001"),
    (Role.PARTNER, OfficeKind.PARTNER, "35.07"),
    (Role.AUDITOR, OfficeKind.INSPECTORATE, "35"),
    (Role.ADMINISTRATOR, OfficeKind.OPERATOR, "35.07"),
)

BESIDE = {"35": "36", "35.07": "35.05", "35.07.13": "35.07.09", "35.07.13.2001": "35.07.13.2002"}
BELOW = {"35": "35.07", "35.07": "35.07.13", "35.07.13": "35.07.13.2001"}

WITHOUT_RECORD = frozenset(
    {
        Action.ACCOUNT_FACTOR,
        Action.ACCOUNT_SELF,
        Action.AUDIT_ACCOUNT,
        Action.AUDIT_READ,
        Action.COMMITMENT_CREATE,
        Action.DESK_READ,
        Action.DIRECTORY_READ,
        Action.GALLERY_READ,
        Action.GROUP_CREATE,
        Action.HELP_READ,
        Action.JOB_READ,
        Action.MEETING_CREATE,
        Action.REPORT_READ,
        Action.SEARCH,
        Action.TASK_ISSUE,
        Action.WILAYAH_READ,
    }
)
"""About something new, a list, or oneself: no place to stand in."""

ACCOUNTS = frozenset({Action.ACCOUNT_MANAGE, Action.ACCOUNT_SECURE, Action.SETTING_EDIT})
OFFICES = frozenset(
    {
        Action.IMPORT_RUN,
        Action.AUDIT_OFFICE,
        Action.AUDIT_PERSON,
        Action.DIRECTORY_CONTACT,
        Action.DIRECTORY_EDIT,
        Action.IMPORT_RUN,
        Action.PERSON_ADDRESS,
        Action.PERSON_ANONYMISE,
        Action.PERSON_EDIT,
        Action.PERSON_EXPORT,
        Action.PERSON_MERGE,
    }
)
"""Whoever administers a place sees its accounts (nobody else does) and its offices."""


def situations(code: str) -> dict[str, Situation]:
    """Each column of the matrix for somebody whose office lies at this code."""
    below = BELOW.get(code)
    return {
        "sendiri": Situation(code, office=OWN, part=True),
        "sewilayah": Situation(code),
        "di atas": Situation(code.rpartition(".")[0]),
        "di samping": Situation(BESIDE[code]),
        "di bawah": Situation(below),
        "ikut serta": Situation(code.rpartition(".")[0], part=True),
        "barisnya diteruskan": Situation(below, part=True, reviewer=OWN),
        "tugasnya diberi": Situation(below, part=True, issuer=OWN),
    }


COLUMNS = tuple(situations("35.07"))
ONLY_ASSIGNMENTS = COLUMNS[-2:]


def matrix() -> str:
    """The whole matrix as text: a change of rights is a change of this file, to be reviewed."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "Hak akses. ya: boleh; 403: terlihat, tetapi tidak boleh; 404: tidak terlihat; -: tidak ada."
    yield "Kolom: kantor pemilik catatan, dilihat dari kantor yang bertanya."
    with sa.create_engine("sqlite://").connect() as connection:
        for action in Action:
            yield ""
            yield f"{action}: {action.label}"
            columns = _columns(action)
            yield _line("", columns or ("boleh",))
            for role, kind, code in HOLDERS:
                user = User(1, "contoh", "Contoh", grants=(Grant(role, OWN, kind, "", code),))
                places = situations(code)
                cells = [_cell(connection, user, action, places[column]) for column in columns]
                yield _line(
                    f"  {role.label}, {kind.label}, {code}",
                    cells or ["ya" if allowed(user, action) else "403"],
                )


def _columns(action: Action) -> tuple[str, ...]:
    if action in WITHOUT_RECORD:
        return ()
    return COLUMNS if action.startswith("assignment:") else COLUMNS[: -len(ONLY_ASSIGNMENTS)]


def _line(head: str, cells: tuple[str, ...] | list[str]) -> str:
    widths = [max(len(column), 5) for column in COLUMNS]
    return (
        f"{head:<58}"
        + "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)).rstrip()
    )


def _cell(connection: sa.Connection, user: User, action: Action, at: Situation) -> str:
    if at.code is None:
        return "-"
    if not _sees(connection, user, action, at):
        return "404"
    return "ya" if allowed(user, action, record_at(at)) else "403"


def _sees(connection: sa.Connection, user: User, action: Action, at: Situation) -> bool:
    """Place by the very expression the queries use, evaluated on literals; part as the situation says."""
    here = SimpleNamespace(**{name: sa.literal(code) for name, code in place_codes(at.code or "").items()})
    administers = user.administers(at.code or "")
    if action in ACCOUNTS or (action in OFFICES and administers):
        return administers
    takes_part = at.part and bool(user.offices or user.partner_offices)
    return takes_part or bool(connection.scalar(sa.select(in_place(here, user))))


@cli.command("cetak")
def show() -> None:
    """Mencetak matriks hak akses ke tests/policy/matrix.txt."""
    MATRIX.write_text(matrix())
    click.echo(f"{len(matrix().splitlines())} baris ditulis ke {MATRIX.relative_to(ROOT)}.")
