"""Telephone numbers: kept as `+62...`, shown as people here write them. Pure functions."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"[\s().\-/]+")
NATIONAL = re.compile(r"[1-9][0-9]{6,12}")
FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")


def normalised(text: str) -> str:
    """A number as it is kept, `+6281234567890`; "" for nothing.

    Takes what people type: `0812-3456-7890`, `62 812...`, `+62 (0)812...`, `8123...`, `(0341) 392124`; a
    number of another country with its `+`. Raises ValueError for anything else.
    """
    digits = SEPARATORS.sub("", text)
    if not digits:
        return ""
    if digits.startswith("+") and not digits.startswith("+62"):
        if FOREIGN.fullmatch(digits) is None:
            raise ValueError(text)
        return digits
    national = re.sub(r"^(\+62|62(?=[0-9]{8})|)0?", "", digits)
    if NATIONAL.fullmatch(national) is None or not (digits[0] in "+06" or national.startswith("8")):
        raise ValueError(text)
    return f"+62{national}"


def shown(phone: str) -> str:
    """`0812-3456-7890` for a mobile number, `0341392124` for any other of the country.

    >>> shown("+6281234567890")
    '0812-3456-7890'
    """
    if not phone.startswith("+62"):
        return phone
    local = f"0{phone[3:]}"
    return "-".join(filter(None, (local[:4], local[4:8], local[8:]))) if local.startswith("08") else local
