"""Accounts from the machine itself, above all the very first administrator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask

from ilp.application import create_app
from ilp.cli.database import alembic_config
from ilp.core.config import Config
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, SecondFactor
from ilp.services import second_factor
from tests.support.databases import Database

NEW = "kuda meja biru lari"


@pytest.fixture
def run(committed: Database) -> Flask:
    return committed.app()


def say(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["akun", *words])
    return result.exit_code, result.output


def test_the_first_administrator_of_an_empty_house(tmp_path: Path) -> None:
    app = create_app(Config.from_environment({"ILP_INSTANCE": str(tmp_path), "ILP_DEMO": "0"}))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        db.engine.dispose()
    code, output = say(app, "buat", "Kepala.Sistem", "--peran", "administrator")
    assert code == 0, output
    link = re.search(r"http://127\.0\.0\.1:8000(/sandi/\S+)", output)
    assert link
    client = app.test_client()
    client.post(link[1], data={"csrf_token": token(client.get(link[1]).text)})
    form = {"csrf_token": token(client.get("/sandi").text), "new_password": NEW, "repeated_password": NEW}
    assert client.post("/sandi", data=form).location == "/masuk?kabar=sandi-baru"
    page = client.get("/masuk")
    assert "Akun contoh" not in page.text
    form = {"csrf_token": token(page.text), "username": "kepala.sistem", "password": NEW}
    assert client.post("/masuk", data=form).status_code == 303
    assert client.get("/akun/").location.startswith("/akun/kode-masuk"), (
        "an administrator enrols a phone first"
    )
    assert "kepala.sistem" in client.get("/akun/saya").text
    with app.app_context():
        db.engine.dispose()


def token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_an_account_is_suspended_and_restored(run: Flask) -> None:
    assert say(run, "bekukan", "camat.kepanjen") == (0, "Dibekukan.\n")
    code, output = say(run, "bekukan", "camat.kepanjen")
    assert code == 1
    assert "sudah dibekukan" in output
    assert say(run, "tautan-sandi", "camat.kepanjen")[0] == 1
    assert say(run, "pulihkan", "Camat.Kepanjen") == (0, "Dipulihkan.\n")
    assert "/sandi/" in say(run, "tautan-sandi", "camat.kepanjen")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bekukan", "tidak.ada"), "Tidak ada akun"),
        (("bekukan", "admin"), "terakhir"),
        (("buat", "admin", "--peran", "administrator"), "sudah dipakai"),
        (("buat", "a b", "--peran", "administrator"), "huruf kecil"),
        (("buat", "baru", "--peran", "leader"), "--kantor"),
        (("buat", "baru", "--peran", "leader", "--kantor", "999999"), "Tidak ada kantor"),
        (("buat", "baru", "--peran", "raja"), "raja"),
    ],
)
def test_what_is_refused_is_said(run: Flask, words: tuple[str, ...], sentence: str) -> None:
    code, output = say(run, *words)
    assert code != 0
    assert sentence in output


def test_a_lost_phone_is_forgotten(run: Flask) -> None:
    code, output = say(run, "atur-ulang-kode", "camat.kepanjen")
    assert (code, "tidak memakai kode masuk" in output) == (1, True)
    with run.app_context(), transaction():
        camat = db.session.scalars(sa.select(Account).where(Account.username == "camat.kepanjen")).one()
        second_factor.prepare(camat.id)
    assert say(run, "atur-ulang-kode", "camat.kepanjen")[0] == 0
    with run.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SecondFactor)) == 0
