"""The entry point of the command ``nianbao``.

Apart from `ui.cli`, whose imports take a moment: Ctrl+C in that moment ends the program like at any other, without
Python's account of where it was.
"""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from ui.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
