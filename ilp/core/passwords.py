"""Passwords: hashed with Argon2id, compared in the same time for nobody, and refused when easily guessed.

Hashing is slow on purpose, so it never happens while a write lock is held.
"""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ilp.core.db import is_writing

SHORTEST = 12
LONGEST = 128

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The parameters that OWASP names for Argon2id: about 40 ms and 19 MB a guess on a small server."""

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2ltcHVsLWlscC1ub2JvZHk$o6DHC5kiUUxo4WYsJi5m4b9gSzI4nYkjyBa1hZWN4c4"
"""Compared with when there is no such account, so that the answer takes as long."""

COMMON = frozenset(
    """
    aabbcc abc abcdef abcdefg abcdefgh abcdefghijkl admin administrator akses alhamdulillah allahuakbar
    anakku asdf asdfgh asdfghjkl bapak bhinnekatunggalika bismillah bismillahirrahmanirrahim blitar
    bukittinggi bupati camat cinta cintaku cintaindonesia desa dinas dinkes dinaskesehatan diriku doraemon
    dragon garuda gantengsekali gunungmas gunungmasku halo hello ibuku iloveyou ilp indonesia indonesiaku
    indonesiamerdeka indonesiaraya insyaallah integrasilayananprimer jakarta jatim jawatimur kabupaten
    kabupatenmalang kader kantor katakunci katasandi katasandiku kecamatan keluarga keluargaku kelurahan
    kemenkes kepanjen kesehatan kosong letmein login lumajang lurah malang malangkab manis masuk masukin
    merdeka mamah mama monyet notulis operator pancasila papa passw passwd password passwordku pemda pemkab
    pimpinan pokjanal posyandu puskesmas qazwsx qazwsxedc qwerty qwertyui qwertyuiop qwertyuiopasdf rahasia
    rahasiaku rahasianegara sandi sandiku sayang sayangku sayangmama sekretariat selamatdatang selamatpagi
    semangat semangatpagi setda simpul simpulilp subhanallah surabaya sukses terimakasih testing tes
    tidakada ujicoba user welcome zxcvbn zxcvbnm
    """.split()
)
"""What people choose first, here and everywhere, without the digits and signs they hang on it."""

DECORATION = "0123456789!@#$%^&*._-?"
LEET = str.maketrans("0134578@$!", "oieastbasi")


KINDS = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())


def hash_password(password: str) -> str:
    """A salted Argon2id hash. Refuses to work inside a transaction: it would hold the lock for everybody."""
    _refuse_inside_transaction()
    return HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits. No such account (None) or none set (empty): compared too, never fits."""
    _refuse_inside_transaction()
    try:
        HASHER.verify(stored or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def weakness(password: str, *names: str, mixture: bool = False) -> str | None:
    """Why this password is refused, as an Indonesian sentence, or None when it will do.

    No rule about kinds of characters and none about age of our own (they make people write passwords
    down): length, and nothing that is guessed first. `names` are the user name and the like; `mixture` asks
    for the four kinds of characters, where an administrator has decided for the national rule.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Panjang kata sandi {SHORTEST} sampai {LONGEST} huruf. Beberapa kata acak mudah diingat."
    if mixture and not all(any(map(kind, password)) for kind in KINDS):
        return "Pakai sekaligus huruf besar, huruf kecil, angka, dan tanda baca atau spasi."
    return _guessed_first(password, names)


def _guessed_first(password: str, names: tuple[str, ...]) -> str | None:
    if len(set(password.casefold())) < 5:
        return "Kata sandi ini terlalu berulang. Pakai huruf yang lebih beragam."
    letters = _letters(password)
    if not letters:
        return "Kata sandi dari angka saja mudah ditebak. Tambahkan beberapa kata."
    bare = len(password.rstrip(DECORATION))
    spelt = (_letters(password[:end].translate(LEET)) for end in range(bare, len(password) + 1))
    if any(_is_repeated(core) for core in (letters, *spelt)):
        return (
            "Kata sandi ini termasuk yang paling sering ditebak. Pakai beberapa kata yang tidak berhubungan."
        )
    own = {_letters(name) for name in names}
    if any(name and letters.replace(name, "") in ("", *COMMON) for name in own):
        return "Kata sandi tidak boleh dibuat dari nama pengguna atau nama sendiri."
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


def _is_repeated(text: str) -> bool:
    """Whether a text is one of the common words, once or several times over."""
    return any(
        text == text[:size] * (len(text) // size) and text[:size] in COMMON
        for size in range(1, len(text) + 1)
        if len(text) % size == 0
    )


def _refuse_inside_transaction() -> None:
    if is_writing():
        raise RuntimeError("passwords are hashed before the transaction, not inside it")
