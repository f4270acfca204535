"""Finding records by words: within scope only, a few of each kind, and one letter in a long word forgiven.

The index is bounded before it is read, by keys of the places that the user reads or takes part in. What it
gives is then asked of the records themselves by the very expressions of `policy.scope`, so the index decides
nothing about rights. Beside one's own regency, one's province and the nation, those places are looked through
in which an office of one's own takes part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.clock import today
from ilp.core.db import db, execute
from ilp.core.spelling import SHORTEST_FORGIVEN, halves, nearly, words_of
from ilp.core.statements import bound, prepared
from ilp.models.commitments import Commitment
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.documents import Document, Number
from ilp.models.meetings import Meeting, MinutesRow
from ilp.models.search import (
    ABOVE,
    ALONE,
    EVERYWHERE,
    LONGEST_WORD,
    SHORTEST_WORD,
    Findable,
    PartElsewhere,
    SearchEntry,
    SearchWord,
    place_key,
)
from ilp.models.tasks import Task
from ilp.models.wilayah import RegencySetting, Wilayah, WilayahKind
from ilp.policy.scope import Condition, Reach, known_office, known_person, values_of, visible
from ilp.policy.user import User
from ilp.queries.persons import joined

SHOWN = 5
"""Of each kind."""
LOOKED_AT = 25
"""Of each kind, from which the shown ones are the closest."""
FEW = 2_000
"""Entries that match, of all kinds, up to which SQLite looks into its index once."""
MOST_WORDS = 8
SPELT_OUT = 50
"""Words of the vocabulary that begin like a typed one, up to which PostgreSQL is asked for each of them."""
CANDIDATES = 5_000
"""Words of the vocabulary that begin or end like a misspelt one, and are compared with it."""
NAMES = (Findable.PERSON, Findable.OFFICE, Findable.WILAYAH)
"""Kinds that are looked for by name: the shortest first, for it says least beside. All else newest first."""


EVERYBODYS = (Findable.WILAYAH,)
"""Kinds that are looked for wherever they lie."""
POSTS, POSITIONS = "post", "position"
"""Entries of terms in positions, which lead to people, too, and of positions, which lead to offices."""
BESIDE = {Findable.PERSON: POSTS, Findable.OFFICE: POSITIONS}


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    kind: Findable
    id: int
    title: str
    note: str
    on: date | datetime | None
    code: str
    listed: str
    """What the list of its kind looks through for words, if there is one."""


@dataclass(frozen=True)
class Found:
    """What was found, by kind, and what was taken for a word that nobody uses."""

    groups: dict[Findable, list[Hit]]
    more: frozenset[Findable]
    """Kinds of which there is more than is shown."""
    meant: dict[str, list[str]]

    @property
    def count(self) -> int:
        return sum(map(len, self.groups.values()))


def search(user: User, text: str, kinds: Sequence[Findable]) -> Found:
    """What the user may see of these kinds and holds all the words: at most four statements, or six (`FEW`).

    Words of three letters or more are taken for the beginnings of words. Only if nothing is found is one
    wrong, missing, added or swapped letter forgiven in words of five letters or more. People are found by
    their names, and by the title and office of what they hold today; offices by their names, and by the
    titles of positions that nobody holds.
    """
    words = words_of(text)[:MOST_WORDS]
    if not words or not kinds:
        return Found({}, frozenset(), {})
    elsewhere = _elsewhere(user)
    hits = _hits(user, kinds, [[word] for word in words], elsewhere)
    meant: dict[str, list[str]] = {}
    if not hits:
        meant = _meant(words)
        if meant:
            hits = _hits(user, kinds, [[word, *meant.get(word, ())] for word in words], elsewhere)
    return _grouped(hits, words, meant)


# --- bounds ---------------------------------------------------------------------------------------
def _elsewhere(user: User) -> Sequence[str]:
    """Places outside of their own in which the user's offices take part: one statement."""
    if not user.offices:  # a partner's part is bounded by its area, which is looked through anyhow
        return ()
    return execute(_places_elsewhere(), {"offices": sorted(user.offices)}).scalars().all()


@prepared
def _places_elsewhere() -> sa.Select[str]:
    of_mine = PartElsewhere.office_id.in_(bound("offices", many=True))
    return sa.select(PartElsewhere.code).where(of_mine).distinct()


def _keys(user: User, kind: Findable, elsewhere: Sequence[str]) -> list[str]:
    """Of which at least one must be in the entry."""
    if kind in EVERYBODYS:
        return [EVERYWHERE]
    codes = [grant.wilayah_code for grant in user.grants]
    keys = {ABOVE, *(place_key(code) for code in user.places)}
    if kind in (Findable.OFFICE, Findable.PERSON):
        keys |= {place_key(code[:8]) for code in codes} | {place_key(code) for code in user.administered}
        return sorted(keys)
    for code in codes:
        keys |= {place_key(code[:5]), place_key(code[:2]) + ALONE if code else EVERYWHERE}
    keys |= {place_key(code) if "." in code else place_key(code) + ALONE for code in elsewhere}
    return sorted(keys)


Alternatives = Sequence[Sequence[str]]
"""The words that must be there, each with what it may be spelt like."""


def _match(words: Alternatives, *bounds: Iterable[str]) -> str:
    """The condition in the language of FTS5: one key of each of the bounds, and all the words."""
    each = (" OR ".join(f'"{word}"{"*" if len(word) > 2 else ""}' for word in one) for one in words)
    return " AND ".join(
        [*(f"keys : ({' OR '.join(keys)})" for keys in bounds), *(f"words : ({one})" for one in each)]
    )


def _asked(keys: Iterable[str], words: Alternatives) -> dict[str, str]:
    """What PostgreSQL makes its condition of: one of the keys, and all words, as they begin or as stems."""
    stems = " & ".join(f"({' | '.join(one)})" for one in words)
    return {"bounds": " | ".join(keys), "begun": " ".join(map("|".join, words)), "stems": stems}


# --- the statement --------------------------------------------------------------------------------
def _hits(user: User, kinds: Sequence[Findable], words: Alternatives, elsewhere: Sequence[str]) -> list[Hit]:
    """At most LOOKED_AT of each kind: one statement, two on SQLite where more than FEW entries match."""
    values = values_of(user) | {"today": today(user.zone)}
    within = sorted({key for kind in kinds if kind not in EVERYBODYS for key in _keys(user, kind, elsewhere)})
    reach, sought = Reach.of(user), tuple(kinds)
    if db.session.get_bind().dialect.name != "sqlite":
        rows = execute(_statement(reach, sought, BY_ARRAY), values | _asked(within, words)).all()
    else:
        everybodys = [f"k{kind.value}" for kind in kinds if kind in EVERYBODYS]
        values["match"] = _match(words, [*within, *everybodys])
        *rows, (_, matching, *_) = execute(_statement(reach, sought, AMONG_FEW), values)
        if matching > FEW:
            for kind, entries in _entries(kinds):
                values[f"match_{entries}"] = _match(words, [f"k{entries}"], _keys(user, kind, elsewhere))
            rows = execute(_statement(reach, sought, BY_KIND), values).all()
    hits: dict[tuple[Findable, int], Hit] = {}
    for kind, key, *said in rows:
        hits.setdefault((kind, key), Hit(Findable(kind), key, *said))
    return list(hits.values())


def _entries(kinds: Sequence[Findable]) -> list[tuple[Findable, str]]:
    """The kinds of entries that lead to records of these kinds."""
    each = ((kind, kind.value) for kind in kinds)
    return [*each, *((kind, BESIDE[kind]) for kind in kinds if kind in BESIDE)]


@prepared
def _statement(reach: Reach, kinds: tuple[Findable, ...], look: Look) -> sa.Select[*tuple[Any, ...]]:
    """What `look` finds of these kinds; if it counts, a last row has in place of a key how many match."""
    branches = [_branch(*one, reach, look).subquery() for one in _entries(kinds)]
    each = [sa.select(*branch.c) for branch in branches]
    if look.counts:
        matching = sa.select(sa.func.count()).select_from(MATCHING).scalar_subquery()
        each.append(sa.select(sa.null(), matching, *(sa.null() for _ in range(5))))
    return sa.union_all(*each)  # type: ignore[return-value]


def _branch(kind: Findable, entries: str, reach: Reach, look: Look) -> sa.Select[*tuple[Any, ...]]:
    record = RECORDS[entries](reach)
    found, matches, newest = look.find(entries, record.model)
    for target, condition in record.joins:
        found = sa.outerjoin(found, target, condition)
    return (
        sa.select(
            sa.literal(kind.value).label("kind"),
            (record.model.id if record.key is None else record.key).label("key"),
            sa.cast(record.title, sa.Text).label("title"),
            sa.cast(record.note, sa.Text).label("note"),
            (sa.cast(sa.null(), sa.Date) if record.on is None else look.day(record.on)).label("day"),
            record.code.label("code"),
            sa.cast(record.listed, sa.Text).label("listed"),
        )
        .select_from(found)
        .where(matches, record.seen)
        .order_by(*(sa.func.length(record.name), record.model.id) if kind in NAMES else (newest.desc(),))
        .limit(LOOKED_AT)
    )


class Matching(NamedTuple):
    """Records by the words of their entries: where they stand, which of them, and what their age goes by."""

    found: Any
    matches: Condition
    newest: sa.ColumnElement[int]


@dataclass(frozen=True)
class Look:
    """One way of looking into the index of a database."""

    find: Callable[[str, Any], Matching]
    """The entries of a kind, which lead to records of a model."""
    day: Callable[[Any], sa.ColumnElement[date]]
    """The day of a moment."""
    counts: bool = False
    """Whether it says, too, how many entries match."""


INDEX = sa.table("search_text", sa.column("rowid", sa.Integer), sa.column("search_text"))
INDEXED = sa.join(INDEX, SearchEntry, SearchEntry.id == INDEX.c.rowid)


def _matches(name: str) -> Condition:
    return INDEX.c.search_text.op("MATCH")(bound(name, sa.Text))


MATCHING = (
    sa.select(SearchEntry.id, SearchEntry.kind, SearchEntry.record_id)
    .select_from(INDEXED)
    .where(_matches("match"))
    .order_by(INDEX.c.rowid.desc())
    .limit(FEW + 1)
    .cte("matching")
)


def _among_few(entries: str, model: Any) -> Matching:
    """One look of FTS5 for all kinds, which is what takes time: it gathers each word from the whole index."""
    found = sa.join(MATCHING, model, model.id == MATCHING.c.record_id)
    return Matching(found, MATCHING.c.kind == entries, MATCHING.c.id)


def _by_kind(entries: str, model: Any) -> Matching:
    """FTS5 gives the newest entries first without sorting, so it stops when there are enough of a kind."""
    found = sa.join(INDEXED, model, model.id == SearchEntry.record_id)
    return Matching(found, _matches(f"match_{entries}"), INDEX.c.rowid)


def _day_of_sqlite(moment: Any) -> sa.ColumnElement[date]:
    return sa.type_coerce(sa.func.date(moment), sa.Date)


AMONG_FEW = Look(_among_few, _day_of_sqlite, counts=True)
BY_KIND = Look(_by_kind, _day_of_sqlite)


WORDS: sa.ColumnElement[Any] = sa.literal_column(
    "(to_tsvector('simple', words) || to_tsvector('indonesian', words))"
)
VECTOR: sa.ColumnElement[Any] = sa.literal_column(
    "(to_tsvector('simple', keys) || to_tsvector('simple', words) || to_tsvector('indonesian', words))"
)
"""What the indexes of PostgreSQL are over, letter by letter: that of the places, and that of all entries."""


BEGUN = f"""(
SELECT string_agg('(' || forms || ')', ' & ') FROM (
    SELECT string_agg(
        coalesce(written_out, typed || CASE WHEN length(typed) > 2 THEN '\\:*' ELSE '' END), ' | '
    ) AS forms FROM unnest(string_to_array((SELECT CAST(:begun AS text)), ' '))
    WITH ORDINALITY AS each(alternatives, place)
    CROSS JOIN unnest(string_to_array(alternatives, '|')) AS typed
    LEFT JOIN LATERAL (
        SELECT concat_ws(' | ', typed, string_agg(word, ' | ')) AS written_out FROM (
            SELECT word || CASE WHEN length(word) = {LONGEST_WORD} THEN '\\:*' ELSE '' END AS word
            FROM search_word WHERE word ~>=~ typed AND word ~<~ (typed || chr({sys.maxunicode}))
            LIMIT {SPELT_OUT + 1}
        ) AS words HAVING count(*) <= {SPELT_OUT}
    ) AS in_use ON typed ~ '^[a-z]{{{SHORTEST_WORD - 1}}}' AND length(typed) <= {LONGEST_WORD}
    GROUP BY place
) AS wanted)"""  # noqa: S608 (nothing of it was typed)
"""The typed words `:begun` (apart by spaces, what each may be spelt like apart by `|`) as a tsquery.

Where at most SPELT_OUT rows of the vocabulary begin with a word, it asks for these, else for `word:*`. GIN
gathers all that begins with a word from all regencies before it looks which are of one's own; of whole words
it passes over what is not: in a nation four times as fast. A word with a digit among its first letters is
never spelt out: the index may have taken it for two ("1e5a"). What was typed comes out of a subquery for the
sake of the plan (`_by_array`).
"""


def _wanted() -> sa.ColumnElement[Any]:
    begun = sa.func.to_tsquery("simple", sa.text(BEGUN).bindparams(bound("begun", sa.Text)))
    return begun.op("||")(sa.func.to_tsquery("indonesian", bound("stems", sa.Text)))


def _by_kinds(*where: Condition) -> sa.Select[*tuple[Any, ...]]:
    records = sa.func.array_agg(SearchEntry.record_id).label("records")
    return sa.select(SearchEntry.kind, records).where(*where).group_by(SearchEntry.kind)


@prepared
def _placed() -> sa.CTE:
    """What is found of all kinds but the places: one look into the index for all of them."""
    within = sa.func.to_tsquery("simple", bound("bounds", sa.Text)).op("&&")(_wanted())
    return _by_kinds(VECTOR.op("@@")(sa.select(within).scalar_subquery())).cte("placed")


@prepared
def _places() -> sa.CTE:
    """Places are for everybody, and as many as a nation has meetings: they have an index of their own."""
    of_places = SearchEntry.kind == sa.literal_column(f"'{Findable.WILAYAH.value}'")
    return _by_kinds(of_places, WORDS.op("@@")(sa.select(_wanted()).scalar_subquery())).cte("places")


def _by_array(entries: str, model: Any) -> Matching:
    """A plan that is made once and kept: making it took five times as long as carrying it out.

    PostgreSQL makes a plan anew for whom it believes that the values matter. Here it knows none: the words
    come out of a subquery and the keys out of an array, so it always goes by the index of words, and from
    there to the records by their keys, however many there are.
    """
    found = _places() if entries in EVERYBODYS else _placed()
    keys = sa.select(found.c.records).where(found.c.kind == entries).scalar_subquery()
    return Matching(model, model.id == sa.any_(sa.cast(keys, sa.ARRAY(sa.Integer))), model.id)


BY_ARRAY = Look(_by_array, lambda moment: sa.cast(moment, sa.Date))


Joins = Sequence[tuple[Any, Condition]]
NOTHING = sa.literal("")


class Record(NamedTuple):
    """What is said of a record of a kind, where it stands, and who may see it."""

    model: Any
    title: Any
    note: Any
    seen: Condition
    on: Any = None
    code: Any = NOTHING
    joins: Joins = ()
    key: Any = None
    """Where it is not the record that has the entry."""
    name: Any = None
    """What it is looked for by, if by name."""
    listed: Any = NOTHING


def _meeting(reach: Reach) -> Record:
    of_office = ((Office, Office.id == Meeting.office_id),)
    seen = visible(Meeting, reach)
    return Record(Meeting, Meeting.title, Office.name, seen, Meeting.starts_at, joins=of_office)


def _decision(reach: Reach) -> Record:
    of_meeting = ((Meeting, Meeting.id == MinutesRow.meeting_id),)
    code, seen = sa.cast(MinutesRow.meeting_id, sa.Text), visible(Meeting, reach)
    return Record(MinutesRow, MinutesRow.text, Meeting.title, seen, Meeting.starts_at, code, of_meeting)


def _task(reach: Reach) -> Record:
    of_office = ((Office, Office.id == Task.owner_office_id),)
    return Record(Task, Task.title, Office.name, visible(Task, reach), Task.due_on, joins=of_office)


def _commitment(reach: Reach) -> Record:
    of_office, seen = ((Office, Office.id == Commitment.office_id),), visible(Commitment, reach)
    return Record(Commitment, Commitment.title, Office.name, seen, Commitment.created_on, joins=of_office)


def _document(reach: Reach) -> Record:
    numbered = ((Number, Number.id == Document.number_id),)
    note, seen = sa.func.coalesce(Number.text, ""), visible(Document, reach)
    return Record(Document, Document.title, note, seen, Document.letter_date, joins=numbered)


def _person(reach: Reach) -> Record:
    known = _known(reach)
    latest = sa.func.coalesce(_latest(), "")
    return Record(Person, _name_in_full(), latest, known, name=Person.name, listed=Person.sort_name)


def _post(reach: Reach) -> Record:
    """Whoever holds a position today, by its title and office as well as by the name."""
    of_term = (
        (Person, Person.id == Appointment.person_id),
        (Position, Position.id == Appointment.position_id),
        (Office, Office.id == Position.office_id),
    )
    held = sa.and_(
        *_runs(),
        Position.archived_at.is_(None),
        Office.archived_at.is_(None),
        _known(reach),
    )
    post = Position.title + " " + Office.name
    return Record(
        Appointment,
        _name_in_full(),
        Position.title,
        held,
        joins=of_term,
        key=Person.id,
        name=post,
        listed=Person.sort_name,
    )


def _runs() -> tuple[Condition, ...]:
    """A term that runs today."""
    day = bound("today", sa.Date)
    return Appointment.starts_on <= day, sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day)


def _known(reach: Reach) -> Condition:
    return sa.and_(Person.anonymised_at.is_(None), ~joined(Person), known_person(reach))


def _name_in_full() -> sa.ColumnElement[str]:
    suffix = sa.case((Person.suffix == "", ""), else_=", " + Person.suffix)
    return sa.func.trim(Person.prefix + " " + Person.name + suffix)


def _office(reach: Reach) -> Record:
    above = sa.case((Office.district_code != "", Office.district_code), else_=Office.regency_code)
    of_place = ((Wilayah, Wilayah.code == above),)
    known = sa.and_(Office.archived_at.is_(None), known_office(reach))
    note = sa.func.coalesce(Wilayah.name, "")
    return Record(Office, Office.name, note, known, joins=of_place, name=Office.name, listed=Office.sort_name)


def _position(reach: Reach) -> Record:
    """The office of a position that nobody holds today."""
    of_office = ((Office, Office.id == Position.office_id),)
    held = sa.exists().where(Appointment.position_id == Position.id, *_runs()).correlate(Position)
    vacant = sa.and_(Position.archived_at.is_(None), Office.archived_at.is_(None), ~held, known_office(reach))
    title = Position.title
    return Record(
        Position,
        Office.name,
        title,
        vacant,
        joins=of_office,
        key=Office.id,
        name=title,
        listed=Office.sort_name,
    )


def _wilayah(reach: Reach) -> Record:
    """A place, as it is called in its own regency, and the one above it."""
    parent = aliased(Wilayah)
    joins = (
        (parent, parent.id == Wilayah.parent_id),
        (RegencySetting, RegencySetting.regency_code == sa.func.substr(Wilayah.code, 1, 5)),
    )
    label = sa.case(
        (Wilayah.kind == WilayahKind.KECAMATAN, RegencySetting.district_label),
        (Wilayah.kind == WilayahKind.DESA, RegencySetting.village_label),
    )
    official = sa.func.replace(sa.type_coerce(Wilayah.kind, sa.Text), "_", " ")
    called = sa.func.lower(sa.func.coalesce(label, official))
    note, seen = called + ", " + sa.func.coalesce(parent.name, "Indonesia"), Wilayah.valid_until.is_(None)
    return Record(Wilayah, Wilayah.name, note, seen, code=Wilayah.code, joins=joins, name=Wilayah.name)


RECORDS: dict[str, Callable[[Reach], Record]] = {
    Findable.MEETING.value: _meeting,
    Findable.DECISION.value: _decision,
    Findable.TASK.value: _task,
    Findable.COMMITMENT.value: _commitment,
    Findable.DOCUMENT.value: _document,
    Findable.PERSON.value: _person,
    POSTS: _post,
    Findable.OFFICE.value: _office,
    POSITIONS: _position,
    Findable.WILAYAH.value: _wilayah,
}


def _latest() -> sa.ScalarSelect[Any]:
    """What somebody holds or held last."""
    return (
        sa.select(sa.func.coalesce(Position.title, ""))
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.person_id == Person.id)
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
        .limit(1)
        .scalar_subquery()
    )


# --- one letter -----------------------------------------------------------------------------------
def _meant(words: Iterable[str]) -> dict[str, list[str]]:
    """For each long word, the words in use that differ from it by one letter: one statement."""
    long = [word for word in words if len(word) >= SHORTEST_FORGIVEN and word.isalpha()]
    if not long:
        return {}
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    near = (_near(word, sqlite=sqlite).subquery() for word in long)
    found: dict[str, list[str]] = {}
    for typed, word in db.session.execute(sa.union_all(*(sa.select(*one.c) for one in near))):
        if nearly(typed, word):
            found.setdefault(typed, []).append(word)
    return found


def _near(word: str, *, sqlite: bool) -> sa.Select[str, str]:
    """Words that begin or end like this one: a single fault leaves one of the two whole."""
    begin, end = halves(word)
    candidates = sa.select(sa.literal(word).label("typed"), SearchWord.word)
    if sqlite:
        index = sa.table("search_trigram", sa.column("rowid"), sa.column("search_trigram"))
        candidates = candidates.select_from(sa.join(index, SearchWord, SearchWord.id == index.c.rowid))
        like: Condition = index.c.search_trigram.op("MATCH")(f'"{begin}" OR "{end}"')
    else:
        like = sa.or_(SearchWord.padded.like(f"{begin}%"), SearchWord.padded.like(f"%{end}"))
    length = sa.func.length(SearchWord.word).between(len(word) - 1, len(word) + 1)
    return candidates.where(like, length).limit(CANDIDATES)


# --- the page -------------------------------------------------------------------------------------
def _grouped(hits: Sequence[Hit], words: Sequence[str], meant: dict[str, list[str]]) -> Found:
    """The closest of each kind: what is called exactly so, then what begins so, then the rest as found."""
    groups: dict[Findable, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.kind, []).append(hit)
    wanted = " ".join(words)

    def distance(hit: Hit) -> tuple[bool, bool, bool]:
        said = words_of(hit.title)
        name = " ".join(said)
        return (name != wanted, not name.startswith(wanted), not set(words) <= {*said, *words_of(hit.note)})

    for group in groups.values():
        group.sort(key=distance)
    shown = {word for hit in hits for word in words_of(f"{hit.title} {hit.note}")}
    told = {
        typed: [word for word in found if word in shown]
        for typed, found in meant.items()
        if typed not in shown
    }
    return Found(
        {kind: groups[kind][:SHOWN] for kind in Findable if kind in groups},
        frozenset(kind for kind, group in groups.items() if len(group) > SHOWN),
        {typed: found for typed, found in told.items() if found},
    )
