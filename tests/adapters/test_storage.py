from __future__ import annotations

import hashlib

import pytest

from ilp.adapters import storage
from ilp.core.config import current

BYTES = b"%PDF-1.7 contoh"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture(autouse=True)
def _home(app, tmp_path, monkeypatch):
    monkeypatch.setattr("ilp.core.config.Config.files", tmp_path / "files")


def test_bytes_come_back_by_their_fingerprint():
    assert not storage.exists(SHA256)
    assert storage.put(BYTES) == SHA256
    assert storage.exists(SHA256)
    assert storage.get(SHA256) == BYTES


def test_keeping_twice_keeps_one_file_and_nothing_else():
    storage.put(BYTES)
    storage.put(BYTES)
    files = [path for path in current().files.rglob("*") if path.is_file()]
    assert [path.relative_to(current().files).as_posix() for path in files] == [
        f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
    ]


def test_a_file_gets_its_name_only_after_its_bytes_are_on_disk(monkeypatch):
    done = []
    monkeypatch.setattr("os.fsync", lambda handle: done.append("sync"))
    rename = type(current().files).rename
    monkeypatch.setattr(
        type(current().files), "rename", lambda path, to: (done.append("rename"), rename(path, to))
    )
    storage.put(BYTES)
    assert done == ["sync", "rename", "sync", "sync", "sync"]


def test_a_full_disk_leaves_nothing_behind(monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.put(BYTES)
    assert [path for path in current().files.rglob("*") if path.is_file()] == []
    assert not storage.exists(SHA256)


def test_what_was_never_kept_is_not_found():
    with pytest.raises(FileNotFoundError):
        storage.get("0" * 64)
