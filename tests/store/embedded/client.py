"""A process that uses the server of a folder: says the URL, then stays until its input ends."""

import sys
from pathlib import Path

from makegood.store.embedded import served

if __name__ == "__main__":
    with served(Path(sys.argv[1])) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()
