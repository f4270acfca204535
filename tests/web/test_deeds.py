"""Whatever the verbs write into the trail has words for people."""

from __future__ import annotations

import re

from ilp.core.config import ROOT
from ilp.core.db import db
from ilp.models.tasks import ASSIGNMENT
from ilp.policy.actions import Action
from ilp.web.deeds import DEEDS, SUBJECTS, deed

LITERAL = re.compile(r"\"([a-z_]+:[a-z_-]+)\"")


def test_every_deed_has_words_and_every_word_a_deed() -> None:
    services = "".join(path.read_text() for path in (ROOT / "ilp" / "services").glob("*.py"))
    demo = "".join(path.read_text() for path in (ROOT / "ilp" / "cli" / "demo").glob("*.py"))
    written = {*LITERAL.findall(services + demo), *(f"assignment:{verb}" for verb in ASSIGNMENT.steps)}
    assert sorted(written - set(DEEDS) - set(Action)) == []
    assert sorted(set(DEEDS) - written - set(Action)) == []


def test_an_action_of_the_policy_is_its_own_word() -> None:
    assert deed("meeting:edit") == Action.MEETING_EDIT.label
    assert deed("apa:saja") == "apa:saja"


def test_subjects_are_tables() -> None:
    assert set(SUBJECTS) <= set(db.metadata.tables)
