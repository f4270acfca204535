"""What is answered when something of ours is broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp import create_app
from ilp.core.config import Config
from ilp.core.db import db

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
