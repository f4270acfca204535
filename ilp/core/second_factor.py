"""Codes that a phone computes from a key and the time (TOTP, RFC 6238), and codes for a lost phone.

A key exists in the clear in two places only: in the phone, and on the page that shows it once. Here it is
sealed (AES and HMAC, by Fernet) under a key derived from the installation's own, which lies outside the
database: neither a backup of the database, nor a log, nor the trail can compute a code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp

from ilp.core.config import current

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

STEP = 30
"""Seconds that a code lives; the one before and the one after are taken, too: clocks differ."""
RECOVERY_CODES = 10
ISSUER = "Simpul ILP"


def new_key() -> str:
    """A random key as phones take it: 32 letters and digits, 160 bits."""
    return pyotp.random_base32()


def seal(key: str) -> str:
    """The key as the database keeps it."""
    return _safe().encrypt(key.encode()).decode()


def unseal(sealed: str) -> str:
    """The key again. Raises InvalidToken if the installation's own key is not the one it was sealed under."""
    return _safe().decrypt(sealed.encode()).decode()


def _safe() -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415 (ten megabytes, for the moment of logging in)

    derived = hmac.digest(current().secret_key.encode(), b"second factor", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(derived))


def address(key: str, username: str) -> str:
    """The `otpauth://` address in the QR symbol."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(key: str, code: str, at: datetime) -> int | None:
    """The half minute (counted from 1970) whose code this is, if it is near; compared in constant time."""
    totp, here = pyotp.TOTP(key), int(at.timestamp()) // STEP
    found = None
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def new_recovery_codes(seed: str = "") -> list[str]:
    """Ten codes like `k3fa-9xq2-mm7d-w0tz`, of 80 bits each: random, or for a seed always the same.

    From a seed nobody computes them who does not have the installation's own key.
    """
    key = current().secret_key.encode() if seed else secrets.token_bytes(32)
    bits = (
        hmac.digest(key, f"recovery {n} {seed}".encode(), hashlib.sha256)[:10] for n in range(RECOVERY_CODES)
    )
    letters = (base64.b32encode(each).decode().lower() for each in bits)
    return ["-".join(text[start : start + 4] for start in range(0, 16, 4)) for text in letters]


def recovery_hash(code: str) -> str:
    """What is kept of such a code, however it was typed; it is random, so no slow hash is needed."""
    return hashlib.sha256("".join(filter(str.isalnum, code.lower())).encode()).hexdigest()
