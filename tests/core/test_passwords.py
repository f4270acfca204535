from __future__ import annotations

import pytest

from ilp.core import passwords
from ilp.core.db import transaction


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("pendek-saja", "12 sampai 128"),
        ("x" * 129, "12 sampai 128"),
        ("aaaaaaaaaaaab", "berulang"),
        ("081234567890", "angka saja"),
        ("Password1234!!", "sering ditebak"),
        ("P@ssw0rd12345", "sering ditebak"),
        ("P4ncas1l4!!!2024", "sering ditebak"),
        ("katasandikatasandi", "sering ditebak"),
        ("bismillah-2024", "sering ditebak"),
        ("malang2024malang", "sering ditebak"),
        ("qwertyuiop[123]", "sering ditebak"),
        ("camat.kepanjen2024", "nama"),
        ("Lalu-Rangga-1980", "nama"),
    ],
)
def test_a_guessable_password_is_refused(password: str, word: str) -> None:
    refusal = passwords.weakness(password, "camat.kepanjen", "Lalu Rangga")
    assert refusal
    assert word in refusal


@pytest.mark.parametrize(
    "password", ["kuda meja biru lari", "contoh-ilp-2024", "Rumah di tepi sungai 7", "x1!y2?z3#w4%"]
)
def test_a_long_unusual_password_will_do(password: str) -> None:
    assert passwords.weakness(password, "camat.kepanjen") is None


def test_a_password_fits_its_own_hash_only() -> None:
    stored = passwords.hash_password("kuda meja biru lari")
    assert stored.startswith("$argon2id$")
    assert passwords.verify_password(stored, "kuda meja biru lari")
    assert not passwords.verify_password(stored, "kuda meja biru larI")


@pytest.mark.parametrize("stored", [None, "", "bukan sidik"])
def test_nobody_and_nothing_never_fits(stored: str | None) -> None:
    assert not passwords.verify_password(stored, "")
    assert not passwords.verify_password(stored, "kuda meja biru lari")


def test_no_password_is_hashed_while_the_lock_is_held(app) -> None:
    with transaction(), pytest.raises(RuntimeError):
        passwords.hash_password("kuda meja biru lari")
    with transaction(), pytest.raises(RuntimeError):
        passwords.verify_password(None, "kuda meja biru lari")
