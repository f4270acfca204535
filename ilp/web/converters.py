"""Path converters with the same input rule as forms: 32-bit numbers, official codes, verification codes."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, ValidationError


class NumberConverter(BaseConverter):
    """`<id:meeting_id>`: a positive 32-bit integer in plain digits."""

    regex = r"[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > 2**31 - 1:
            raise ValidationError
        return number


class WilayahConverter(BaseConverter):
    """`<wilayah:code>`: an official dotted code."""

    regex = r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?"


CONVERTERS = {"id": NumberConverter, "wilayah": WilayahConverter}
