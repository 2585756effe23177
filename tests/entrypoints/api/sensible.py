"""Bodies that make sense, and names that stand for nothing: so that a request is refused only for what is
meant."""

from collections.abc import Mapping
from typing import Any

AGREED = {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}
# A body that makes sense, so that only what is meant is refused.
BODIES: Mapping[str, Any] = {
    "PATCH /orders/{order}": {"priority": "RUSH"},
    "POST /orders/{order}/lines/{line}/match": {"sku": "MUG"},
    "POST /orders/{order}/hold": {"because": "a question"},
    "POST /orders/{order}/split-backorder": {"consent": AGREED},
    "POST /orders/{order}/short-pick": {"line": 1, "missing": 1},
    "PATCH /backorders/{number}": {"priority": "HIGH"},
    "POST /allocations/{allocation}/extend": {"until": None},
    "POST /inventory/{unit}/adjust": {"units": -999, "reason": "broken"},
    "POST /inventory/{unit}/move": {"units": 1, "toLocation": "A-02"},
    "POST /inventory/{unit}/damage": {"units": 1},
    "POST /inventory/{unit}/restore": {"units": 1},
    "POST /inventory/{unit}/quarantine": {"units": 1},
    "POST /receiving/{reference}/lines": {"lines": [{"sku": "MUG", "location": "DOCK", "quantity": 1}]},
    "POST /cycle-counts/{reference}/lines": {"lines": [{"sku": "MUG", "location": "DOCK", "counted": 1}]},
    "POST /returns/{reference}/lines": {"lines": [{"sku": "MUG", "location": "DOCK", "quantity": 1}]},
    "PATCH /receiving/{reference}/lines/{key}": {"quantity": 1},
    "PATCH /returns/{reference}/lines/{key}": {"quantity": 1},
    "PATCH /locations/{warehouse}/{location}": {"active": True},
    "POST /backorders/{number}/source": {"inbound": "PO-MUG"},
    "PATCH /inbound/{inbound:path}": {"due": "2026-03-20"},
    "POST /inbound/{inbound:path}/receive": {"delivery": "D-9", "location": "A-01", "quantity": 1},
    "PATCH /warehouses/{warehouse}": {"name": "East"},
    "PATCH /variants/{sku:path}": {"name": "Mug"},
}
NOWHERE = {"order": "9999", "line": 1, "unit": 999999, "run": 999999, "allocation": 999999, "reference": "NONE",
           "key": "none", "number": "BO-2026-9999", "sku": "NOSUCH", "sku:path": "NOSUCH", "warehouse": "NONE",
           "location": "NONE", "inbound:path": "NONE", "substitute": "NONE", "kind": "orders",
           "job": "none"}  # fmt: skip
