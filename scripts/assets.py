"""Build what the browser is served; quick, and safe to repeat.

From ``node_modules`` to ``ilp/static/vendor/``: libraries, fonts and the icons named below. WeasyPrint reads
the same files, so page and paper share their fonts. What every page asks for is one file each, for a first
load over a slow line: one script (htmx, then ours), one sprite (icons, then the shapes of states).

From ``ilp/static/{css,js,img,vendor}`` to ``ilp/static/build/``: every file under a name that carries the
hash of its content, compressed once (gzip and brotli, for WhiteNoise). Inside a style sheet ``url(...)`` is
relative to the sheet and rewritten to the hashed name, or to the drawing itself where it is a small SVG; an
address without a file stops the build.

``ilp/static/vendor/manifest.json`` maps the plain name to the hashed one, both relative to ``ilp/static``:
``{"css/app.css": "build/css/app.0123456789ab.css"}``. ``asset('css/app.css')`` in a template looks the name
up there and answers the address of the hashed file, which a browser may keep for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from pathlib import Path
from urllib.parse import quote

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "node_modules"
STATIC = ROOT / "ilp" / "static"
VENDOR = STATIC / "vendor"
BUILD = STATIC / "build"
SOURCES = ("css", "img", "js", "vendor")

LIBRARIES = ("htmx.org/dist/htmx.min.js", "signature_pad/dist/signature_pad.umd.min.js")
FONTS = {
    "@fontsource-variable/public-sans": ("public-sans-latin-wght-normal",),
    "@fontsource/arimo": (
        "arimo-latin-400-normal",
        "arimo-latin-400-italic",
        "arimo-latin-700-normal",
        "arimo-latin-700-italic",
    ),
    "@fontsource/libre-caslon-text": (
        "libre-caslon-text-latin-400-normal",
        "libre-caslon-text-latin-400-italic",
        "libre-caslon-text-latin-700-normal",
    ),
    "@fontsource/domine": ("domine-latin-400-normal", "domine-latin-700-normal"),
}
ICONS = """
    adjustments-horizontal alert-triangle arrow-back-up arrow-forward arrow-left arrow-right bell building
    building-community building-hospital calendar calendar-plus camera chart-bar check chevron-down
    chevron-left chevron-right chevron-up circle-check clock contract copy device-mobile dots download
    external-link eye file-spreadsheet file-text filter flag gavel help history home inbox info-circle key
    link list-check lock logout mail map-pin menu-2 message-circle minus palette paperclip pencil phone photo
    plus printer qrcode refresh search send shield-check signature sitemap stairs-up switch-horizontal table
    trash upload user user-check user-plus users wifi-off world x
"""

STATES = ("assigned", "in_progress", "submitted", "returned", "accepted", "not_applicable")
"""In the order in which the style sheet finds them."""

GLYPH = re.compile(r'<symbol id="g-(\w+)"[^>]*>(.*)</symbol>')
ICON_SHAPE = re.compile(r'<\w+ (?!stroke="none")[^>]*/>')
CSS_URL = re.compile(r"""url\(\s*(['"]?)(?![#'"]|[a-z]+:)([^'")\s]+)\1\s*\)""")
Manifest = dict[str, str]

GLYPHS, FAVICON = STATIC / "img" / "glyphs.svg", STATIC / "img" / "favicon.svg"
SCRIPTS = (VENDOR / "htmx.min.js", STATIC / "js" / "site.js")
JOINED = {GLYPHS, FAVICON, *SCRIPTS}
"""Served only as parts of others."""
SMALL = 1000
"""Bytes up to which a drawing stands in the style sheet itself."""
SAFE = " =:/'(),.;-"
"""What needs no escape there."""


def main() -> None:
    copy_vendor_files()
    draw_sprite()
    draw_states()
    write_script()
    names = hash_sources()
    compress(names)
    remove_old(names)
    write(VENDOR / "manifest.json", json.dumps(names, indent=1, sort_keys=True).encode())


def copy_vendor_files() -> None:
    """Copy libraries and fonts out of ``node_modules``, under their own names."""
    for library in LIBRARIES:
        write(VENDOR / Path(library).name, (NODE / library).read_bytes())
    for package, fonts in FONTS.items():
        for font in fonts:
            file = f"{font}.woff2"
            write(VENDOR / "fonts" / file, (NODE / package / "files" / file).read_bytes())


def draw_sprite() -> None:
    """Put the named icons and our glyphs into one sprite; stroke and colour are left to the style sheet.

    Seen by itself it is the icon of the site, which costs a first load no request of its own then.
    """
    icons = "".join(symbol(name) for name in ICONS.split())
    head, glyphs = GLYPHS.read_text().split(">", 1)
    write(VENDOR / "sprite.svg", f"{head}>{FAVICON.read_text().strip()}{icons}{glyphs}".encode())


def draw_states() -> None:
    """Put the states of an assignment side by side: a mask for where thousands stand on one page."""
    shapes = dict(GLYPH.findall(GLYPHS.read_text()))
    drawn = "".join(f'<svg x="{16 * n}" width="16">{shapes[name]}</svg>' for n, name in enumerate(STATES))
    drawn = drawn.replace(' fill="currentColor"', "").replace("currentColor", "#000")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {16 * len(STATES)} 16">'
    write(VENDOR / "states.svg", f"{head}{drawn}</svg>".encode())


def write_script() -> None:
    """Join the scripts that every page loads."""
    write(VENDOR / "script.js", b";\n".join(path.read_bytes() for path in SCRIPTS))


def symbol(name: str) -> str:
    """Answer one icon as ``<symbol id="i-name">``, with its drawn shapes only."""
    icon = (NODE / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{"".join(ICON_SHAPE.findall(icon))}</symbol>'


def hash_sources() -> Manifest:
    """Copy every source under its hashed name; style sheets last, because they name the others."""
    names: Manifest = {}
    for path in sorted(source_files(), key=lambda path: path.suffix == ".css"):
        content = path.read_bytes()
        if path.suffix == ".css":
            content = with_hashed_urls(path, content.decode(), names).encode()
        name = path.relative_to(STATIC)
        digest = hashlib.sha256(content).hexdigest()[:12]
        hashed = Path("build") / name.with_name(f"{name.stem}.{digest}{name.suffix}")
        write(STATIC / hashed, content)
        names[name.as_posix()] = hashed.as_posix()
    return names


def source_files() -> list[Path]:
    """Answer all files to be served, without drafts and the manifest itself."""
    files = (path for folder in SOURCES for path in sorted((STATIC / folder).rglob("*")) if path.is_file())
    served = (path for path in files if not path.name.startswith(".") and path.suffix != ".json")
    return [path for path in served if path not in JOINED]


def with_hashed_urls(sheet: Path, css: str, names: Manifest) -> str:
    """Point each relative ``url(...)`` at the hashed copy; both trees have the same folders."""

    def hashed(match: re.Match[str]) -> str:
        target = (sheet.parent / match[2]).resolve()
        try:
            name = names[target.relative_to(STATIC).as_posix()]
        except (KeyError, ValueError):
            raise SystemExit(f"{sheet.relative_to(ROOT)}: url({match[2]}) has no file") from None
        if target.suffix == ".svg" and target.stat().st_size < SMALL:
            drawing = target.read_text().strip().replace('"', "'")
            return f'url("data:image/svg+xml,{quote(drawing, safe=SAFE)}")'
        return f"url({match[2].removesuffix(target.name)}{Path(name).name})"

    return CSS_URL.sub(hashed, css)


def compress(names: Manifest) -> None:
    """Lay ``.gz`` and ``.br`` beside each new hashed file that gets smaller by it."""
    compressor = Compressor(quiet=True)
    for name in names.values():
        path = STATIC / name
        if compressor.should_compress(path.name) and not path.with_name(f"{path.name}.gz").exists():
            for _ in compressor.compress(str(path)):
                pass


def remove_old(names: Manifest) -> None:
    """Remove copies of earlier builds, a day later: open pages still ask for them."""
    current = {STATIC / name for name in names.values()}
    yesterday = time.time() - 24 * 60 * 60
    for path in [path for path in BUILD.rglob("*") if path.is_file()]:
        original = path.with_suffix("") if path.suffix in {".br", ".gz"} else path
        if original not in current and path.stat().st_mtime < yesterday:
            path.unlink()


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and only if it changes."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    main()
