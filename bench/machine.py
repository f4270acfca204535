"""What the machine does: processor time of a tree of processes, of everything, and memory."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (fields := _fields(int(folder.name))):
            children[int(fields[1])].append(int(folder.name))
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def parent(pid: int, *, of: str) -> int | None:
    """The process above this one; None unless it runs on this machine and under that name."""
    try:
        name = (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return None
    return int(_fields(pid)[1]) if name == of else None


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; none if it has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def processor_seconds(roots: list[int]) -> float:
    """User and system time of these trees so far, with the children they have waited for."""
    ticks = 0
    for root in roots:
        for pid in tree(root):
            ticks += sum(map(int, _fields(pid)[11:15]))
    return ticks / TICK


def own_seconds() -> float:
    times = os.times()
    return times.user + times.system


def busy_seconds() -> float:
    """What all processors together have worked since the machine started."""
    user, nice, system, _, _, *rest = map(int, (PROC / "stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + sum(rest[:3])) / TICK


def memory_mb(root: int) -> list[float]:
    """Proportional set size of each process of a tree, in MB, the root first."""
    found = []
    for pid in tree(root):
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
    return found
