"""Slice 8: a commitment is drafted, opened, signed from three accounts, and its naskah is issued."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.commitments import Commitment, CommitmentStatus, Slot, SlotStatus
from ilp.models.documents import Document, DocumentStatus
from tests.factories.commitments import open_commitment, seat_of, slot_for
from tests.support.browser import Browser
from tests.support.jobs import run_jobs
from tests.support.people import user_named

PASSWORD = "contoh-ilp-2024"
STROKES = "[[[10,80],[40,20],[80,90],[140,30],[200,70]]]"
PREAMBLE = "Kami yang bertanda tangan di bawah ini menyatakan komitmen bersama"


def last_commitment() -> Commitment:
    return db.session.scalars(sa.select(Commitment).order_by(Commitment.id.desc())).first()  # type: ignore[return-value]


def test_three_officials_sign_and_the_naskah_is_issued(as_user: Callable[[str], Browser]) -> None:
    setda = as_user("setda.malang")
    new = "/komitmen/baru"
    setda.post(new, {"title": "Penyelenggaraan ILP Kabupaten Malang", "preamble": PREAMBLE}, page=new)
    commitment = last_commitment()
    here = f"/komitmen/{commitment.id}"

    clause = f"{here}/butir/baru"
    setda.post(clause, {"heading": "Menerapkan ILP", "text": "di seluruh Puskesmas."}, page=clause)
    setda.post(clause, {"text": "Memperkuat Pokjanal Posyandu."}, page=clause)
    target = re.search(rf"{here}/butir/\d+/target", setda.get(here).text)
    assert target is not None
    setda.post(
        target.group(0),
        {
            "indicator": "Puskesmas yang menerapkan ILP",
            "unit": "Puskesmas",
            "value": "39",
            "due_on": "2027-12-31",
            "live_figure": "puskesmas_running",
        },
        page=target.group(0),
    )
    for login, group in (
        ("pimpinan.malang", "pimpinan"),
        ("dinkes.malang", "opd"),
        ("camat.kepanjen", "camat"),
    ):
        page = f"{here}/penandatangan?kelompok={group}"
        setda.post(page, {"position_id": [str(seat_of(login).position_id)]}, page=page)
    assert "39" in setda.get(here).text
    setda.post(f"{here}/buka", page=here)
    assert last_commitment().status is CommitmentStatus.OPEN

    for login in ("pimpinan.malang", "dinkes.malang", "camat.kepanjen"):
        signer = as_user(login)
        slot = slot_for(commitment, login)
        pad = f"/komitmen/tandatangan/{slot.id}"
        assert pad in signer.get(here).text
        signer.post(f"{pad}/buka", page=here)
        refused = signer.post(pad, {"strokes": STROKES, "password": "salah-sekali"}, page=pad, status=422)
        assert "sandi" in refused.text
        given = {"typed_name": slot.name} if login == "camat.kepanjen" else {"strokes": STROKES}
        signer.post(pad, {**given, "password": PASSWORD}, page=pad)
        assert slot_for(commitment, login).status is SlotStatus.SIGNED

    close = f"{here}/tutup"
    setda.post(close, {"letter_date": "2026-11-22"}, page=close)
    assert last_commitment().status is CommitmentStatus.CLOSED
    run_jobs()
    db.session.expire_all()
    document = db.session.scalars(sa.select(Document).where(Document.commitment_id == commitment.id)).one()
    assert document.status is DocumentStatus.ISSUED
    assert last_commitment().status is CommitmentStatus.IN_FORCE
    assert "3/3" in "".join(setda.get(here).text.split()) or "/3" in setda.get(here).text


def test_nobody_signs_for_another(as_user: Callable[[str], Browser]) -> None:

    commitment = open_commitment(user_named("setda.malang"))
    slot = slot_for(commitment, "camat.kepanjen")
    pad = f"/komitmen/tandatangan/{slot.id}"
    for login, status in (
        ("dinkes.malang", 403),
        ("setda.malang", 403),
        ("puskesmas.kepanjen", 404),
        ("setda.blitar", 404),
        ("auditor.jatim", 403),
    ):
        as_user(login).get(pad, status=status)
        as_user(login).post(pad, {"strokes": STROKES, "password": PASSWORD}, status=status)
    assert db.session.get_one(Slot, slot.id).status is SlotStatus.REQUESTED
