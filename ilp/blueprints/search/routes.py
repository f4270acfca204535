from __future__ import annotations

from collections.abc import Callable

from flask import Response, url_for

from ilp.blueprints.search import bp
from ilp.core.indonesian import sort_key
from ilp.core.spelling import words_of
from ilp.models.search import Findable
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries.search import MOST_WORDS, Found, Hit, search
from ilp.web.arguments import text_argument
from ilp.web.htmx import page_or_block
from ilp.web.requires import requires
from ilp.web.session import me

NEEDS = {
    Findable.MEETING: Action.MEETING_READ,
    Findable.DECISION: Action.MEETING_READ,
    Findable.TASK: Action.TASK_READ,
    Findable.COMMITMENT: Action.COMMITMENT_READ,
    Findable.DOCUMENT: Action.DOCUMENT_READ,
    Findable.PERSON: Action.DIRECTORY_READ,
    Findable.OFFICE: Action.DIRECTORY_READ,
    Findable.WILAYAH: Action.WILAYAH_READ,
}
"""What one must be allowed to read for its list, to find it here."""
ICONS = {
    Findable.MEETING: "calendar",
    Findable.DECISION: "gavel",
    Findable.TASK: "list-check",
    Findable.COMMITMENT: "contract",
    Findable.DOCUMENT: "file-text",
    Findable.PERSON: "user",
    Findable.OFFICE: "building-community",
    Findable.WILAYAH: "map-pin",
}

LONGEST = 120
"""Letters of what is looked for."""


@bp.get("/")
@requires(Action.SEARCH)
def index() -> Response:
    typed = text_argument("cari", 2 * LONGEST)
    text = typed[:LONGEST].strip()
    words = words_of(text)
    kinds = [kind for kind, action in NEEDS.items() if allowed(me(), action)]
    found = search(me(), text, kinds)
    return page_or_block(
        "search/list.html",
        block="found",
        text=text,
        asked=bool(words),
        cut=len(typed) > LONGEST or len(words) > MOST_WORDS,
        longest=LONGEST,
        most_words=MOST_WORDS,
        found=found,
        icons=ICONS,
        address=address,
        further=further(text, found),
    )


PAGES: dict[Findable, Callable[[Hit], str]] = {
    Findable.MEETING: lambda hit: url_for("meetings.show", meeting_id=hit.id),
    Findable.DECISION: lambda hit: url_for(
        "meetings.show", meeting_id=int(hit.code), _anchor=f"baris-{hit.id}"
    ),
    Findable.TASK: lambda hit: url_for("tasks.show", task_id=hit.id),
    Findable.COMMITMENT: lambda hit: url_for("commitments.show", commitment_id=hit.id),
    Findable.DOCUMENT: lambda hit: url_for("documents.show", document_id=hit.id),
    Findable.PERSON: lambda hit: url_for("directory.show_person", person_id=hit.id),
    Findable.OFFICE: lambda hit: url_for("directory.show", office_id=hit.id),
    Findable.WILAYAH: lambda hit: url_for("wilayah.show", code=hit.code),
}


def address(hit: Hit) -> str:
    """The page of a record."""
    return PAGES[hit.kind](hit)


def further(text: str, found: Found) -> dict[Findable, str]:
    """Lists that go on where this one ends: those that find by the same words all that is shown here.

    They look for people by name alone, and for the words of an office as they follow each other.
    """
    words = sort_key(text)
    lists = {
        Findable.PERSON: ("directory.list_persons", words.split()),
        Findable.OFFICE: ("directory.index", [words]),
    }
    return {
        kind: url_for(endpoint, cari=text)
        for kind, (endpoint, asked) in lists.items()
        if all(word in hit.listed for hit in found.groups.get(kind, ()) for word in asked)
    }
