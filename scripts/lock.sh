#!/bin/sh
# Lock the Python libraries named in pyproject.toml, with hashes (needs uv). The runtime lock follows the
# development lock, so that both name the same versions.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --quiet --generate-hashes --python-version 3.11 \
        --custom-compile-command scripts/lock.sh pyproject.toml "$@"
}
compile --extra dev --output-file requirements-dev.txt
compile --constraints requirements-dev.txt --output-file requirements.txt
