"""The table: every row with its ratio, its bar and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from bench.bars import BARS, UNKNOWN

HEAD = (
    "row|CPU ms|floor|ratio|bar|verdict|M instr.|floor|ratio|p50 ms|p95|p99|p99/p50|req/s|floor|SQL|floor|"
    "rows|floor|bytes|compressed|floor|others"
)


def table(results: dict[str, Any]) -> str:
    """Markdown: the acts first, then the other rows with their bars."""
    lines = markdown(HEAD.split("|"), [_act(row) for row in results.get("acts", {}).values()])
    others = list(_others(results))
    if others:
        lines += ["", *markdown(["what", "value", "bar", "verdict", "from"], others)]
    return "\n".join(lines)


def markdown(head: Sequence[str], found: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *found]
    return [f"| {' | '.join(line)} |" for line in lines]


def _act(row: dict[str, Any]) -> list[str]:
    product, floor = row["product"], row["floor"]
    bar = BARS[row["kind"]]
    value = row["ratio"]
    failed = f", {product['failed'] + floor['failed']} failed" if product["failed"] + floor["failed"] else ""
    weight = (
        f"{floor['raw']}/{floor['compressed']} ({floor['raw'] / product['raw'] - 1:+.0%})"
        if product["raw"]
        else "-"
    )
    return [
        row["label"],
        f"{product['cpu_ms']:.2f}",
        f"{floor['cpu_ms']:.2f}",
        f"**{value:.2f}×**",
        str(bar),
        bar.verdict(value) + failed,
        *_instructions(product, floor),
        *(f"{product[p]:.1f}" for p in ("p50", "p95", "p99")),
        f"{product['tail']:.1f}" if product["tail"] else UNKNOWN,
        f"{product['per_second']:.0f}",
        f"{floor['per_second']:.0f}",
        *(str(side.get(key, "")) for key in ("statements", "rows") for side in (product, floor)),
        str(product["raw"]),
        str(product["compressed"]),
        weight,
        "/".join(f"{used:.1f}" for used in (max(product["others"]), max(floor["others"]))),
    ]


def _instructions(product: dict[str, Any], floor: dict[str, Any]) -> list[str]:
    ours, theirs = product.get("instructions"), floor.get("instructions")
    if ours is None or theirs is None:
        return [UNKNOWN] * 3
    return [f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}×"]


def _others(results: dict[str, Any]) -> Iterator[list[str]]:
    if results.get("acts"):
        yield from _of_all_acts(results["acts"].values())
    for name, row in PARTS.items():
        if name in results:
            yield from row(results[name])


def _of_all_acts(acts: Collection[dict[str, Any]]) -> Iterator[list[str]]:
    if counted := [row["product"].get("statements", 0) for row in acts if row["kind"] == "page"]:
        yield _other("statements", max(counted), "the most of a page")
    tails = [row["product"]["tail"] for row in acts]
    known = [tail for tail in tails if tail]
    yield _other("tail", max(known) if known else None, f"the worst of {len(known)} of {len(tails)} rows")


def _weight(weight: dict[str, Any]) -> Iterator[list[str]]:
    yield _other("html", weight["compressed"] / 1000, f"{weight['html']} bytes raw")
    yield _other("assets", sum(weight["assets"].values()) / 1000, ", ".join(weight["assets"]))
    yield _other("requests", len(weight["requests"]), ", ".join(weight["requests"]))


def _edits(edits: dict[str, Any]) -> Iterator[list[str]]:
    fresh, old = edits["fresh"]["cpu_ms"], edits["old"]["cpu_ms"]
    yield _other(
        "edits", edits["ratio"], f"{old:.2f} against {fresh:.2f} CPU ms after {edits['edits']} edits"
    )


def _memory(memory: dict[str, Any]) -> Iterator[list[str]]:
    said = "{product:.0f} against {floor:.0f} MB PSS after {requests} requests".format(**memory)
    yield _other("memory", memory["product"] / memory["floor"], said)


def _start(start: dict[str, Any]) -> Iterator[list[str]]:
    for key, command in (("product", "gunicorn"), ("entry", "flask jalankan")):
        said = f"{command}: {start[key]:.2f} against {start['floor']:.2f} s"
        yield _other("start", start[key] / start["floor"], said)


def _writers(writers: dict[str, Any]) -> Iterator[list[str]]:
    product, floor = writers["product"], writers["floor"]
    said = f"{product['per_second']:.0f} against {floor['per_second']:.0f} requests/s"
    yield _other("writers", writers["ratio"], said)
    yield _other("errors", product["failed"], f"of {product['requests']} requests")


def _growth(pages: dict[str, Any]) -> Iterator[list[str]]:
    """What the web server and the database work together, and what the web server does alone."""
    for part, said in (("together", ""), ("alone", "the web server alone: ")):
        if ratios := {name: page[part]["ratio"] for name, page in pages.items() if part in page}:
            listed = ", ".join(f"{name} {ratio:.2f}×" for name, ratio in ratios.items())
            yield _other("growth", max(ratios.values()), said + listed)


def _papers(papers: dict[str, Any]) -> Iterator[list[str]]:
    for kind, paper in papers.items():
        said = f"{kind}: {paper['seconds']:.2f} s, WeasyPrint alone {paper['weasyprint']:.2f} s"
        yield _other("pdf", paper["seconds"] / paper["weasyprint"], said)


def _other(name: str, value: float | None, source: str) -> list[str]:
    bar = BARS[name]
    shown = UNKNOWN if value is None else f"**{value:.2f}**".replace(".00", "")
    return [bar.what, shown, str(bar), bar.verdict(value), source]


PARTS = {
    "weight": _weight,
    "edits": _edits,
    "memory": _memory,
    "start": _start,
    "writers": _writers,
    "growth": _growth,
    "pdf": _papers,
}
"""What is measured besides the acts, by name, in the order of the table."""
