"""The gate of every view: which action it is, and how to get the object it is about.

A view without `requires` answers 403 to everybody (`web/security.py` sees to it) and fails a test.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_login import current_user

from ilp.core.errors import Forbidden
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import Owed
from ilp.web.extensions import login
from ilp.web.session import me

PUBLIC = "public"
View = Callable[..., Any]


SETTLED_BY = {
    Owed.PASSWORD: (Action.ACCOUNT_SELF,),
    Owed.SECOND_FACTOR: (Action.ACCOUNT_SELF, Action.ACCOUNT_FACTOR),
}
"""What is open to somebody who owes something."""
SETTLED_AT = {Owed.PASSWORD: "accounts.password", Owed.SECOND_FACTOR: "accounts.factor"}


def _settle_first(owed: Owed) -> Response:
    """To the page where it is settled; a form waits behind the button Back (403, nothing is done)."""
    if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
        raise Forbidden
    return make_response(redirect(url_for(SETTLED_AT[owed], kabar=owed.value.replace("_", "-")), 303))


def requires(action: Action | str, getter: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Lets a request through to the view, or refuses it.

    Not logged in: the login page (or 401 for htmx). With a getter such as `access_meeting(user,
    meeting_id)`, the ids named in its signature are taken from the address, the object is fetched
    by place or part (else 404), the policy is asked about it (else 403), and the view receives it
    under the last id's name without `_id` (`meeting`).
    """
    names = [] if getter is None else list(inspect.signature(getter).parameters)[1:]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            if action == PUBLIC:
                return view(**kwargs)
            if not current_user.is_authenticated:
                return login.unauthorized()
            owed = me().owes
            if owed is not None and action not in SETTLED_BY[owed]:
                return _settle_first(owed)
            target = None
            if getter is not None:
                target = getter(me(), **{name: kwargs.pop(name) for name in names})
                kwargs[names[-1].removesuffix("_id")] = target
            if not allowed(me(), Action(action), target):
                raise Forbidden
            return view(**kwargs)

        guarded.policy_action = action  # type: ignore[attr-defined]
        guarded.policy_getter = getter  # type: ignore[attr-defined]
        return guarded

    return decorate
