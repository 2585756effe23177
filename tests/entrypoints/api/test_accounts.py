"""Who may come in, how, and for how long: sign-ins, the first set-up, users, tokens, and what is on record."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.services.accounts.set_up import make_setup_link
from makegood.services.accounts.users import create_user
from tests.entrypoints.api.visitors import Api, Visitor

PASSWORD = "oolong and biscuits"


def user(api: Api, name: str = "ann", role: Role = Role.STAFF, **more: Any) -> None:
    api.shop.do(create_user, name, password=PASSWORD, role=role, **more)


def browser(api: Api, name: str = "ann", *, over: str = "http://testserver") -> Visitor:
    """A browser in which somebody has signed in; its changes carry the proof of its page."""
    visitor = Visitor(TestClient(api.app, base_url=over, raise_server_exceptions=False))
    told = visitor.does("/login", {"name": name, "password": PASSWORD})
    visitor.headers = {"X-CSRF-Token": told["csrfToken"]}
    return visitor


def test_a_person_signs_in_works_and_signs_out(api: Api) -> None:
    user(api)
    api.shop.order("1001", MUG=1)
    ann = browser(api)
    assert ann.asks("/me")["name"] == "ann"
    assert ann.does("/orders/1001/allocate")["status"] == "BACKORDERED"
    assert ann.calls("POST", "/logout").status_code == 204
    assert ann.refused("GET", "/orders") == (401, "not_signed_in")
    assert api.shop.value("SELECT count(*) FROM sign_ins") == 0


def test_the_cookie_is_out_of_reach_of_scripts_and_other_hosts(api: Api) -> None:
    user(api)
    for over, name, flags in (
        ("http://testserver", "makegood", {"httponly", "path=/", "samesite=lax"}),
        ("https://testserver", "__Host-makegood", {"httponly", "path=/", "samesite=lax", "secure"}),
    ):
        client = TestClient(api.app, base_url=over)
        cookie = client.post("/login", json={"name": "ann", "password": PASSWORD}).headers["Set-Cookie"]
        called, *told = cookie.split("; ")
        assert called.split("=")[0] == name
        assert {flag.lower() for flag in told} == flags
    assert "Strict-Transport-Security" in client.get("/healthz").headers


def test_only_hashes_are_kept(api: Api) -> None:
    user(api)
    secret = browser(api).client.cookies["makegood"]
    token = api.token(Role.STAFF)
    kept = str(api.shop.rows("SELECT * FROM users")) + str(api.shop.rows("SELECT * FROM tokens"))
    kept += str(api.shop.rows("SELECT * FROM sign_ins")) + str(api.shop.rows("SELECT * FROM audit_log"))
    assert "$argon2id$" in kept
    assert [hidden for hidden in (PASSWORD, secret, token) if hidden in kept] == []


def test_a_change_with_a_cookie_needs_the_proof_that_our_page_sent_it(api: Api) -> None:
    user(api)
    user(api, "ben")
    ann, ben = browser(api), browser(api, "ben")
    proof = ann.headers.pop("X-CSRF-Token")
    assert ann.refused("POST", "/orders/9/allocate") == (403, "csrf_missing")
    assert ann.refused("POST", "/orders/9/allocate", headers=ben.headers) == (403, "csrf_missing")
    assert ann.refused("POST", "/orders/9/allocate", headers={"X-CSRF-Token": proof}) == (404, "order_not_found")
    assert ann.asks("/orders")["orders"] == []


def test_a_stay_ends_when_it_is_left_alone_and_never_lasts_for_ever(api: Api) -> None:
    user(api)
    ann = browser(api)
    for _ in range(16):
        api.shop.later(hours=10)
        assert ann.asks("/me")["role"] == "STAFF"
    api.shop.later(hours=10)
    assert ann.refused("GET", "/me") == (401, "not_signed_in")
    left_alone = browser(api)
    api.shop.later(hours=13)
    assert left_alone.refused("GET", "/me") == (401, "not_signed_in")


def test_nobody_learns_which_of_name_and_password_is_wrong(api: Api) -> None:
    user(api)
    wrong = {"name": "ann", "password": "a guess"}
    nobody = {"name": "zoe", "password": PASSWORD}
    answers = [api.anonymous().calls("POST", "/login", json=one).json() for one in (wrong, nobody)]
    for answer in answers:
        del answer["requestId"]
    assert answers[0] == answers[1]
    assert (answers[0]["status"], answers[0]["code"]) == (401, "wrong_credentials")


def test_tries_are_counted_and_the_right_password_has_to_wait_too(api: Api) -> None:
    user(api)
    user(api, "ben")
    guesses = [api.anonymous().refused("POST", "/login", json={"name": "ann", "password": "x"}) for _ in range(6)]
    assert guesses[4:] == [(401, "wrong_credentials"), (429, "too_many_tries")]
    right = api.anonymous().calls("POST", "/login", json={"name": "ANN", "password": PASSWORD})
    assert (right.status_code, right.headers["Retry-After"]) == (429, "900")
    assert browser(api, "ben").asks("/me")["name"] == "ben"
    api.shop.later(minutes=16)
    assert browser(api).asks("/me")["name"] == "ann"


def test_guesses_at_the_same_time_are_counted_too(api: Api) -> None:
    user(api)
    with ThreadPoolExecutor(12) as hands:
        told = list(
            hands.map(
                lambda _: api.anonymous().refused("POST", "/login", json={"name": "ann", "password": "x"}),
                range(12),
            )
        )
    assert sum(status == 401 for status, _ in told) <= 5
    assert sum(status == 429 for status, _ in told) >= 7


def test_the_first_run_makes_one_super_admin_and_the_link_works_once(api: Api) -> None:
    links = [api.shop.do(make_setup_link) for _ in range(2)]
    first = {"name": "ann", "password": PASSWORD, "secret": links[0]}
    assert api.anonymous().refused("POST", "/setup", json=first | {"secret": "guess"}) == (409, "setup_closed")
    made = api.anonymous().does("/setup", first)
    assert (made["name"], made["role"]) == ("ann", "SUPER_ADMIN")
    for secret in links:
        again = first | {"name": "ben", "secret": secret}
        assert api.anonymous().refused("POST", "/setup", json=again) == (409, "setup_closed")
    assert api.shop.do(make_setup_link) is None
    assert browser(api).asks("/users")[0]["name"] == "ann"


def test_a_guess_does_not_use_the_link_up_and_a_late_one_finds_it_expired(api: Api) -> None:
    link = api.shop.do(make_setup_link)
    api.shop.later(hours=25)
    late = {"name": "ann", "password": PASSWORD, "secret": link}
    assert api.anonymous().refused("POST", "/setup", json=late) == (409, "setup_closed")


def test_of_many_who_set_up_at_once_one_does(api: Api) -> None:
    links = [api.shop.do(make_setup_link) for _ in range(6)]

    def tries(number: int) -> int:
        first = {"name": f"u{number}", "password": PASSWORD, "secret": links[number]}
        return int(api.anonymous().calls("POST", "/setup", json=first).status_code)

    with ThreadPoolExecutor(6) as hands:
        assert sorted(hands.map(tries, range(6))) == [201, 409, 409, 409, 409, 409]
    assert api.shop.value("SELECT count(*) FROM users") == 1


def test_only_a_super_admin_makes_admins(api: Api) -> None:
    admin, above = api.visitor(Role.ADMIN), api.visitor(Role.SUPER_ADMIN)
    new = {"name": "ann", "password": PASSWORD, "role": "admin"}
    assert admin.refused("POST", "/users", json=new) == (403, "not_allowed")
    assert admin.refused("POST", "/tokens", json={"name": "t", "role": "ADMIN"}) == (403, "not_allowed")
    assert admin.does("/users", new | {"role": "manager"})["role"] == "MANAGER"
    assert admin.refused("PATCH", "/users/ann", json={"role": "SUPER_ADMIN"}) == (403, "not_allowed")
    assert above.does("/users/ann", {"role": "ADMIN"}, method="PATCH")["role"] == "ADMIN"
    assert admin.refused("PATCH", "/users/ann", json={"active": False}) == (403, "not_allowed")
    assert admin.refused("DELETE", "/tokens/t1") == (403, "not_allowed")
    assert above.does("/tokens/t1", method="DELETE")["revokedAt"]


def test_a_name_is_given_once(api: Api) -> None:
    admin = api.visitor(Role.ADMIN)
    new = {"name": "ann", "password": PASSWORD}
    admin.does("/users", new)
    assert admin.refused("POST", "/users", json=new | {"name": "ANN"}) == (409, "already_exists")
    assert admin.refused("POST", "/tokens", json={"name": "t0"}) == (409, "already_exists")
    assert admin.refused("PATCH", "/users/zoe", json={"role": "STAFF"}) == (404, "user_not_found")


def test_the_last_super_admin_stays(api: Api) -> None:
    user(api, "ann", Role.SUPER_ADMIN)
    ann = browser(api)
    assert ann.refused("PATCH", "/users/ann", json={"active": False}) == (409, "last_super_admin")
    ann.does("/users", {"name": "ben", "password": PASSWORD, "role": "SUPER_ADMIN"})
    assert ann.does("/users/ann", {"role": "STAFF"}, method="PATCH")["role"] == "STAFF"


def test_two_who_demote_each_other_leave_one(api: Api) -> None:
    for name in ("ann", "ben"):
        user(api, name, Role.SUPER_ADMIN)
    pairs = [(browser(api, "ann"), "ben"), (browser(api, "ben"), "ann")]
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda one: one[0].calls("PATCH", f"/users/{one[1]}", json={"role": "STAFF"}), pairs))
    assert api.shop.value("SELECT count(*) FROM users WHERE role = 'SUPER_ADMIN'") == 1


def test_a_disabled_user_is_out_at_once_with_its_tokens(api: Api) -> None:
    user(api, "ann", Role.MANAGER)
    user(api, "eve", Role.SUPER_ADMIN)
    eve, ann = browser(api, "eve"), browser(api)
    eve.does("/users/ann", {"role": "ADMIN"}, method="PATCH")
    ann = browser(api)
    own = Visitor(api.client, ann.does("/tokens", {"name": "own", "role": "MANAGER"})["secret"])
    assert own.asks("/me") == {"name": "token:own", "role": "MANAGER", "merchants": None, "csrfToken": None}
    eve.does("/users/ann", {"role": "READONLY"}, method="PATCH")
    assert own.asks("/me")["role"] == "READONLY"
    eve.does("/users/ann", {"active": False}, method="PATCH")
    assert own.refused("GET", "/me") == (401, "not_signed_in")
    assert ann.refused("GET", "/me") == (401, "not_signed_in")
    login = {"name": "ann", "password": PASSWORD}
    assert api.anonymous().refused("POST", "/login", json=login) == (401, "wrong_credentials")


def test_a_new_password_ends_every_stay(api: Api) -> None:
    user(api)
    ann, elsewhere = browser(api), browser(api)
    asked = {"password": "wrong", "newPassword": "rooibos without sugar"}
    assert ann.refused("POST", "/me/password", json=asked) == (401, "wrong_credentials")
    weak = {"password": PASSWORD, "newPassword": "aaaaaaaaaaaa"}
    assert ann.refused("POST", "/me/password", json=weak) == (422, "invalid_value")
    assert ann.calls("POST", "/me/password", json=asked | {"password": PASSWORD}).status_code == 204
    assert elsewhere.refused("GET", "/me") == (401, "not_signed_in")
    token = api.visitor()
    assert token.refused("POST", "/me/password", json=asked) == (401, "wrong_credentials")


@pytest.mark.parametrize("spoilt", ["expired", "revoked", "unknown", "basic"])
def test_tokens_that_do_not_open(api: Api, spoilt: str) -> None:
    visitor = Visitor(api.client, api.token(Role.STAFF, days=3))
    assert visitor.asks("/me")["name"] == "token:t0"
    if spoilt == "expired":
        api.shop.later(days=3)
    elif spoilt == "revoked":
        api.visitor(Role.ADMIN).does("/tokens/t0", method="DELETE")
    elif spoilt == "unknown":
        visitor.headers["Authorization"] += "x"
    else:
        visitor.headers["Authorization"] = "Basic YTpi"
    assert visitor.refused("GET", "/me") == (401, "not_signed_in")


def test_the_last_use_of_a_token_is_noted_once_a_minute(api: Api) -> None:
    visitor = api.visitor()
    uses = []
    for seconds in (0, 30, 40):
        api.shop.later(seconds=seconds)
        visitor.asks("/me")
        uses.append(api.shop.value("SELECT last_used_at FROM tokens"))
    assert uses[0] == uses[1]
    assert (uses[2] - uses[0]).total_seconds() == 70


def test_who_did_what_is_on_record_and_stays(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    admin = api.visitor(Role.ADMIN)
    admin.does("/orders/1001/allocate", X_Request_Id="r-1")
    admin.does("/settings/max_backorder_days", {"value": 45}, method="PUT")
    admin.refused("POST", "/orders/77/allocate")
    told = [(one["actor"], one["act"], one["subject"]) for one in admin.asks("/audit")["acts"]]
    assert told[:3] == [
        ("token:t0", "PUT /settings/{name}", "/settings/max_backorder_days"),
        ("token:t0", "setting:changed", "max_backorder_days"),
        ("token:t0", "POST /orders/{order}/allocate", "/orders/1001/allocate"),
    ]
    assert admin.asks("/audit", act="POST /orders/{order}/allocate")["acts"][0]["requestId"] == "r-1"
    assert admin.asks("/settings")["settings"]["maxBackorderDays"] == 45
    with pytest.raises(Exception, match="append-only"):
        api.shop.change("DELETE FROM audit_log")
