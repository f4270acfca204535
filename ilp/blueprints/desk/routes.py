from __future__ import annotations

from datetime import time

from flask import Response

from ilp.blueprints.desk import bp
from ilp.blueprints.desk.checklist import Step, steps
from ilp.blueprints.desk.items import Urgency, grouped, items_of, word
from ilp.core.clock import local, now, to_utc, today
from ilp.core.config import current
from ilp.core.indonesian import relative_day
from ilp.policy.actions import Action
from ilp.policy.user import CONTENT_ROLES
from ilp.queries import desk as found
from ilp.queries.accounts import helping_offices
from ilp.web.due import due_on
from ilp.web.htmx import page
from ilp.web.requires import requires
from ilp.web.session import me


@bp.get("/")
@requires(Action.DESK_READ)
def index() -> Response:
    """Everybody's first page; an administrator without any other role sees the set-up instead.

    An account that holds no role any more is told so, and who gives it one.
    """
    if not me().grants:
        return page("desk/no_role.html", helping=helping_offices(me().account_id))
    if not me().has(*CONTENT_ROLES):
        return _setup_page("Meja kerja")
    day, zone = today(me().zone), me().zone
    # Nobody opens a meeting before it begins: it stays on the desk for the whole of its day.
    meetings = found.meetings(me(), to_utc(day, time.min, zone))
    signings = found.signings(me())
    items = items_of(
        me(),
        day,
        assignments=found.own_assignments(me()),
        reports=found.reports_to_review(me()),
        meetings=meetings,
        signings=signings,
    )
    coming = [meeting for meeting in meetings if meeting.status in found.COMING]
    late = [item for item in items if item.urgency is Urgency.LATE]
    return page(
        "desk/list.html",
        unprepared=_unprepared() if me().administered else 0,
        day=day,
        hour=local(now(), zone).hour,
        takes_part=bool(me().offices),
        watched=[(row, due_on(row.due_on, day)) for row in found.watched(me())],
        groups=grouped(items),
        waiting=word(len(items)),
        overdue=word(len(late)),
        total=len(items),
        late_total=len(late),
        figures=found.figures(me(), day),
        most=found.MOST,
        meetings=[(row, local(row.starts_at, row.zone)) for row in coming[: found.SIDE]],
        signings=signings[: found.SIDE],
        districts=found.late_by_district(me(), day),
        judged=[
            (row, relative_day(local(row.reviewed_at, zone).date(), day)) for row in found.lately_judged(me())
        ],
    )


@bp.get("/persiapan")
@requires(Action.ACCOUNT_MANAGE)
def prepare() -> Response:
    """The checklist, for an administrator whose desk shows his other work."""
    return _setup_page("Persiapan kantor")


def _unprepared() -> int:
    """How many steps are left until the office is ready."""
    return sum(not step.is_done for step in _steps(found.setup(me())))


def _steps(setup: found.Setup) -> list[Step]:
    return steps(me(), setup, current(), today(me().zone))


def _setup_page(heading: str) -> Response:
    setup = found.setup(me())
    shown = _steps(setup)
    left = sum(not step.is_done for step in shown)
    return page("desk/setup.html", heading=heading, setup=setup, steps=shown, left=left, most=found.MOST)
