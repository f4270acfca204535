"""What a verb or a getter may refuse with. `web/errors.py` maps each to an answer, once."""

from __future__ import annotations


class RuleViolation(Exception):
    """A rule of the domain refuses; nothing was changed.

    `message` is a clear Indonesian sentence that says what to do; `field` names the form field
    it belongs beside, if there is one. Answered with 422.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Clash(RuleViolation):
    """Somebody else changed the same row first; answered with 409 and both texts.

    `theirs` is what stands now and `version` its number: sending that number again means "I have
    seen theirs".
    """

    def __init__(self, message: str, theirs: object, version: int | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.version = version


class NotFound(Exception):
    """There is no such thing within the place and part of this user: the two look the same (404).

    A sentence may be said of what was the user's own, and tells nothing that he may not see.
    """


class Forbidden(Exception):
    """The thing is visible, but this act on it is not for this user (403)."""


class TooMany(Exception):
    """A limit on guesses is used up. `retry_after` is in seconds. Answered with 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after
