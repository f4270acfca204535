"""What is answered when something of ours is broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.application import create_app
from ilp.core.config import Config
from ilp.core.db import db
from ilp.worker import is_there
from tests.support.browser import Browser

AWAY = {"sqlite": "sqlite:////tidak/ada/ilp.db", "postgresql": "postgresql://ilp@127.0.0.1:1/ilp"}


@pytest.fixture
def cut_off(engine, tmp_path):
    """The product, whose database cannot be reached."""
    app = create_app(Config.from_environment({"DATABASE_URL": AWAY[engine], "ILP_INSTANCE": str(tmp_path)}))
    yield app
    with app.app_context(), pytest.raises(sa.exc.OperationalError):
        db.session.execute(sa.select(1))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "partial"}])
def test_somebody_logged_in_is_told_to_wait_while_the_database_is_away(cut_off, headers):
    client = cut_off.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    answer = client.get("/rapat/", headers=headers)
    assert answer.status_code == 503
    assert "Tunggu" in answer.text or "sebentar" in answer.text


def test_an_answer_stands_though_the_database_goes_away_behind_it(committed, monkeypatch):
    app = committed.app()
    with app.app_context():
        dialect, end = db.engine.dialect, db.engine.dialect.do_rollback

    def gone(connection):
        end(connection)
        raise sa.exc.OperationalError("ROLLBACK", {}, Exception("server closed the connection"))

    @app.after_request
    def fall(response):
        monkeypatch.setattr(dialect, "do_rollback", gone)
        return response

    with app.app_context():
        browser = Browser(app, "setda.malang")
    assert browser.client.get("/rapat/").status_code == 200


def test_the_job_process_waits_for_its_database(cut_off):
    with cut_off.app_context():
        assert not is_there()
