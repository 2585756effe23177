"""SQL is SQL: named, told in one line, used, and never run once per row."""

import ast
import re
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from .reading import SOURCE, listing, python_files, short, tree

STATEMENTS = sorted((SOURCE / "store" / "sql").glob("*.sql"))
NAME = re.compile(r"^-- ([a-z][a-z0-9_]*) --$")
PURPOSE = re.compile(r"^-- \S.*[^-]$")
A_LIST = r"%\((\w+)\)s::bigint\[\]"
EXCUSE = re.compile(r"# one batch per turn: \S")

LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def statement_faults(text: str) -> list[str]:
    """What is wrong with a file of statements: each is a name, a line of purpose, and SQL."""
    head, *parts = re.split(r"^(?=-- \S+ --$)", text, flags=re.M)
    stray = [line for line in head.splitlines() if line.strip() and not line.startswith("--")]
    faults = [f"before the first name: {line}" for line in stray]
    for part in parts:
        first, purpose = [*part.splitlines(), ""][:2]
        sql = part.splitlines()[1:]
        faults += [f"{first}: the name is not snake_case"] if not NAME.match(first) else []
        faults += [f"{first}: no line of purpose follows"] if not PURPOSE.match(purpose) else []
        faults += [f"{first}: no statement follows"] if not any(map(is_sql, sql)) else []
    return faults


def is_sql(line: str) -> bool:
    """Is there more on the line than a comment?"""
    return bool(line.strip()) and not line.lstrip().startswith("--")


def names(text: str) -> list[str]:
    """The names of the statements in a file."""
    return [found[1] for line in text.splitlines() if (found := NAME.match(line))]


def all_names() -> list[str]:
    """The names of all statements of the store."""
    return [name for file in STATEMENTS for name in names(file.read_text(encoding="utf-8"))]


def mentioned(module: ast.Module) -> set[str]:
    """Every attribute and whole string in the code: how a statement can be called by its name."""
    attributes = {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    constants = (node.value for node in ast.walk(module) if isinstance(node, ast.Constant))
    return attributes | {text for text in constants if isinstance(text, str)}


def test_the_store_has_statements() -> None:
    assert all_names(), "src/makegood/store/sql/*.sql holds no statement of the form: -- name --"


@pytest.mark.parametrize("file", STATEMENTS, ids=short)
def test_each_statement_has_a_name_and_a_purpose(file: Path) -> None:
    faults = statement_faults(file.read_text(encoding="utf-8"))
    assert not faults, listing(f"{short(file)}: {fault}" for fault in faults)


def test_no_name_is_given_twice() -> None:
    twice = [name for name, times in Counter(all_names()).items() if times > 1]
    assert not twice, f"statements of the same name: {twice}"


def test_each_statement_is_used() -> None:
    used = set().union(*(mentioned(tree(file)) for file in python_files(SOURCE)))
    unused = sorted(set(all_names()) - used)
    assert not unused, f"no code names these statements of store/sql: {unused}"


def queries_in_loops(text: str) -> list[int]:
    """The lines that ask the database once per turn of a loop without saying why."""
    lines = text.splitlines()
    repeated = [node for loop in ast.walk(ast.parse(text)) for part in turns(loop) for node in ast.walk(part)]
    calls = {node.lineno: node for node in repeated if isinstance(node, ast.Call) and asks_database(node)}
    return sorted(number for number, call in calls.items() if not is_excused(call, lines))


def turns(loop: ast.AST) -> list[ast.AST]:
    """The parts of a loop that run again on each turn; what it loops over is asked for only once."""
    if isinstance(loop, ast.While):
        return [loop.test, *loop.body]
    if isinstance(loop, LOOPS):
        return [*loop.body]
    if isinstance(loop, COMPREHENSIONS):
        return [node for node in ast.iter_child_nodes(loop) if node is not loop.generators[0]]
    return []


def asks_database(call: ast.Call) -> bool:
    """Is it a method of `db`, or of something's `.db`?"""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_name = isinstance(owner, ast.Name) and owner.id == "db"
    return is_name or (isinstance(owner, ast.Attribute) and owner.attr == "db")


def is_excused(call: ast.Call, lines: list[str]) -> bool:
    """Does a line of the call say why each turn is one bounded batch?"""
    return any(EXCUSE.search(line) for line in lines[call.lineno - 1 : call.end_lineno])


@pytest.mark.parametrize("file", python_files(SOURCE / "services", SOURCE / "store"), ids=short)
def test_no_query_in_a_loop(file: Path) -> None:
    found = queries_in_loops(file.read_text(encoding="utf-8"))
    assert not found, (
        f"{short(file)} asks the database in a loop at line {found}: ask once for the whole set, or say "
        "`# one batch per turn: why` on that line"
    )


def unbounded_updates(text: str) -> list[str]:
    """The statements that update listed rows without naming their keys: they may read a whole table for a few."""
    parts = re.split(r"^-- (\S+) --$", text, flags=re.M)
    return [name for name, sql in zip(parts[1::2], parts[2::2], strict=True) if not is_bounded(sql)]


def is_bounded(sql: str) -> bool:
    """Is there no update by a list of keys, or does it also say that the key is one of the list?"""
    asked = re.search(rf"UPDATE (?:(?!UPDATE).)*?FROM unnest\({A_LIST}.*? AS n \((\w+)(.*)", sql, re.DOTALL)
    if not asked:
        return True
    key = re.search(rf"WHERE (\w+\.\w+) = n\.{asked[2]}\b", asked[3])
    return not key or f"{key[1]} = ANY (%({asked[1]})s::bigint[])" in asked[3]


@pytest.mark.parametrize("file", STATEMENTS, ids=short)
def test_an_update_of_listed_rows_finds_them_by_their_keys(file: Path) -> None:
    found = unbounded_updates(file.read_text(encoding="utf-8"))
    assert not found, (
        f"{short(file)}: {found} join a list alone, for which PostgreSQL reads the whole table once the list is "
        "long: add `AND key = ANY (list)`"
    )


def test_an_update_that_may_read_the_whole_table_is_noticed() -> None:
    asked = "FROM unnest(%(ids)s::bigint[], %(a)s::int[]) AS n (lot, a)"
    joined = f"UPDATE lots l SET a = n.a {asked} WHERE l.lot = n.lot"
    named = f"{joined} AND l.lot = ANY (%(ids)s::bigint[])"
    assert unbounded_updates(f"-- a --\n-- Why.\n{joined};\n-- b --\n-- Why.\n{named};\n") == ["a"]


def test_a_query_in_a_loop_is_noticed() -> None:
    text = dedent("""
        for row in db.all("a"):
            self.db.run("b")
        while db.value("c"):
            db.copy("d")  # one batch per turn: a batch is 500 rows
        found = [db.one("e", x) for x in db.all("f")]
        with db.transaction():
            db.run("g")
    """)
    assert queries_in_loops(text) == [3, 4, 6]


def test_a_statement_without_name_or_purpose_is_noticed() -> None:
    good = "-- lock_lots --\n-- In id order, so that two queue up.\nSELECT 1;\n"
    bad = ["SELECT 1;\n", "-- Bad --\n-- Why.\nSELECT 1;\n", "-- a --\nSELECT 1;\n", "-- a --\n-- Why.\n"]
    assert statement_faults(good) == []
    assert [len(statement_faults(text)) for text in bad] == [1, 1, 1, 1]
