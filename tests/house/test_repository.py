"""The repository stands on its own: nothing of where it was made, one door, every part explained."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from .reading import DOCS, ROOT, listing, page, repository_files, short

# Spelled in pieces, so that this file does not name what it forbids.
FORBIDDEN = {
    "a path of one machine": [rf"(?<![\w.~)}}\]-])/{folder}/" for folder in ("work", "root", "tmp/pro" + "be")],
    "a registry's host": [
        "py" + r"pi\.org",
        "python" + r"hosted\.org",
        r"registry\." + r"npm" + "js",
        r"deb\." + r"debian\.org",
        r"proxy\." + r"golang\.org",
    ],
    "what wrote it": [
        r"\bcla" + "ude",
        "anth" + "ropic",
        r"\bco" + r"pilot\b",
        "chat" + "gpt",
        "co-auth" + "ored-by",
    ],
}
PATTERNS = [(kind, re.compile(pattern, re.I)) for kind, patterns in FORBIDDEN.items() for pattern in patterns]


def foreign(text: str) -> list[str]:
    """Each line's number and what it should not speak of."""
    if not any(pattern.search(text) for _, pattern in PATTERNS):
        return []
    lines = enumerate(text.splitlines(), start=1)
    return [f"{n}: {kind}: {line.strip()[:80]}" for n, line in lines for kind, p in PATTERNS if p.search(line)]


def test_no_file_speaks_of_where_it_was_made() -> None:
    texts = ((file, file.read_bytes().decode(errors="replace")) for file in repository_files())
    faults = [f"{short(file)}:{fault}" for file, text in texts for fault in foreign(text)]
    assert not faults, listing(faults)


def test_foreign_things_are_noticed() -> None:
    bad = [
        "see /wo" + "rk/main",
        "https://files.python" + "hosted.org/x",
        "Co-Auth" + "ored-By: x",
        "'/ro" + "ot/x'",
    ]
    good = ["services/work.py", "../work/orders", "src/root/x", "https://example.org/work", "networks/"]
    assert [bool(foreign(line)) for line in bad] == [True] * len(bad)
    assert [foreign(line) for line in good] == [[]] * len(good)


def recipes() -> dict[str, str | None]:
    """Each public recipe of the Makefile with its sentence."""
    text = page("Makefile")
    phony = re.findall(r"^\.PHONY: (.*)$", text, flags=re.M)
    told = dict(re.findall(r"^([a-z-]+):.*?## (.+)$", text, flags=re.M))
    return {name: told.get(name) for line in phony for name in line.split()}


@pytest.mark.parametrize("name", sorted(recipes()))
def test_each_recipe_says_what_it_does(name: str) -> None:
    assert recipes()[name], f"`make {name}` has no `## sentence`"


def test_ci_only_calls_make() -> None:
    allowed = re.compile(r"#|set |cd |exec </dev/null$|make [a-z ]+$")
    lines = [line for line in page(".ci/run").splitlines() if line]
    assert [line for line in lines if not allowed.match(line)] == []


def test_pre_commit_only_calls_make() -> None:
    entries = re.findall(r"entry: (.*)", page(".pre-commit-config.yaml"))
    assert entries == ["make check"]


def project_dependencies() -> list[str]:
    """The names of everything that pyproject.toml asks for."""
    project = tomllib.loads(page("pyproject.toml"))
    extras = project["project"].get("optional-dependencies", {})
    groups = project.get("dependency-groups", {})
    asked = [project["project"]["dependencies"], *extras.values(), *groups.values()]
    names = {re.split(r"[\[<>=!~; ]", wish)[0] for wishes in asked for wish in wishes if isinstance(wish, str)}
    return sorted(names | set(project["build-system"]["requires"]))


@pytest.mark.parametrize("name", project_dependencies())
def test_each_dependency_earns_its_place(name: str) -> None:
    told = page("docs/decisions/0003-dependencies.md") + page("docs/decisions/0007-dependencies-of-the-doors.md")
    assert f"`{name}`" in told


@pytest.mark.parametrize("name", project_dependencies())
def test_each_dependency_is_pinned(name: str) -> None:
    pinned = page("requirements.lock") + page("scripts/bootstrap.lock")
    assert re.search(rf"^{re.escape(name)}==", pinned, flags=re.M), f"{name} is not pinned; run `make lock`"


@pytest.mark.parametrize("lock", ["requirements.lock", "scripts/bootstrap.lock", "scripts/node.lock"])
def test_a_lock_holds_only_versions_and_hashes(lock: str) -> None:
    line = re.compile(r"[a-z0-9-]+==[\w.+!]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [text for text in page(lock).splitlines() if not line.fullmatch(text)] == []


def test_the_lock_of_the_pages_names_versions_and_hashes_and_no_registry() -> None:
    packages = json.loads(page("package-lock.json"))["packages"]
    fetched = {name: facts for name, facts in packages.items() if name}
    assert all("resolved" not in facts and facts["integrity"].startswith("sha512-") for facts in fetched.values())
    asked = packages[""]
    wanted = asked["dependencies"] | asked["devDependencies"]
    assert {name.removeprefix("node_modules/"): facts["version"] for name, facts in fetched.items()} == wanted
    told = page("docs/decisions/0007-dependencies-of-the-doors.md")
    assert [name for name in wanted if f"`{name}`" not in told] == []


@pytest.mark.parametrize("file", sorted((DOCS / "decisions").glob("*")), ids=short)
def test_a_decision_is_short_and_whole(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, flags=re.M)
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", file.name)
    assert {"Context", "Decision", "Consequences", "Alternatives"} <= set(headings)
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_repeats() -> None:
    numbers = sorted(file.name[:4] for file in (DOCS / "decisions").glob("*.md"))
    assert numbers == sorted(set(numbers))


def test_the_scripts_can_be_run() -> None:
    assert [
        short(file)
        for file in (ROOT / "scripts" / "environment", ROOT / "scripts" / "browser", ROOT / ".ci" / "run")
        if not is_runnable(file)
    ] == []


def is_runnable(file: Path) -> bool:
    """May its owner execute it?"""
    return bool(file.stat().st_mode & 0o100)
