"""Whether the Hugging Face Hub answers; everybody may import this module, it imports nobody of ours.

Without this question its client spends half a minute on retries before it says that there is no network.
"""

from __future__ import annotations

import socket
import urllib.parse
import urllib.request

CONNECT_SECONDS = 5


def use_cache_unless_reachable() -> bool:
    """Make the Hub's client read only its cache where the Hub's host takes no connection; returns whether it does."""
    from huggingface_hub import constants

    if not _answers(constants.ENDPOINT):
        constants.HF_HUB_OFFLINE = True
    return not constants.HF_HUB_OFFLINE


def _answers(endpoint: str) -> bool:
    """Whether a host takes a connection; true behind a proxy, where only a real request can tell."""
    if urllib.request.getproxies():
        return True
    parts = urllib.parse.urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=CONNECT_SECONDS):
            return True
    except OSError:
        return False
