"""`python -m makegood` and the `makegood` command."""

from makegood.entrypoints.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
