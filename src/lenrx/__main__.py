"""The entry point of `lenrx` and of `python -m lenrx`."""

from __future__ import annotations

import gc
import os
import signal


def main() -> None:
    """Run the command line."""
    # An interrupt while modules load has nothing to tidy up, and no trace to show.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    # One answer is short-lived: looking for cycles, on the way and at exit, costs a tenth of it.
    gc.disable()
    from lenrx.cli.main import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
