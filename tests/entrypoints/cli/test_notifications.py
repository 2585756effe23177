"""Mails at the command line: the log, the templates, who wants none, and asking a customer."""

from pathlib import Path

from .conftest import Terminal


def test_a_customer_is_asked_and_the_mail_is_in_the_log(clerk: Terminal) -> None:
    clerk.does("variants add POT")
    clerk.does("receive D-1 POT=1 --at A-01")
    clerk.does("orders place 1001 MUG=2 POT=1 --email ann@example.org")
    draft = clerk.does("notifications preview order-backordered --order 1001").out
    assert draft.startswith("Subject: Your order 1001 has to wait\n")
    assert "- Mug: 2 to come" in draft
    assert clerk.types("notifications preview delay-notice --order 1001").code == 2
    told = clerk.does("notifications ask 1001 split")
    assert told.out.startswith("The customer of order 1001 is asked, and can answer until ")
    assert "Mails are off: MAKEGOOD_SMTP_HOST" in told.err
    shown = clerk.does("notifications list").out.splitlines()
    assert shown[1].split()[:6] == ["1", "consent", "asked", "1001", "ann@example.org", "queued"]
    assert clerk.does("notifications show 1 --json").json["mail"]["kind"] == "CONSENT_ASKED"
    assert clerk.types("notifications retry 1").code == 4
    assert clerk.types("notifications show 9").code == 3
    assert clerk.types("notifications list --status lost").code == 2


def test_a_template_is_tried_kept_and_put_back(clerk: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "wait.txt"
    file.write_text("Please wait, {{ customer }}.")
    kind = "order-backordered"
    assert "Subject: Your order 1001 has to wait" in clerk.does(f"notifications preview {kind}").out
    tried = clerk.does(f"notifications templates set {kind} --text {file} --dry-run")
    assert "Please wait, Ann." in tried.out
    assert "own" not in clerk.does("notifications templates list").out
    clerk.does(f"notifications templates set {kind} --text {file}")
    assert "Please wait, {{ customer }}." in clerk.does(f"notifications templates show {kind}").out
    clerk.does(f"notifications templates reset {kind}")
    file.write_text("one\n{{ nobody }}")
    refused = clerk.types(f"notifications templates set {kind} --text {file}")
    assert (refused.code, "text, line 2: nobody is not known here" in refused.err) == (2, True)


def test_a_folder_is_no_part_of_a_template(clerk: Terminal, tmp_path: Path) -> None:
    for part in ("subject", "text", "html"):
        refused = clerk.types(f"notifications templates set order-backordered --{part} {tmp_path}")
        assert (refused.code, "is a directory" in refused.err) == (2, True)


def test_who_wants_no_mails_is_kept(clerk: Terminal) -> None:
    clerk.does("notifications opt-outs add Cat@example.org")
    assert clerk.does("notifications opt-outs list --json").json["opt_outs"][0]["address"] == "cat@example.org"
    assert clerk.does("notifications opt-outs remove cat@example.org").out == "cat@example.org gets mails again.\n"
    assert "Nobody has said" in clerk.does("notifications opt-outs list").err
