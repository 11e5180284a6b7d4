"""The entry point of `lenrx` and of `python -m lenrx`."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line."""
    # One answer is short-lived: looking for cycles, on the way and at exit, costs a tenth of it.
    gc.disable()
    from lenrx.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
