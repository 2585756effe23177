"""The drawing in the README shows the rooms that exist, and no others."""

import re

from .reading import SOURCE, page

ROOM = r"[a-z_]+(?:/|\.py)"
# A room opens its line, two spaces in; rooms on one floor share a line: `planner/ | store/`.
FLOOR = re.compile(rf"^  ({ROOM}(?:\s*\|\s*{ROOM})*)(?=\s|$)")


def drawn_rooms(readme: str) -> set[str]:
    """The rooms that the block with `src/makegood/` draws, folders with a slash, modules with .py.

    >>> floors = "  jobs/  LATER  a/ b.py\\n  planner/ | store/  x"
    >>> sorted(drawn_rooms(f"```\\nsrc/makegood/\\n{floors}\\ntests/  y\\n```"))
    ['jobs/', 'planner/', 'store/']
    """
    rooms: set[str] = set()
    for line in building(readme):
        floor = FLOOR.match(line)
        rooms |= set(re.findall(ROOM, floor[1])) if floor else set()
    return rooms


def building(readme: str) -> list[str]:
    """The indented lines right below `src/makegood/` in its fenced block."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", readme, flags=re.M | re.S)
    plans = [block for block in blocks if re.search(r"^src/makegood/", block, flags=re.M)]
    assert len(plans) == 1, f"README.md needs one fenced block with a line src/makegood/, it has {len(plans)}"
    below = re.split(r"^src/makegood/.*\n", plans[0], flags=re.M)[1].splitlines()
    end = next((i for i, line in enumerate(below) if line.strip() and not line.startswith(" ")), len(below))
    return below[:end]


def built_rooms() -> set[str]:
    """The folders and top-level modules of the package."""
    folders = {f"{entry.parent.name}/" for entry in SOURCE.glob("*/__init__.py")}
    modules = {entry.name for entry in SOURCE.glob("*.py") if not entry.name.startswith("__")}
    return folders | modules


def test_the_readme_draws_the_rooms_that_exist() -> None:
    drawn, built = drawn_rooms(page("README.md")), built_rooms()
    assert drawn == built, (
        f"README.md floor plan: not drawn {sorted(built - drawn)}, not built {sorted(drawn - built)}. "
        "Each room opens a line below src/makegood/, two spaces in, with its / or .py; rooms on one floor "
        "are parted by ' | '."
    )
