"""`flask jalankan` as operators meet it: real servers on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from tests.support.processes import kill, process, wait_for


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def serving(committed, port, **more):
    return process(committed, "-m", "flask", "--app", "app", "jalankan", PORT=str(port), **more)


def get(port, path):
    """Status and headers; nothing while nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.headers
    except HTTPError as error:
        return error.code, error.headers
    except (URLError, OSError):
        return None


def is_well(port):
    return (get(port, "/sehat") or (0,))[0] == 200


def is_silent(port):
    return get(port, "/sehat") is None


def children_of(pid):
    """The web server and the job process by their names (until they have them, by that of their parent)."""
    running = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = re.search(r"PPid:\t(\d+)", status.read_text())
            name = (status.parent / "comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent and int(parent[1]) == pid:
            running[name] = int(status.parent.name)
    return running


def test_it_serves_and_ends_when_asked(committed, port):
    with serving(committed, port) as server:
        wait_for(lambda: is_well(port), "the product to be well")
        _, headers = get(port, "/static/css/app.css")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers
        server.send_signal(signal.SIGTERM)
        assert server.wait(40) == 0
        output = server.stdout.read()
        assert f"Simpul ILP siap di http://127.0.0.1:{port}" in output
        assert "setda.malang" in output
        assert "contoh-ilp-2024" in output
        assert is_silent(port)


def test_it_ends_if_the_web_server_dies_and_says_so(committed, port):
    with serving(committed, port) as server:
        wait_for(lambda: is_well(port), "the product to be well")
        os.kill(children_of(server.pid)["ilp-web"], signal.SIGKILL)
        assert server.wait(40) == 1
        wait_for(lambda: is_silent(port), "the port to be free")
    assert "Server web berhenti (kode -9)" in (committed.instance / "process.log").read_text()


def test_a_job_process_that_dies_is_started_again(committed, port):
    with serving(committed, port) as server:
        wait_for(lambda: is_well(port), "the product to be well")
        first = children_of(server.pid)["ilp-pekerjaan"]
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: children_of(server.pid).get("ilp-pekerjaan", first) != first, "another job process")
        wait_for(lambda: is_well(port), "the product to be well again")


def test_nothing_outlives_it(committed, port):
    with serving(committed, port) as server:
        wait_for(lambda: is_well(port), "the product to be well")
        orphans = children_of(server.pid).values()
        kill(server)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), "its children to end")


def test_a_taken_port_is_named(committed, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with serving(committed, port) as server:
            assert server.wait(30) == 1
    assert "Setel PORT" in (committed.instance / "process.log").read_text()


def test_a_wrong_setting_is_named_in_one_sentence(committed):
    with serving(committed, "abc") as server:
        assert server.wait(30) == 1
    assert (committed.instance / "process.log").read_text() == (
        "PORT harus berupa angka dari 1 sampai 65535, bukan abc\n"
    )


def test_a_production_database_stays_empty_and_names_no_logins(committed, port):
    with serving(committed, port, ILP_DEMO="0") as server:
        wait_for(lambda: is_well(port), "the product to be well")
        server.send_signal(signal.SIGINT)
        assert server.wait(40) == 0
        assert "setda.malang" not in server.stdout.read()


def version_of(database):
    engine = sa.create_engine(database.url)
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    finally:
        engine.dispose()


def test_an_older_schema_is_brought_up_first(committed, port):
    latest = version_of(committed)
    with process(committed, "-m", "flask", "--app", "app", "basisdata", "turun", "--", "-1") as down:
        assert down.wait(60) == 0
    assert version_of(committed) < latest
    with serving(committed, port):
        wait_for(lambda: is_well(port), "the product to be well")
    assert version_of(committed) == latest
