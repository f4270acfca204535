"""Commands stand where the list says, and no web server loads them."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from ilp.cli import COMMANDS, Commands
from ilp.core.config import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_answers_to_its_name(name: str) -> None:
    group = Commands()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert command.help or command.short_help


def test_a_web_server_loads_no_command() -> None:
    look = "import sys, ilp; print([name for name in sys.modules if name.startswith('ilp.cli.')])"
    found = subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
