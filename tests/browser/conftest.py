"""The running product, and people who look at it through Chromium."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import a_name
from tests.pages.login import sign_in
from tests.support.chromium import DESKTOP, OPTIONS, PATIENCE, Visit, complaint
from tests.support.databases import Database, copy
from tests.support.processes import answers, process, wait_for


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return OPTIONS


@pytest.fixture(scope="session")
def site(events: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole demo, served by `flask jalankan`: web server and job process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = copy(events, a_name(), tmp_path_factory.mktemp("site"))
    with process(database, "-m", "flask", "--app", "app", "jalankan", PORT=str(port)) as server:
        wait_for(lambda: server.poll() is not None or answers(port), "the product to answer")
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(40)


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], site: str, states: Callable) -> Iterator[Visit]:
    """`visit("setda.malang", PHONE)`: a page of somebody's, watched. Nothing may complain by the end."""
    complaints: list[str] = []

    def come(username: str | None = None, width: int = DESKTOP, **options: Any) -> Page:
        if username:
            options["storage_state"] = states(username)
        context = new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    expect.set_options(timeout=PATIENCE)
    yield come
    assert not complaints


@pytest.fixture(scope="session")
def states(browser: Browser, site: str) -> Callable[[str], Any]:
    """Cookies of people who have signed in through the login page, each once."""
    known: dict[str, Any] = {}

    def state_of(username: str) -> Any:
        if username not in known:
            context = browser.new_context(base_url=site)
            context.set_default_timeout(PATIENCE)
            sign_in(context.new_page(), username)
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return state_of
