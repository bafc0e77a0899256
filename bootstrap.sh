#!/bin/sh
# Make .venv/ from uv.lock with nothing but a Python >= 3.11 that has venv and pip.
# usage: bootstrap.sh UV_VERSION
set -eu
cd "$(dirname "$0")"
uv_version=$1

python=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        python=$(command -v "$candidate")
        break
    fi
done
if [ -z "$python" ]; then
    echo "payer-edi needs Python 3.11, 3.12 or 3.13. None was found on PATH; install one, or name it: make PYTHON=/path/to/python3 setup" >&2
    exit 1
fi

if ! .bootstrap/bin/uv --version 2>/dev/null | grep -q "uv $uv_version"; then
    echo "Setting up .venv with $("$python" --version) ..."
    rm -rf .bootstrap
    if ! "$python" -m venv .bootstrap; then
        echo "$python has no venv or pip. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    .bootstrap/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi
# A plan's network often has a certificate authority of its own, which only the system's store knows.
for store in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -e "$store" ] && export UV_SYSTEM_CERTS=true
done
UV_PYTHON_DOWNLOADS=never .bootstrap/bin/uv sync --quiet --locked --compile-bytecode --python "$python"
echo "Compiling the scanner for this machine ..."
.venv/bin/python -c 'from edi.scanner import warm; warm()'
