"""What is installed is what was tried: every lock has hashes, and no file ties us to a machine."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ("requirements.txt", "requirements-dev.txt")
SOURCE = re.compile(rb"(?m)^--(?!hash)[a-z-]+[ =]|^registry *=")
"""What a lock or an .npmrc would say of where packages come from: an option at the beginning of a line."""
MACHINE_PATH = re.compile(rb"(?<![\w.~-])/(?:home|root|work|workspace|opt|mnt|Users)/\w")


def pinned(lock):
    """Answer {name: version} of a lock, failing on a line without an exact version and a hash."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    assert "://" not in text
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[\w.\-\[\],]+==\S+( ;.*)?( +--hash=sha256:[0-9a-f]{64})+ *$", line), line
    return dict(re.match(r"([\w.-]+)(?:\[.*?])?==(\S+)", line).groups() for line in lines)


def tracked_files():
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_python_lock_pins_every_library_by_hash(lock):
    assert "flask" in pinned(lock)


def test_runtime_lock_is_part_of_the_development_lock():
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def test_npm_lock_pins_by_hash_and_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_npm_packages_are_named_by_exact_version():
    package = json.loads((ROOT / "package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions


@pytest.mark.parametrize("forbidden", [SOURCE, MACHINE_PATH], ids=["package source", "machine path"])
def test_no_file_names_a_package_source_or_a_machine(forbidden):
    files = [path for path in tracked_files() if path != Path(__file__)]
    found = {
        str(path.relative_to(ROOT)): m[0] for path in files if (m := forbidden.search(path.read_bytes()))
    }
    assert not found
