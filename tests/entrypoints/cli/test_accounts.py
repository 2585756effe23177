"""Users and tokens at the keyboard: whoever sits there is trusted, and is on record."""

from tests.entrypoints.cli.conftest import Terminal

PASSWORD = "oolong and biscuits"


def test_a_user_is_added_changed_and_disabled(terminal: Terminal) -> None:
    said = terminal.types("users add ann --role manager", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert said.code == 0, said
    assert "User ann is MANAGER and may sign in." in said.out
    assert PASSWORD not in said.out + said.err
    terminal.does("users change ann --role admin")
    terminal.types("users password ann", input=f"{PASSWORD} 2\n{PASSWORD} 2\n")
    assert "may not sign in" in terminal.does("users disable ann").out
    (ann,) = terminal.does("users list --json").json
    assert (ann["role"], ann["active"], ann["merchants"], ann["made_by"]) == ("ADMIN", False, None, "ann")
    assert "may sign in" in terminal.does("users enable ann").out


def test_what_cannot_be_a_user_is_refused(terminal: Terminal) -> None:
    weak = terminal.types("users add ann --password short")
    assert (weak.code, "10 to 200 characters" in weak.err) == (2, True)
    assert terminal.types("users add a:b", "--password", PASSWORD).code == 2
    assert terminal.types("users add ann --role king", "--password", PASSWORD).code == 2
    assert terminal.types("users disable zoe").code == 3
    terminal.does("users add ann --role super-admin", "--password", PASSWORD)
    assert terminal.types("users add ANN", "--password", PASSWORD).code == 4
    last = terminal.types("users disable ann")
    assert (last.code, "ann is the last SUPER_ADMIN" in last.err) == (4, True)


def test_a_token_is_shown_once_and_listed_without_its_secret(terminal: Terminal) -> None:
    made = terminal.does("tokens add shop-sync --role staff --days 90")
    secret = made.out.strip()
    assert secret.startswith("mg_")
    assert "Token shop-sync is STAFF until" in made.err
    listed = terminal.does("tokens list")
    assert "shop-sync" in listed.out
    assert secret not in listed.out
    assert terminal.types("tokens add shop-sync").code == 4
    terminal.does("tokens revoke shop-sync")
    assert terminal.types("tokens revoke shop-sync").code == 3
    assert terminal.does("tokens list --json").json == []
    (old,) = terminal.does("tokens list --revoked --json").json
    assert old["revoked_at"]
    terminal.does("tokens add shop-sync")


def test_a_token_is_limited_to_merchants_that_exist(clerk: Terminal) -> None:
    assert clerk.types("tokens add acme --merchant acme").code == 3
    clerk.does("tokens add mine --merchant default")
    assert clerk.does("tokens list --json").json[0]["merchants"] == ["default"]
