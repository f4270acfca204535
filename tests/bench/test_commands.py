"""What somebody types wrong is said in one sentence, and nothing has started by then."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from bench import __main__ as bench
from bench import wall
from bench.kill import __main__ as kill

NOWHERE = "postgresql://ilp@127.0.0.1:1/nowhere"


@pytest.mark.parametrize(
    ("command", "line", "sentence"),
    [
        (bench, "--only nix", "nix is none of desk,"),
        (bench, "--only meeting,auditor-desk", "auditor-desk is none of"),
        (wall, "--only nix", "nix is none of desk,"),
        (wall, "--only row", "row is none of"),
        (bench, "--rounds 0", "--rounds"),
        (bench, "--secs -1", "--secs"),
        (bench, "--secs 0", "--secs"),
        (bench, "--port 65534", "--port"),
        (wall, "--times 0", "--times"),
        (kill, "--db sqlite --port 99999", "--port"),
        (kill, "--db sqlite --kills 0", "--kills"),
        (wall, "--url mysql://me@host/name --db postgresql", "--url is for PostgreSQL"),
        (wall, "--url nix --db postgresql", "--url is for PostgreSQL"),
        (wall, f"--url {NOWHERE} --db sqlite", "--url is for PostgreSQL"),
    ],
)
def test_a_wrong_option_is_refused(command, line, sentence):
    found = CliRunner().invoke(command.main, line.split())
    assert found.exit_code == 2
    assert sentence in found.stderr


def test_a_database_that_is_not_there_is_said():
    found = CliRunner().invoke(wall.main, ["--db", "postgresql", "--url", NOWHERE])
    assert (found.exit_code, found.stderr.count("\n")) == (1, 1)
    assert "No database at --url" in found.stderr


@pytest.mark.parametrize(("command", "line"), [(bench, ""), (kill, "--db sqlite"), (kill, "--db postgresql")])
def test_a_taken_port_is_said(command, line):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = CliRunner().invoke(command.main, [*line.split(), "--port", str(port)])
    assert found.exit_code == 1
    assert f"Port {port} is taken" in found.stderr
