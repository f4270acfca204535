"""What every template may use: `ui` macros, `can`, `asset`, the user and the menu, dates in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from flask import Flask, url_for
from jinja2 import StrictUndefined

from ilp.core import indonesian, phones
from ilp.core.clock import Zone, local
from ilp.core.config import Config
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries.wilayah import Place
from ilp.web import deeds
from ilp.web.addresses import fixed_urls
from ilp.web.guides import helpful
from ilp.web.menu import menu_for
from ilp.web.messages import current_message
from ilp.web.session import me_or_none
from ilp.web.sheets import sheet_address
from ilp.web.templating import Compiled

UI = "ui"
PURE = ("badge", "due", "glyph", "icon", "mark", "matrix_progress", "menu_links", "score")
"""Macros that say the same for the same arguments, and are used all over a page: written once for each."""


def load_macros(app: Flask) -> SimpleNamespace:
    """Every macro of every file in templates/ui, by its own name."""
    names = sorted(n for n in app.jinja_env.list_templates() if n.startswith(f"{UI}/"))
    macros: dict[str, Any] = {}
    for name in names:
        for key, macro in vars(app.jinja_env.get_template(name).module).items():
            if not key.startswith("_"):
                if key in macros:
                    raise RuntimeError(f"two macros are called {key}")
                macros[key] = macro
    # by type as well: members of two lists can be equal in value and differ in words
    written_once = {name: lru_cache(maxsize=1024, typed=True)(macros[name]) for name in PURE}
    return SimpleNamespace(**macros | written_once)


def assets(app: Flask) -> Callable[[str], str]:
    """`asset(path)`: the address of a static file under its content-hashed name (scripts/assets.py)."""
    prefix, names = app.static_url_path, read_manifest(app.static_folder)
    return lambda path: f"{prefix}/{names.get(path, path)}"


def new_key() -> str:
    """The key by which a double submit of this form will be known."""
    return uuid4().hex


def place_crumbs(places: Iterable[Place]) -> list[tuple[str, str, str]]:
    """The places of a breadcrumb (province first) as `ui.crumbs` takes them."""
    return [(place.full_name, url_for("wilayah.show", code=place.code), place.code) for place in places]


def read_manifest(static: str | None) -> dict[str, str]:
    manifest = Path(static or "") / "vendor" / "manifest.json"
    return json.loads(manifest.read_text()) if manifest.exists() else {}


def full_name(person: Any) -> str:
    """The name of a person, or of a row with the columns of one, with its titles."""
    return indonesian.full_name(person.prefix, person.name, person.suffix)


def _can(action: str, target: Any = None) -> bool:
    user = me_or_none()
    return user is not None and allowed(user, Action(action), target)


def _in_zone(function: Any, moment: datetime, zone: Zone = Zone.WIB) -> str:
    return str(function(local(moment, zone)))


def variables() -> dict[str, Any]:
    user = me_or_none()
    return {
        "user": user,
        "unread": user.unread if user else 0,
        "said": user.words.said if user else str,
        "kabar": current_message(),
    }


def init_app(app: Flask) -> None:
    config: Config = app.config["ILP"]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = Compiled(config.compiled)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        can=_can,
        menu_for=menu_for,
        helpful=helpful,
        demo=config.demo,
        http_banner=not (config.https or config.loopback),
        place_crumbs=place_crumbs,
        asset=assets(app),
        fixed_url=fixed_urls(app),
        new_key=new_key,
        sheet_url=sheet_address,
    )
    app.jinja_env.filters.update(
        long_date=indonesian.long_date,
        short_date=indonesian.short_date,
        days_of=lambda term, today: indonesian.days_of(term.starts_on, term.ends_on, today),
        day_at=partial(_in_zone, lambda moment: indonesian.long_date(moment.date())),
        short_day_at=partial(_in_zone, lambda moment: indonesian.short_date(moment.date())),
        clock_at=partial(_in_zone, indonesian.clock),
        number=indonesian.number,
        with_office=indonesian.with_office,
        deed=deeds.deed,
        audited=deeds.subject,
        details=deeds.details,
        counted=indonesian.counted,
        masked_phone=indonesian.masked_phone,
        phone=phones.shown,
        nip=indonesian.nip,
        full_name=full_name,
    )
    app.context_processor(variables)
    app.jinja_env.globals["ui"] = load_macros(app)
