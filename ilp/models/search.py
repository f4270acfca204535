"""What can be found by words: one entry a record, written by triggers of the database and by nothing else.

A trigger sees every way in which a row is written, so nothing can be forgotten; migrations/versions tells
them. `keys` holds words of ours by which a search is bounded before any record is looked at: the kind, and
the places that the record lies in (see `place_key`).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, code_type
from ilp.core.enums import LabelledEnum


class Findable(LabelledEnum):
    """What can be found, in the order of the page."""

    MEETING = "meeting", "Rapat"
    DECISION = "decision", "Keputusan"
    TASK = "task", "Tugas"
    COMMITMENT = "commitment", "Komitmen"
    DOCUMENT = "document", "Dokumen"
    PERSON = "person", "Orang"
    OFFICE = "office", "Kantor"
    WILAYAH = "wilayah", "Wilayah"


EVERYWHERE, ABOVE, ALONE = "qall", "qtop", "only"
"""The key of every placed record, that of those above the provinces, and what makes a province's own."""


def place_key(code: str) -> str:
    """The key of all that lies in a place."""
    return f"q{code.replace('.', '')}" if code else EVERYWHERE


SHORTEST_WORD, LONGEST_WORD = 5, 40
"""Letters of a word in the vocabulary; migrations 0023 and 0036 know them, too."""


class SearchEntry(Keyed, Base):
    """The words of one record: small letters and digits, single spaces."""

    __tablename__ = "search_entry"
    __table_args__ = (sa.UniqueConstraint("kind", "record_id"),)

    kind: Mapped[str] = mapped_column(sa.String(24))
    record_id: Mapped[int]
    keys: Mapped[str] = mapped_column(sa.Text)
    words: Mapped[str] = mapped_column(sa.Text)


class SearchWord(Keyed, Base):
    """A word that some record holds or held: what a misspelt one may have meant.

    On PostgreSQL also what a typed beginning may be the beginning of. There a row may be an Indonesian stem,
    and one of LONGEST_WORD letters may be the beginning of a longer word.
    """

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(sa.String(LONGEST_WORD), unique=True)
    padded: Mapped[str] = mapped_column(sa.String(LONGEST_WORD + 4))
    """With spaces around, so that its ends are three letters, too."""


class PartElsewhere(Base):
    """A place outside of its own in which an office takes part: where its searches must look, too.

    A regency, or a province for what is the province's own. The office is or was invited there, asked to
    sign, given a task or one to follow: triggers add it, and take nothing back.
    """

    __tablename__ = "part_elsewhere"

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), primary_key=True)
    code: Mapped[str] = mapped_column(code_type(5), primary_key=True)
