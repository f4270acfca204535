"""The joint commitment, with its signatures and the record of how they were given."""

from __future__ import annotations

from collections import Counter
from typing import NotRequired, TypedDict

from ilp.core.indonesian import counted
from ilp.core.papers.parts import Ink, Letterhead, LetterNumber, Name, listed, person_name

TITLE = "komitmen bersama "


class Target(TypedDict):
    """What a clause comes to.

    {"text": "Puskesmas yang menerapkan ILP", "value": "39 Puskesmas", "due": "31/12/2025",
     "lead": "Dinas Kesehatan"}
    """

    text: str
    value: str
    due: str
    lead: str


class Clause(TypedDict):
    """A numbered promise; its first words are bold.

    {"lead": "Menerapkan ILP", "text": "di seluruh Puskesmas, Pustu dan Posyandu.", "targets": [{...}]}
    """

    lead: str
    text: str
    targets: list[Target]


class Signatory(Name, Ink):
    """Somebody who signed.

    {"prefix": "", "name": "Budi Rekaan", "suffix": "S.STP.", "position": "Camat Kurun",
     "capacity": "", "stroke": {...}, "typed": "", "method": "goresan layar",
     "at": "15/10/2024 09.42.55", "trace": "47a64b1b0822"}

    `position` carries Plt./Plh./Pj. before the office; `capacity` is in whose name, "a.n. Bupati Gunung Mas".
    `trace` is the first 12 hex digits of what was drawn or typed, or "".
    """

    position: str
    capacity: str
    trace: str


class SignatoryGroup(TypedDict):
    """An unsur and its signatories, in protocol order."""

    name: str
    people: list[Signatory]


class Unsigned(Name):
    """Somebody asked who did not sign; stands on the audit page only.

    {"prefix": "", "name": "Dewi Rekaan", "suffix": "", "position": "Ketua IBI",
     "outcome": "menolak", "reason": ""}

    `reason` only if the signatory wished it to be printed.
    """

    position: str
    outcome: str
    reason: str


class SigningRecord(TypedDict):
    """How it was signed.

    {"version": 1, "content_sha256": "<64 hex>", "opened": "15/10/2024 09.40 WIB",
     "closed": "15/10/2024 11.25 WIB", "zone": "WIB", "unsigned": []}
    """

    version: int
    content_sha256: str
    opened: str
    closed: str
    zone: str
    unsigned: list[Unsigned]


class CommitmentPaper(TypedDict):
    """Naskah komitmen bersama: page 1 the text, then the signatories by unsur, then how they signed.

    {"letterhead": {...}, "issuer": "Pemerintah Kabupaten Malang",
     "subject": ["Penyelenggaraan Integrasi Pelayanan Kesehatan Primer Kabupaten Malang"],
     "number": {...}, "preamble": "Pada hari ini, Selasa tanggal lima belas ..., kami ...",
     "clauses": [{...}], "closing": "Komitmen bersama ini dilaksanakan dengan penuh tanggung jawab.",
     "place_date": "Kepanjen, 15 Oktober 2024", "groups": [{"name": "Camat", "people": [...]}],
     "record": {...}}

    The title KOMITMEN BERSAMA and the word BERKOMITMEN between preamble and clauses belong to the paper;
    a `subject` that begins with the same words is printed without them. Of the letterhead it takes emblem and
    margins; papers from before they were frozen with it have none.
    """

    letterhead: NotRequired[Letterhead]
    issuer: str
    subject: list[str]
    number: LetterNumber
    preamble: str
    clauses: list[Clause]
    closing: str
    place_date: str
    groups: list[SignatoryGroup]
    record: SigningRecord


def subject(paper: CommitmentPaper) -> str:
    """What is promised, as it stands below the title: without the title's own words."""
    text = " ".join(paper["subject"])
    return text[len(TITLE) :].lstrip() if text.casefold().startswith(TITLE) else text


def signed_by_method(paper: CommitmentPaper) -> str:
    """`3 (tiga) orang: 2 goresan layar, 1 nama diketik`."""
    people = [person for group in paper["groups"] for person in group["people"]]
    methods = Counter(person["method"] for person in people if person["method"])
    return counted(len(people), "orang") + (f": {listed(methods)}" if methods else "")


def names(paper: CommitmentPaper) -> list[str]:
    """Every signatory twice (with the signature and on the audit page), typed names, and the unsigned."""
    people = [person for group in paper["groups"] for person in group["people"]]
    signed = [person_name(person) for person in people]
    unsigned = [person_name(person) for person in paper["record"]["unsigned"]]
    return signed * 2 + unsigned + [person["typed"] for person in people]
