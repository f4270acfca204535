"""Whatever the verbs write into the trail has words for people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ilp.core.clock import Zone
from ilp.core.config import ROOT
from ilp.core.db import db
from ilp.models.tasks import ASSIGNMENT
from ilp.policy.actions import Action
from ilp.services import meetings
from ilp.web.deeds import ATTEMPTS, DEEDS, FIELDS, RECORDED, SUBJECTS, deed, details

LITERAL = re.compile(r"\"([a-z_]+:[a-z_-]+)\"")


def test_every_deed_has_words_and_every_word_a_deed() -> None:
    services = "".join(path.read_text() for path in (ROOT / "ilp" / "services").glob("*.py"))
    demo = "".join(path.read_text() for path in (ROOT / "ilp" / "cli" / "demo").glob("*.py"))
    written = {*LITERAL.findall(services + demo), *(f"assignment:{verb}" for verb in ASSIGNMENT.steps)}
    assert sorted(written - set(DEEDS) - set(Action)) == []
    assert sorted(set(DEEDS) - written - set(Action)) == []


def test_an_action_of_the_policy_can_be_looked_for_if_it_is_written() -> None:
    services = "".join(path.read_text() for path in (ROOT / "ilp" / "services").rglob("*.py"))
    recorded = re.findall(r"audit\.record\(\s*\w+,\s*(?:action=)?Action\.([A-Z_]+)", services)
    assert {Action[name] for name in recorded} == RECORDED


def test_an_action_of_the_policy_is_its_own_word() -> None:
    assert deed("meeting:edit") == Action.MEETING_EDIT.label
    assert deed("apa:saja") == "apa:saja"


def test_subjects_are_tables() -> None:
    assert set(SUBJECTS) <= set(db.metadata.tables)


NOT_CHANGES = {"actor", "place", "personal", "changes"}


def names_of(module: ast.Module) -> Iterator[str]:
    """The names under which the verbs of a module put values into the trail."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "record":
            yield from (word.arg for word in node.keywords if word.arg and word.arg not in NOT_CHANGES)
            given = [word.value for word in node.keywords if word.arg == "changes"]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "changes":
            given = [node.value]
        else:
            continue
        for inner in (one for value in given for one in ast.walk(value) if isinstance(one, ast.Dict)):
            yield from (key.value for key in inner.keys if isinstance(key, ast.Constant))


def test_every_value_in_the_trail_has_a_name() -> None:
    paths = (ROOT / "ilp" / "services").glob("*.py")
    written = {name for path in paths for name in names_of(ast.parse(path.read_text()))}
    assert {"status", "due_on", "office_id", "sessions"} <= written
    assert sorted((written | set(meetings.FACTS)) - set(FIELDS)) == []


def test_values_are_told_in_words() -> None:
    def told(changes: dict[str, object], table: str) -> dict[str, str]:
        return {name: str(value) for name, value in details(changes, table, Zone.WITA)}

    assert told(
        {"status": ["in_progress", "submitted"], "files": [], "note": "uji <b>", "reason": ""}, "assignment"
    ) == {
        "Keadaan": "dikerjakan → dilaporkan",
        "Catatan": "uji &lt;b&gt;",
    }
    assert told({"kind": "definitive", "action": "account:login"}, "appointment") == {
        "Jenis": "definitif",
        "Perbuatan": "masuk",
    }
    assert told({"kind": "decision", "decision": 3}, "meeting") == {
        "Jenis": "Keputusan",
        "Nomor keputusan": "3",
    }
    assert told({"status": ["none", "running"], "on": "2024-11-20"}, "facility") == {
        "Keadaan": "belum → menerapkan",
        "Sejak": "20 November 2024",
    }
    assert told({"starts_at": "2024-11-20T02:30:00+00:00"}, "meeting") == {
        "Mulai": "20 November 2024 pukul 10.30 WITA"
    }
    assert told({"granted": {"role": "secretariat", "office_id": 7}}, "role_grant") == {
        "Diberikan": "Sekretariat, 7"
    }
    assert told({"focus_on": [None, "2024-11-20"], "suspended": True, "added": 1}, "account") == {
        "Fokus sejak": "kosong → 20 November 2024",
        "Dibekukan": "ya",
        "Ditambahkan": "1",
    }


def test_a_digest_is_shortened_and_can_be_read_in_full() -> None:
    ((_, told),) = details({"sha256": "ab" * 32}, "document", Zone.WIB)
    assert ">abababababab<" in told
    assert f'title="{"ab" * 32}"' in told


def test_records_are_told_by_their_names() -> None:
    names = {("office", 7): "Setda <Contoh>", ("account", 3): "notulis.contoh"}
    changes = {"granted": {"role": "secretariat", "office_id": 7}, "minute_taker_id": [None, 3]}
    assert [str(value) for _, value in details(changes, "role_grant", Zone.WIB, names)] == [
        "Sekretariat, Setda &lt;Contoh&gt;",
        "kosong → notulis.contoh",
    ]


def test_of_long_texts_the_difference_is_marked() -> None:
    before = "Menganggarkan kegiatan Posyandu lewat Dana Desa <2025>"
    after = "Menganggarkan kegiatan Posyandu lewat APBDes <2025>"
    ((_, told),) = details({"text": [before, after]}, "clause", Zone.WIB)
    assert "<del>Dana Desa</del>" in told
    assert "<ins>APBDes</ins>" in told
    assert "&lt;2025&gt;" in told
    assert "<2025>" not in told


def test_every_attempt_has_words() -> None:
    source = (ROOT / "ilp" / "services" / "accounts.py").read_text()
    noted = set(re.findall(r'attempt="([a-z_]+)"', source))
    refused = {
        node.args[2].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "_refuse"
        and isinstance(node.args[2], ast.Constant)
    }
    assert len(refused) >= 4
    assert noted | refused == set(ATTEMPTS)


def test_an_attempt_is_told_in_words() -> None:
    def told(attempt: str) -> str:
        ((label, value),) = details({"attempt": attempt}, "account", Zone.WIB)
        assert label == "Percobaan"
        return str(value)

    assert told("suspend_self") == "membekukan akun sendiri"
    assert told("accounts.suspend /akun/1/bekukan") == "mengirim ke /akun/1/bekukan"
