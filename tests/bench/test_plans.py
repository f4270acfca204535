"""What is told of a plan is what was done: which tables were read through, and how many rows of them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bench.plans import explained_steps
from ilp.core.db import db
from ilp.models.wilayah import Wilayah


def test_what_is_read_from_end_to_end_is_told_with_all_its_rows(committed, engine):
    if engine == "sqlite":
        pytest.skip("auto_explain is PostgreSQL's")
    with committed.app().app_context(), explained_steps() as steps:
        rows = db.session.scalar(sa.select(sa.func.count()).select_from(Wilayah))
        steps.clear()
        assert db.session.scalars(sa.select(Wilayah.id).where(Wilayah.name == "nowhere")).all() == []
        assert [(step.how, step.where, step.rows) for step in steps] == [("Seq Scan", "wilayah", rows)]
        steps.clear()
        assert db.session.scalar(sa.select(Wilayah.id).where(Wilayah.code == "35.07"))
        assert [(step.how, step.where, step.rows) for step in steps] == [("Index Scan", "wilayah", 1)]
