#!/bin/sh
# Install what is missing, and only that: bootstrap.sh run|dev. Each step is skipped while the lock it comes
# from is the one it was last done with.
set -eu
cd "$(dirname "$0")/.."
mode=${1:?run atau dev}

say() { printf '\033[1m[%s/4]\033[0m %s\n' "$1" "$2"; }
digest() { sha256sum "$1" | cut -d ' ' -f 1; }
stamped() { [ "$(cat "$1" 2>/dev/null)" = "$(digest "$2")" ]; }

packages="python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
command -v npm >/dev/null || packages="$packages nodejs npm"
[ "$mode" = run ] || packages="$packages chromium postgresql poppler-utils"
missing=$(for package in $packages; do dpkg -s "$package" >/dev/null 2>&1 || echo "$package"; done)
if [ -n "$missing" ]; then
    say 1 "Memasang paket sistem: $(echo $missing)"
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -q
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing
fi

lock=requirements
[ "$mode" = run ] || lock=requirements-dev
if ! stamped .venv/requirements-dev.sha256 requirements-dev.txt && ! stamped .venv/$lock.sha256 $lock.txt; then
    say 2 "Memasang pustaka Python dari $lock.txt (sekitar satu menit)"
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $lock.txt
    digest $lock.txt >.venv/$lock.sha256
fi

if ! stamped node_modules/package-lock.sha256 package-lock.json; then
    say 3 "Memasang berkas peramban dan daftar wilayah dari npm"
    npm ci --loglevel=error
    digest package-lock.json >node_modules/package-lock.sha256
fi

say 4 "Menyiapkan aset"
.venv/bin/python scripts/assets.py
# Whoever runs the server may not be allowed to write here: each start would compile anew.
.venv/bin/python -m compileall -q app.py ilp
