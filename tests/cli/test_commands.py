"""Commands stand where the list says."""

from __future__ import annotations

import click
import pytest

from ilp.cli import COMMANDS, Commands


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_answers_to_its_name(name: str) -> None:
    group = Commands()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert command.help or command.short_help
