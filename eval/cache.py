"""Where downloads and conversions are kept; everybody may import this module, it imports nobody."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The user's cache folder of this toolkit; the environment variable AIME_EVAL_CACHE overrides it."""
    override = os.environ.get("AIME_EVAL_CACHE")
    if override:
        return Path(override).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aime-eval"
