"""`python -m lenrx`."""

from lenrx.cli import main

if __name__ == "__main__":
    main()
