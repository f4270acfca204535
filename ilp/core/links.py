"""Personal links: a secret that is computed, not kept, so that copying a text twice gives the same link.

The token says for whom it is and which one it is (the generation), and carries an HMAC-SHA256 of
both under the installation's key, cut to 128 bits. The row keeps generation and expiry only: no
list, log or backup of the database can show a token. A new generation kills the older ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from ilp.core.config import current

TOKEN = re.compile(r"([1-9][0-9]{0,9})-([1-9][0-9]{0,5})-[A-Za-z0-9_-]{22}")


def make_token(purpose: str, key: int, generation: int) -> str:
    """The token of one purpose, one row and one generation."""
    message = f"link\0{purpose}\0{key}\0{generation}".encode()
    mac = hmac.digest(current().secret_key.encode(), message, hashlib.sha256)[:16]
    return f"{key}-{generation}-{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def read_token(purpose: str, token: str) -> tuple[int, int] | None:
    """The id and generation of a token that we made for this purpose, else None; asks no database."""
    found = TOKEN.fullmatch(token)
    if found is None:
        return None
    key, generation = int(found[1]), int(found[2])
    return (key, generation) if hmac.compare_digest(make_token(purpose, key, generation), token) else None
