"""Webhooks and alerts over HTTP: secrets once, rights, the log, replay."""

from makegood.domain.accounts import Role
from makegood.entrypoints.api.table import ROUTES
from makegood.services.alerts.watch import watch
from tests.entrypoints.api.visitors import Api
from tests.services.test_alerts import mans
from tests.services.test_webhooks import FINE, answers, takes, told

URL = "https://shop.example.com/hooks"


def test_a_message_from_its_making_to_its_replay(api: Api) -> None:
    admin = api.visitor(Role.ADMIN)
    made = admin.does("/webhooks", {"url": URL, "types": ["order.backordered"], "note": "the shop"})
    here = f"/webhooks/{made['endpoint']['endpoint']}"
    assert made["secret"].startswith("whsec_")
    api.shop.order("1001", MUG=1)
    told(api.shop)
    (one,) = admin.asks(f"{here}/deliveries")["deliveries"]
    assert (one["type"], one["state"], one["messageId"][:4]) == ("order.backordered", "WAITING", "evt_")
    answers(api.shop, FINE, *takes(api.shop))
    whole = admin.asks(f"/webhooks/deliveries/{one['delivery']}")
    assert (whole["delivery"]["state"], whole["attempts"][0]["status"]) == ("DELIVERED", 204)
    assert '"orderNumber":"1001"' in whole["body"]
    assert admin.does(f"/webhooks/deliveries/{one['delivery']}/replay")["state"] == "WAITING"
    assert admin.does(f"{here}/replay", {"since": "2026-03-01T00:00:00Z"}) == {"messages": 1}
    assert admin.does(f"{here}/test")["type"] == "webhook.test"
    assert len(admin.asks(f"{here}/deliveries", state="waiting")["deliveries"]) == 2


def test_an_endpoint_is_changed_taken_out_of_service_and_removed(api: Api) -> None:
    admin = api.visitor(Role.ADMIN)
    made = admin.does("/webhooks", {"url": URL, "types": ["order.backordered"]})
    here = f"/webhooks/{made['endpoint']['endpoint']}"
    assert admin.does(f"{here}/disable")["active"] is False
    assert admin.refused("POST", f"{here}/test") == (409, "endpoint_disabled")
    assert admin.does(f"{here}/enable")["active"] is True
    assert admin.does(here, {"types": []}, method="PATCH")["types"] is None
    assert admin.does(f"{here}/rotate", {"overlapHours": 1})["secret"] != made["secret"]
    assert made["secret"] not in str(admin.asks("/webhooks")) + str(admin.asks("/audit"))
    assert admin.does(here, method="DELETE")["url"] == URL
    assert admin.refused("GET", here) == (404, "endpoint_not_found")
    gone = admin.refused("GET", "/webhooks/deliveries/999")
    assert gone == (404, "delivery_not_found")


def test_a_secret_goes_under_no_key(api: Api) -> None:
    admin = api.visitor(Role.ADMIN)
    for _ in range(2):
        admin.does("/webhooks", {"url": URL}, Idempotency_Key="once")
    assert len(admin.asks("/webhooks")) == 2
    assert api.shop.value("SELECT count(*) FROM idempotency_keys") == 0


def test_an_administrator_of_one_merchant_sees_their_own_endpoints(api: Api) -> None:
    api.visitor(Role.ADMIN).does("/webhooks", {"url": URL})
    limited = api.visitor(Role.ADMIN, merchants=["default"])
    made = limited.does("/webhooks", {"url": URL})
    assert made["endpoint"]["merchants"] == ["default"]
    assert [one["endpoint"] for one in limited.asks("/webhooks")] == [made["endpoint"]["endpoint"]]
    assert limited.refused("GET", "/webhooks/1") == (404, "endpoint_not_found")
    assert limited.refused("GET", "/alerts") == (403, "merchants_limited")


def test_alerts_are_listed_and_those_that_are_over_when_asked_for(api: Api) -> None:
    reader = api.visitor(Role.READONLY)
    api.shop.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 1)")
    mans(api.shop).do(watch)
    (alert,) = reader.asks("/alerts")["alerts"]
    assert (alert["kind"], alert["facts"], alert["endedAt"]) == ("SWEEP_DEFECT", {"lines": 1}, None)
    api.shop.change("UPDATE sweeps SET swept_at = swept_at - interval '2 days'")
    api.shop.do(watch)
    assert reader.asks("/alerts")["alerts"] == []
    assert reader.asks("/alerts", ended=True)["alerts"][0]["endedAt"]


# Of each route what it is called with, so that it is refused for this reason.
REFUSED = {
    ("POST /webhooks", "invalid_value"): {"url": "ftp://x.example.com/"},
    ("POST /webhooks", "merchant_not_found"): {"url": URL, "merchants": ["nobody"]},
    ("PATCH /webhooks/{endpoint}", "invalid_value"): {"types": ["order.lost"]},
    ("PATCH /webhooks/{endpoint}", "merchant_not_found"): {"merchants": ["nobody"]},
    ("POST /webhooks/{endpoint}/replay", "endpoint_disabled"): {"since": "2026-03-01T00:00:00Z"},
    ("POST /webhooks/{endpoint}/replay", "endpoint_not_found"): {"since": "2026-03-01T00:00:00Z"},
}


def test_every_refusal_of_the_table_is_provoked(api: Api) -> None:
    admin = api.visitor(Role.ADMIN)
    on, off = (admin.does("/webhooks", {"url": URL})["endpoint"]["endpoint"] for _ in range(2))
    sent = admin.does(f"/webhooks/{off}/test")["delivery"]
    admin.does(f"/webhooks/{off}/disable")
    named = {"endpoint_disabled": (off, sent), "invalid_value": (on, sent), "merchant_not_found": (on, sent)}
    for route in (one for one in ROUTES if one.tag == "webhooks"):
        for code in (error.code for error in route.refuses):
            endpoint, delivery = named.get(code, (999, 999))
            address = route.path.format(endpoint=endpoint, delivery=delivery)
            query = {"state": "lost"} if (route.method, code) == ("GET", "invalid_value") else {}
            body = REFUSED.get((f"{route.method} {route.path}", code), {})
            asked = {} if route.method == "GET" else {"json": body}
            assert admin.refused(route.method, address, params=query, **asked)[1] == code, (route.path, code)
