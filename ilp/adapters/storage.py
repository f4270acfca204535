"""Bytes kept under their own SHA-256; what was kept is there unchanged, also after a power cut."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from ilp.core.config import current


def put(data: bytes) -> str:
    """Keeps bytes and returns their SHA-256; when it returns they are on disk. Twice is as good as once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    return sha256


def get(sha256: str) -> bytes:
    """The bytes of a fingerprint. Raises FileNotFoundError if they were never kept."""
    return _path(sha256).read_bytes()


def exists(sha256: str) -> bool:
    """Whether bytes of this fingerprint are kept."""
    return _path(sha256).exists()


def _path(sha256: str) -> Path:
    """Two levels of folders, so that none grows large."""
    return current().files / sha256[:2] / sha256[2:4] / sha256


def _write(path: Path, data: bytes) -> None:
    """Under another name first: a file with its final name is complete, whatever dies in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for folder in path.parents[:3]:
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
