"""A file names a new camat while a commitment waits for the signature of the old one: the new one signs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.indonesian import full_name
from ilp.models.accounts import Account
from ilp.models.commitments import CommitmentVersion, Slot, SlotStatus
from ilp.models.documents import Document, DocumentKind
from ilp.models.imports import ImportRun, ImportState
from ilp.models.notifications import Notification
from ilp.services import audit
from tests.factories.commitments import open_commitment
from tests.factories.directory import head_of, holder_of
from tests.support.browser import Browser, visible_text
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.sheets import made

OFFICE = "Kecamatan Kepanjen"
PASSWORD = "contoh-ilp-2024"
STROKES = "[[[10,80],[40,20],[80,90],[140,30],[200,70]]]"
NIP = "198003152005011003"
NEW = "Contoh Penerus"


def imported(browser: Browser, kind: str, *rows: list[Any]) -> str:
    """Handed in, looked at, applied: what the preview said."""
    page = f"/impor/{kind}"
    sent = {"place": "35.07", "file": (io.BytesIO(made([*rows])), f"{kind}.xlsx")}
    answer = browser.post(page, sent, page=page, content_type="multipart/form-data")
    run_jobs()
    address = answer.location.partition("?")[0]
    preview = visible_text(browser.get(address))
    browser.post(f"{address}/terapkan", page=address)
    run_jobs()
    run = db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    assert (run.state, run.error) == (ImportState.APPLIED, "")
    return preview


def slots(commitment: int) -> dict[str, Slot]:
    found = sa.select(Slot).where(Slot.commitment_id == commitment, Slot.position_id == head_of(OFFICE).id)
    return {slot.name: slot for slot in db.session.scalars(found)}


def test_whom_a_file_puts_in_office_signs_what_waits_there(as_user: Callable[[str], Browser]) -> None:
    commitment = open_commitment(user_named("setda.malang")).id
    here, person = f"/komitmen/{commitment}", holder_of(head_of(OFFICE), today())
    former, old_name = person.name, full_name(person.prefix, person.name, person.suffix)
    former_pad = f"/komitmen/tandatangan/{slots(commitment)[former].id}"
    as_user("camat.kepanjen").post(f"{former_pad}/buka", page=here)
    assert slots(commitment)[former].status is SlotStatus.OPENED

    admin, title, day = as_user("admin"), head_of(OFFICE).title, f"{today():%d/%m/%Y}"
    row = [OFFICE, title, NEW, NIP, day]
    preview = imported(admin, "pejabat", ["Kantor", "Jabatan", "Nama", "NIP", "TMT"], row)
    assert f"Menggantikan {former}" in preview
    imported(admin, "akun", ["Akun", "Kantor", "Peran", "NIP"], ["camat.penerus", OFFICE, "Pelaksana", NIP])

    found = slots(commitment)
    assert {name: slot.status for name, slot in found.items()} == {
        former: SlotStatus.REPLACED,
        NEW: SlotStatus.REQUESTED,
    }
    version = db.session.scalars(
        sa.select(CommitmentVersion).where(CommitmentVersion.commitment_id == commitment)
    ).one()
    assert old_name in str(version.content["roster"])
    assert NEW not in str(version.content["roster"])
    asked = sa.select(Notification.text).where(Notification.text.startswith("Tanda tangan diminta"))
    assert db.session.scalars(asked).all()

    late = as_user("camat.kepanjen").post(former_pad, {"strokes": STROKES, "password": PASSWORD}, status=422)
    assert "Sudah digantikan. Naskah ini ditandatangani pejabat penggantinya." in visible_text(late)
    with transaction():  # the successor has set the password meanwhile
        hashed = db.session.scalar(sa.select(Account.password_hash).where(Account.username == "setda.malang"))
        db.session.execute(
            sa.update(Account).where(Account.username == "camat.penerus").values(password_hash=hashed)
        )
    successor, pad = as_user("camat.penerus"), f"/komitmen/tandatangan/{found[NEW].id}"
    assert pad in successor.get(here).text
    successor.post(f"{pad}/buka", page=here)
    successor.post(pad, {"strokes": STROKES, "password": PASSWORD}, page=pad)
    close = f"{here}/tutup"
    as_user("setda.malang").post(close, {"letter_date": today().isoformat()}, page=close)
    run_jobs()
    paper = db.session.scalars(
        sa.select(Document).where(
            Document.commitment_id == commitment, Document.kind == DocumentKind.COMMITMENT
        )
    ).one()
    assert [who["name"] for group in paper.content["groups"] for who in group["people"]] == [NEW]
    unsigned = {row["name"]: row["outcome"] for row in paper.content["record"]["unsigned"]}
    assert unsigned[former] == "digantikan"
    assert [chain for chain in audit.chains() if audit.verify_chain(chain)] == []
