"""A PostgreSQL cluster of our own, thrown away after the run; works as root, too."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SETTINGS = "fsync=off synchronous_commit=off full_page_writes=off max_connections=100 shared_buffers=64MB"
"""Fast, and safe enough for what is thrown away."""
DURABLE = "max_connections=100 shared_buffers=128MB random_page_cost=1.1"
"""As PostgreSQL comes, on a disk without a needle: what is committed is on it."""


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return found[-1] if found else Path(shutil.which("initdb") or "/usr/bin/initdb").parent


class Cluster:
    def __init__(self, settings: str = SETTINGS) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ilp-pg-"))
        self.user = "postgres" if os.getuid() == 0 else None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run(
            "initdb",
            "-N",
            "-A",
            "trust",
            "-U",
            "ilp",
            "-D",
            str(self.folder / "data"),
            "-E",
            "UTF8",
            "--locale-provider=icu",
            "--icu-locale=id-ID",
            "--locale=C.UTF-8",
        )
        self._options = (
            " ".join(f"-c {s}" for s in settings.split())
            + f" -p {self.port} -c unix_socket_directories={self.folder}"
        )
        self.start()

    def start(self) -> None:
        """Starts it, or starts it again after it was killed."""
        data, log = self.folder / "data", self.folder / "log"
        self._run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", self._options, "start")

    @property
    def pid(self) -> int:
        """The process at its root."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str) -> str:
        return f"postgresql://ilp@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop", check=False)
        for _ in range(20):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                break
            time.sleep(0.1)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(_binaries() / program), *arguments]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
