"""What is found by words: within scope only, up to date whoever writes, and one letter forgiven."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import Zone, now, today
from ilp.core.db import db, transaction
from ilp.models.commitments import Commitment, Slot
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position
from ilp.models.meetings import Invitation, Meeting, MeetingStatus, MinutesRow, RowKind
from ilp.models.search import Findable, SearchEntry, SearchWord
from ilp.models.tasks import Assignment, AssignmentFollower, Task
from ilp.models.wilayah import RegencySetting, Wilayah
from ilp.policy.user import SYSTEM
from ilp.queries.search import BEGUN, SHOWN, SPELT_OUT, search
from ilp.services import merging
from ilp.services.directory import add_position, appoint
from tests.factories.commitments import open_commitment
from tests.factories.directory import head_of, holder_of, make_person, office_named
from tests.factories.documents import make_issued, number_of
from tests.factories.meetings import make_many
from tests.factories.minutes import make_meeting, make_row
from tests.factories.tasks import make_task
from tests.support.people import user_named
from tests.support.plans import reads, scans
from tests.support.queries import counted

ALL = tuple(Findable)
NAMES = "Kepanjen Singosari Lumajang Candipuro Dampit Bantur Tempursari Wonotirto Pasirian Garum".split()


def faults(name):
    word = name.lower()
    yield f"{word[:2]}x{word[3:]}"
    yield f"{word[:3]}{word[4:]}"
    yield f"{word[:1]}{word[2]}{word[1]}{word[3:]}"
    yield f"{word[:-1]}{word[-2]}{word[-1]}"


PAIRS = [(typed, name) for name in NAMES for typed in faults(name)]


def titles(user, text, kind=None):
    found = search(user, text, ALL)
    return [hit.title for k, hits in found.groups.items() if kind in (None, k) for hit in hits]


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def meeting_called(title, **over):
    meeting = make_meeting(user_named("setda.malang"))
    with transaction():
        meeting = db.session.get_one(Meeting, meeting.id)
        meeting.title = title
        for name, value in over.items():
            setattr(meeting, name, value)
        return meeting.id


def is_found(typed, name):
    groups = search(user_named("auditor.jatim"), typed, ALL).groups
    return any(name in hit.title for hits in groups.values() for hit in hits[:SHOWN])


def test_a_letter_is_forgiven_outside_of_a_transaction_as_pages_read(committed):
    with committed.app().app_context():
        assert [typed for typed, name in PAIRS if not is_found(typed, name)] == []


@pytest.mark.parametrize(
    ("typed", "name"), PAIRS, ids=[f"{n}-of-40-{typed}" for n, (typed, _) in enumerate(PAIRS, 1)]
)
def test_one_wrong_missing_swapped_or_added_letter_is_forgiven(app, typed, name):
    assert is_found(typed, name)


@pytest.mark.parametrize(
    "typed", ["kepanjen", "KEPANJEN", "kepan", "kecamatan kepanjen", "kepanjen kecamatan"]
)
def test_beginnings_of_words_in_any_order_and_case(setda, typed):
    assert "Kecamatan Kepanjen" in titles(setda, typed, Findable.OFFICE)


def in_use(words):
    with transaction():
        db.session.add_all(SearchWord(word=word, padded=f"  {word}  ") for word in words)


@pytest.mark.parametrize(
    "word",
    [
        "Xeno",
        "Xenon",
        "Xeno" * 10,
        "Xeno" * 12,
        "Xeno\u00e9s",
        "Xeno2e5x7",
        "7e5x",
    ],
)
@pytest.mark.parametrize("beginnings", [0, SPELT_OUT + 1], ids=["alone", "among-many"])
def test_a_word_of_any_length_is_found_by_its_beginnings(setda, word, beginnings):
    meeting_called(word)
    in_use(f"xenoq{number:03d}" for number in range(beginnings))
    typed = {word[:length] for length in (3, 4, 5, len(word) - 1, len(word))}
    typed = {begun for begun in typed if begun.isascii() and len(begun) >= 3}
    assert [begun for begun in typed if not any(word in title for title in titles(setda, begun))] == []


@pytest.mark.parametrize("typed", ["terampi", "terampil", "ekono", "ekonomi", "kseen", "kseenona"])
def test_postgresql_finds_the_beginnings_of_stems_and_of_what_it_takes_for_two_words(setda, typed):
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite knows no stems")
    title = "Keterampilan perekonomian 12e12kseenona"
    meeting_called(title)
    assert title in titles(setda, typed)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("xe", "(xe)"),
        ("xen", "(xen:*)"),
        ("xeno", "(xeno | xenoa | xenob)"),
        ("xenoa zzzzz", "(xenoa | xenoa) & (zzzzz)"),
        ("xenob|zzzzz", "(xenob | xenob | zzzzz)"),
        ("xenq", "(xenq:*)"),
        ("l" * 9, f"({'l' * 9} | {'l' * 40}:*)"),
        ("2024e", "(2024e:*)"),
    ],
)
def test_postgresql_asks_for_whole_words_where_few_begin_so(setda, typed, asked):
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has an index of beginnings")
    in_use(f"xenq{number:03d}" for number in range(SPELT_OUT + 1))
    meeting_called(f"Xenoa Xenob {'L' * 50} 2024E5")
    wanted = db.session.scalar(sa.text(f"SELECT {BEGUN}"), {"begun": typed})
    parts = [" | ".join(sorted(one.strip("()").split(" | "))) for one in wanted.split(" & ")]
    assert " & ".join(f"({one})" for one in parts) == asked


def test_what_is_called_exactly_so_comes_first(setda):
    assert search(setda, "kepanjen", ALL).groups[Findable.WILAYAH][0].title == "Kepanjen"
    assert search(setda, "kecamatan dampit", ALL).groups[Findable.OFFICE][0].title == "Kecamatan Dampit"


def test_nobody_finds_what_is_not_his_and_the_invited_find_what_is_above(setda):
    meeting_called("Zirkonium untuk Semua", status=MeetingStatus.INVITED)
    guest = user_named("camat.guguak-panjang")
    assert titles(setda, "zirkonium") == ["Zirkonium untuk Semua"]
    for name in ("camat.guguak-panjang", "pokjanal.gunungmas", "mitra.blitar", "admin", "puskesmas.kepanjen"):
        for typed in ("zirkonium", "zirkoniun", "zirkonium untuk semua"):
            assert titles(user_named(name), typed) == [], name
    office = db.session.get_one(Office, next(iter(user_named("puskesmas.kepanjen").offices)))
    meeting = db.session.scalars(sa.select(Meeting).where(Meeting.title.startswith("Zirkonium"))).one()
    seat = db.session.scalars(sa.select(Invitation).limit(1)).first()
    assert guest.places
    with transaction():
        db.session.add(_seat(meeting.id, office))
    assert seat is None or seat.meeting_id != meeting.id
    assert titles(user_named("puskesmas.kepanjen"), "zirkonium") == ["Zirkonium untuk Semua"]


def invited(office, osmium):
    return _seat(osmium[Findable.MEETING], office)


def assigned(office, osmium):
    return _like(Assignment, Assignment.task_id == osmium[Findable.TASK], office_id=office.id)


def asked_to_sign(office, osmium):
    position = db.session.scalars(
        sa.select(Position.id).where(Position.office_id == office.id).limit(1)
    ).one()
    over = {"office_id": office.id, "position_id": position, "person_id": None}
    return _like(Slot, Slot.commitment_id == osmium[Findable.COMMITMENT], **over)


def following(office, osmium):
    row = sa.select(Assignment.id).where(Assignment.task_id == osmium[Findable.TASK]).limit(1)
    return AssignmentFollower(assignment_id=db.session.scalars(row).one(), office_id=office.id)


PARTS = {
    invited: {"Osmium dirapatkan", "Osmium diputuskan"},
    assigned: {"Osmium ditugaskan"},
    following: {"Osmium ditugaskan"},
    asked_to_sign: {"Osmium disepakati"},
}
"""How an office takes part in what is made in `osmium`, and what it sees of it then."""


def _like(model, where, **over):
    """A row more like one that is there."""
    row = db.session.scalars(sa.select(model).where(where).limit(1)).one()
    kept = [c.key for c in sa.inspect(model).column_attrs if not c.columns[0].computed and c.key != "id"]
    return model(**({name: getattr(row, name) for name in kept} | over))


@pytest.fixture
def osmium(setda):
    """A meeting with a decision, a task and a commitment of Kabupaten Malang."""
    meeting = meeting_called("Osmium dirapatkan", status=MeetingStatus.IN_SESSION)
    make_row(setda, db.session.get_one(Meeting, meeting), "Osmium diputuskan", RowKind.DECISION)
    return {
        Findable.MEETING: meeting,
        Findable.TASK: make_task(setda, title="Osmium ditugaskan").id,
        Findable.COMMITMENT: open_commitment(setda, title="Osmium disepakati").id,
    }


@pytest.mark.parametrize("username", ["camat.garum", "camat.guguak-panjang"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_what_one_takes_part_in_is_found_in_another_regency_or_province_as_it_is_seen(osmium, part, username):
    guest = user_named(username)
    assert titles(guest, "osmium") == []
    with transaction():
        db.session.add(part(db.session.get_one(Office, min(guest.offices)), osmium))
    with counted() as statements, reads() as read:
        assert set(titles(guest, "osmium")) == PARTS[part]
    assert len(statements) <= 2
    assert not scans(read)
    assert titles(user_named("lurah.tampang"), "osmium") == []


@pytest.mark.parametrize("province", [True, False], ids=["of-a-province", "of-another-regency"])
@pytest.mark.parametrize("who", ["record", "office"])
def test_what_one_takes_part_in_is_found_though_one_of_both_moves_away(osmium, who, province):
    guest = user_named("camat.kepanjen")
    office = db.session.get_one(Office, min(guest.offices))
    with transaction():
        for part in (invited, following):  # it is asked to sign and has the task
            db.session.add(part(office, osmium))
    everything = set().union(*PARTS.values())
    assert set(titles(guest, "osmium")) == everything
    codes = {"province_code": "62", "regency_code": "" if province else "62.10", "district_code": ""}
    moved = [(Meeting, osmium[Findable.MEETING]), (Task, osmium[Findable.TASK])]
    moved += [(Commitment, osmium[Findable.COMMITMENT])]
    with transaction():
        for model, key in moved if who == "record" else [(Office, office.id)]:
            db.session.execute(sa.update(model).where(model.id == key).values(**codes))
    if who == "office":
        away = "62" if province else "62.10"
        guest = replace(guest, grants=tuple(replace(grant, wilayah_code=away) for grant in guest.grants))
    assert set(titles(guest, "osmium")) == everything


def _seat(meeting_id, office):
    columns = {c.key for c in sa.inspect(Invitation).column_attrs}
    facts = {
        "meeting_id": meeting_id, "office_id": office.id, "constituency": office.constituency,
        "title": "Kepala",
        "office_name": office.name, "name": "", "sort_name": "", "status": "sent", "protocol_order": 1,
    }  # fmt: skip
    return Invitation(**{name: value for name, value in facts.items() if name in columns})


def test_an_entry_follows_its_record_whoever_writes_it(setda):
    key = meeting_called("Berylium pertama")
    assert titles(setda, "berylium")
    db.session.execute(sa.text("UPDATE meeting SET title = 'Kadmium kedua' WHERE id = :id"), {"id": key})
    assert titles(setda, "kadmium") == ["Kadmium kedua"]
    assert titles(setda, "berylium") == []
    entry = sa.select(sa.func.count()).where(SearchEntry.kind == "meeting", SearchEntry.record_id == key)
    assert db.session.scalar(entry) == 1


def test_decisions_are_found_and_notes_and_removed_rows_are_not(setda):
    key = meeting_called("Rapat tentang unsur")
    meeting = db.session.get_one(Meeting, key)
    item = db.session.scalar(
        sa.text("SELECT id FROM agenda_item WHERE meeting_id = :id LIMIT 1"), {"id": key}
    )
    common = {
        "meeting_id": key, "agenda_item_id": item, "created_at": now(), "updated_at": now(),
        "author_id": setda.account_id, "author_name": "Contoh",
    }  # fmt: skip
    known = {c.key for c in sa.inspect(MinutesRow).column_attrs}
    common = {name: value for name, value in common.items() if name in known}
    with transaction():
        note = MinutesRow(place=1, kind=RowKind.NOTE, text="Rubidium dicatat", **common)
        decision = MinutesRow(place=2, kind=RowKind.DECISION, text="Rubidium diputuskan", decision_number=7,
                              decision_year=2026, **common)  # fmt: skip
        db.session.add_all([note, decision])
    assert titles(setda, "rubidium") == ["Rubidium diputuskan"]
    assert titles(setda, "keputusan 7 2026") == ["Rubidium diputuskan"]
    with transaction():
        db.session.get_one(MinutesRow, decision.id).removed_at = now()
    assert titles(setda, "rubidium") == []
    assert meeting is not None


def test_documents_are_found_by_their_number(setda):
    document = make_issued(setda)
    number = number_of(document)
    text = number if isinstance(number, str) else number.text
    assert document.title in titles(setda, text, Findable.DOCUMENT)
    assert document.title not in titles(user_named("camat.guguak-panjang"), text)


def test_people_are_found_where_they_hold_something_and_follow_their_name(setda):
    person = db.session.scalars(
        sa.select(Person).where(sa.text("id IN (SELECT a.person_id FROM appointment a JOIN position p ON"
                                        " p.id = a.position_id JOIN office o ON o.id = p.office_id"
                                        " WHERE o.regency_code = '35.07')")).limit(1)
    ).one()  # fmt: skip
    with transaction():
        locked = db.session.get_one(Person, person.id)
        locked.name = "Telurium Contoh"
    assert titles(setda, "telurium", Findable.PERSON)
    assert titles(user_named("camat.guguak-panjang"), "telurium") == []
    with transaction():
        db.session.get_one(Person, person.id).name = "Galium Contoh"
    assert titles(setda, "telurium") == []


def test_a_record_that_was_joined_into_another_is_not_found(setda):
    admin, office = user_named("admin"), office_named("Kecamatan Kepanjen")
    kept, gone = (make_person(admin, office, "Berilium Contoh") for _ in range(2))
    assert len(titles(admin, "berilium", Findable.PERSON)) == 2
    with transaction():
        merging.merge(actor=admin, kept=kept, gone=gone)
    assert len(titles(admin, "berilium", Findable.PERSON)) == 1


def test_whoever_holds_a_position_is_found_by_its_title_and_office(setda):
    person = holder_of(head_of("Kecamatan Kepanjen"), today())
    for typed in ("camat kepanjen", "kepanjen camat", f"camat {person.name}", "camat kecamatan kepanjen"):
        found = search(setda, typed, ALL)
        assert found.groups[Findable.PERSON][0].id == person.id, typed
        assert found.groups[Findable.PERSON][0].note == "Camat Kepanjen"
    assert titles(user_named("camat.guguak-panjang"), "camat kepanjen", Findable.PERSON) == []
    health = search(setda, "kepala dinas kesehatan", ALL).groups[Findable.PERSON]
    assert health[0].note == "Kepala Dinas Kesehatan"


def test_a_position_that_nobody_holds_leads_to_its_office(setda):
    """As after the first day of a regency, whose offices have heads by its own words and no names yet."""
    admin, office = user_named("admin"), office_named("Kecamatan Bantur")
    person = make_person(admin, office, "Niobium Contoh")
    with transaction():
        db.session.get_one(Office, office.id).name = "Distrik Prafi"
        position = add_position(actor=admin, office=office, title="Kepala Distrik Prafi", is_head=False)
    for typed in ("kepala distrik prafi", "prafi kepala", "kepala distrik prfai"):
        hit = search(setda, typed, ALL).groups[Findable.OFFICE][0]
        assert (hit.id, hit.title, hit.note) == (office.id, "Distrik Prafi", "Kepala Distrik Prafi"), typed
    assert titles(user_named("setda.blitar"), "kepala distrik prafi") == []
    with transaction():
        term = {"person": person, "kind": AppointmentKind.DEFINITIVE, "starts_on": today()}
        appoint(actor=admin, office=office, position=position, **term)
    found = search(setda, "kepala distrik prafi", ALL).groups
    assert [hit.id for hit in found[Findable.PERSON]] == [person.id]
    assert Findable.OFFICE not in found


def test_only_what_is_held_today_leads_to_somebody_and_all_it_is_called_by_is_kept_up(setda):
    def found(text):
        return [hit.id for hit in search(setda, text, ALL).groups.get(Findable.PERSON, [])]

    position, day = head_of("Kecamatan Kepanjen"), today()
    person = holder_of(position, day)
    with transaction():
        db.session.get_one(Position, position.id).title = "Nakhoda Argentum"
    assert found("nakhoda argentum") == [person.id]
    with transaction():
        db.session.get_one(Office, position.office_id).name = "Kecamatan Molibdenum"
    assert found("nakhoda molibdenum") == [person.id]
    with transaction():
        db.session.get_one(Person, person.id).name = "Ruthenium Contoh"
    assert found("nakhoda ruthenium") == [person.id]
    term = db.session.scalars(
        sa.select(Appointment).where(
            Appointment.position_id == position.id, Appointment.person_id == person.id
        )
    ).one()
    for begins, ends, holds in [(-9, -1, False), (-9, 0, True), (1, None, False), (0, None, True)]:
        with transaction():
            running = db.session.get_one(Appointment, term.id)
            running.starts_on = day + timedelta(days=begins)
            running.ends_on = None if ends is None else day + timedelta(days=ends)
        assert found("nakhoda molibdenum") == ([person.id] if holds else [])
    with transaction():
        other = Person(name="Osmium Contoh", sort_name="osmium contoh")
        db.session.add(other)
        db.session.flush()
        db.session.get_one(Appointment, term.id).person_id = other.id
    assert found("nakhoda molibdenum") == [other.id]
    with transaction():
        db.session.get_one(Position, position.id).archived_at = now()
    assert found("nakhoda molibdenum") == []
    with transaction():
        db.session.get_one(Position, position.id).archived_at = None
        db.session.delete(db.session.get_one(Appointment, term.id))
    assert found("nakhoda molibdenum") == []


@pytest.mark.parametrize(
    ("typed", "taken_for"), [("camat", {}), ("camat kepanjn", {"kepanjn": ["kepanjen"]})]
)
def test_a_word_in_use_is_not_taken_for_another(setda, typed, taken_for):
    meeting_called("Jamat dan carat")
    found = search(setda, typed, ALL)
    assert found.meant == taken_for
    assert "Camat" in found.groups[Findable.PERSON][0].note
    assert Findable.MEETING not in found.groups or typed != "camat"


def test_entries_follow_a_place_that_changes(setda):
    """Of an office, what is held there; of a record, itself and its decisions."""
    stranger = user_named("setda.blitar")
    office = office_named("Kecamatan Kepanjen")
    person, meeting = holder_of(head_of(office.name), today()), meeting_called("Rapat Iridium")
    make_row(setda, db.session.get_one(Meeting, meeting), "Iridium diputuskan", RowKind.DECISION)
    with transaction():
        db.session.get_one(Person, person.id).name = "Iridium Contoh"
    assert len(titles(setda, "iridium")) == 3
    assert titles(stranger, "iridium") == []
    there = {"province_code": "35", "regency_code": "35.05", "district_code": ""}
    with transaction():
        for model, key in ((Office, office.id), (Meeting, meeting)):
            db.session.execute(sa.update(model).where(model.id == key).values(**there))
    assert len(titles(stranger, "iridium")) == 3


def test_a_position_that_moves_to_another_office_takes_those_along_who_held_it(setda):
    position, day = head_of("Kecamatan Kepanjen"), today()
    person = holder_of(position, day)
    with transaction():
        db.session.execute(
            sa.update(Appointment)
            .where(Appointment.position_id == position.id)
            .values(ends_on=day - timedelta(days=1), starts_on=day - timedelta(days=9))
        )
        db.session.get_one(Person, person.id).name = "Osmium Contoh"
        db.session.get_one(Position, position.id).office_id = office_named("Kecamatan Garum").id
    assert len(titles(user_named("setda.blitar"), "osmium", Findable.PERSON)) == 1


def test_a_place_is_found_by_the_name_the_press_uses(setda):
    assert "Kurun" in titles(setda, "kuala kurun", Findable.WILAYAH)
    with transaction():
        place = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == "35.07.13")).one()
        db.session.execute(
            sa.text("INSERT INTO wilayah_alias (wilayah_id, name, sort_name, source)"
                    " VALUES (:id, 'Antimonium', 'antimonium', '')"), {"id": place.id})  # fmt: skip
    assert "Kepanjen" in titles(setda, "antimonium", Findable.WILAYAH)


def test_a_place_is_called_as_in_its_own_regency(setda):
    def called(code):
        place = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one()
        hits = search(setda, place.name, (Findable.WILAYAH,)).groups[Findable.WILAYAH]
        return next(hit.note for hit in hits if hit.code == code)

    there = ("35.05.11", "35.05.11.2008", "35.05.11.1006", "35.05")
    official = [called(code) for code in there]
    assert [note.partition(",")[0] for note in official] == ["kecamatan", "desa", "kelurahan", "kabupaten"]
    common = {"zone": Zone.WIB, "set_up_at": now()}
    with transaction():
        for code, words in (("35.05", ("Distrik", "Kampung")), ("35.07", ("Kapanewon", "Kalurahan"))):
            setting = db.session.get(RegencySetting, code) or RegencySetting(regency_code=code, **common)
            setting.district_label, setting.village_label = words
            db.session.add(setting)
    changed = [called(code).partition(",")[0] for code in there]
    assert changed == ["distrik", "kampung", "kelurahan", "kabupaten"]
    assert called("35.07.13").startswith("kapanewon, ")


@pytest.mark.parametrize(
    "typed", ["kepanjen", "kepanxen", "zzzzzzz yyyyyyy xxxxxxx", "rapat koordinasi kepanjen"]
)
def test_the_number_of_statements_is_bounded_and_nothing_is_read_through(setda, typed):
    with counted() as statements, reads() as read:
        search(setda, typed, ALL)
    assert len(statements) <= 4
    assert not scans(read)


@pytest.mark.parametrize("typed", ["kepanjen", "kepanxen", "rapat", "zirkonium"])
def test_sqlite_finds_the_same_where_much_matches(setda, monkeypatch, typed):
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL gathers all that matches")
    at_once = search(setda, typed, ALL)
    monkeypatch.setattr("ilp.queries.search.FEW", -1)
    with counted() as statements, reads() as read:
        assert search(setda, typed, ALL) == at_once
    assert len(statements) <= 6
    assert not scans(read)


def test_the_number_of_statements_is_the_same_however_much_matches(setda):
    costs, there = [], 0
    for number in (1, 30, 185, 1000):
        make_many(setda, number - there, title="Rapat Zirkonium")
        there = number
        words = sa.select(sa.func.count(SearchEntry.id)).where(SearchEntry.words.contains("zirkonium"))
        assert db.session.scalar(words) == number
        with counted() as statements:
            assert titles(setda, "zirkonium", Findable.MEETING)
        costs.append(len(statements))
    if db.session.get_bind().dialect.name == "sqlite":
        assert max(costs) <= 6
    else:
        assert len(set(costs)) == 1
        assert costs[0] <= 4


def test_postgresql_makes_one_plan_whatever_is_looked_for(setda):
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        pytest.skip("SQLite plans in no time")
    connection.exec_driver_sql("ANALYZE search_entry")
    plans = set()
    for typed in ("kecamatan", "zirkonium", "rapat koordinasi"):
        with reads() as read:
            search(setda, typed, ALL)
        text, parameters = next(one for one in read if "search_entry" in one.text)
        lines = connection.exec_driver_sql(f"EXPLAIN {text}", parameters).scalars()
        plans.add("\n".join(lines))
        assert text.count("FROM search_entry") == 2, "one look for places, one for all else"
    assert len(plans) == 1


def test_postgresql_keeps_no_list_of_what_is_not_yet_in_an_index(app):
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("FTS5 knows no such list")
    kept = "SELECT relname FROM pg_class JOIN pg_am a ON a.oid = relam WHERE amname = 'gin'"
    at_once = f"{kept} AND reloptions @> ARRAY['fastupdate=off']"
    assert db.session.scalars(sa.text(at_once)).all() == db.session.scalars(sa.text(kept)).all() != []


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "*",
        "a OR b",
        "NEAR(a b)",
        "-x",
        "(((",
        "keys : kmeeting",
        "' ; DROP",
        "\x00",
        "&|!",
        "zz" * 60,
        "²",
    ],
)
def test_nothing_typed_is_an_operator(setda, typed):
    search(setda, typed, ALL)


def test_the_system_finds_nothing_of_anybody(app):
    assert (
        search(SYSTEM, "kecamatan kepanjen", (Findable.OFFICE, Findable.MEETING, Findable.PERSON)).count == 0
    )
