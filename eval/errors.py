"""Errors that a person can fix.

Everything else is a bug and keeps its traceback.  Example of what a person sees (exit code 2):

    configs/x.yaml: sampling: unknown key 'max_token'; did you mean 'max_tokens'?
"""

from __future__ import annotations

import sys
from collections.abc import Callable


class UserError(Exception):
    """A fault in what the user gave; the message is one line, `where: what is wrong; what to do`."""


def run_command(main: Callable[[], int]) -> None:
    """Run a command's `main` and exit with its code.

    A UserError becomes one line on stderr and exit code 2; Ctrl-C becomes one line and exit code 130;
    a reader that went away (`… | head`) ends the command quietly.
    """
    try:
        sys.exit(main())
    except UserError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as interruption:
        print(str(interruption) or "interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
