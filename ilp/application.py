"""The application, put together. Whoever needs but a part, imports that and not this."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

import ilp.models  # noqa: F401  (makes the metadata complete)
from ilp.blueprints import MOUNTS
from ilp.cli import init_app as init_cli
from ilp.core.config import Config
from ilp.core.db import db, listen
from ilp.web import access_log, context, converters, errors, security, session, static_files, views
from ilp.web.extensions import compress, csrf, login
from ilp.web.templating import Environment


class Route(Rule):
    """A rule that is compiled to put addresses together when the first one is asked for.

    Werkzeug writes two functions for each of hundreds of rules, which would be a seventh of a start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002
        def build(rule: Route, /, **values: Any) -> tuple[str, str]:
            compiled = super(Route, rule)._compile_builder(append_unknown).__get__(rule)
            setattr(rule, "_build_unknown" if append_unknown else "_build", compiled)
            return compiled(**values)  # type: ignore[no-any-return]

        return build


class Application(Flask):
    """Flask, which would otherwise ask of a dozen functions at every request whether they are coroutines."""

    url_rule_class = Route
    jinja_environment = Environment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config | None = None) -> Flask:
    """Composes the product. The only place where parts are put together."""
    config = config or Config.from_environment()
    app = Application(__name__, instance_path=str(config.instance))
    app.config.update(config.flask())
    app.url_map.converters.update(converters.CONVERTERS)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("alembic", "fontTools", "huey", "weasyprint"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    db.init_app(app)
    with app.app_context():
        listen(db.engine)
    security.init_app(app)
    csrf.init_app(app)
    login.init_app(app)
    compress.init_app(app)
    for blueprint, prefix in MOUNTS:
        app.register_blueprint(blueprint, url_prefix=None if prefix == "/" else prefix)
    static_files.init_app(app)
    access_log.init_app(app)
    context.init_app(app)
    session.init_app(app)
    views.init_app(app)
    errors.init_app(app)
    init_cli(app)
    return app
