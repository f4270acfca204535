"""The tools judge the whole tree, as part of the one test run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

TOOLS = {
    "ruff check": ("ruff", "check", "--output-format", "concise", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy", "--no-error-summary"),
    "import-linter": ("lint-imports", "--no-logo"),
    "djlint": ("djlint", "--lint", "ilp/templates"),
    "deptry": ("deptry", "."),
}


@pytest.mark.tools
@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_tool_finds_nothing(command):
    program, *arguments = command
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)
