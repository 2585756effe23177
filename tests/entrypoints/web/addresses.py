"""Every page that a person can open, as the browser tests look at it; the story fills in `{…}`."""

from collections.abc import Sequence

PAGES: Sequence[str] = (
    "/backorders",
    "/backorders?tab=orders",
    "/backorders?tab=orders&q=nobody",
    "/backorders/skus/MUG",
    "/orders",
    "/orders/{order}",
    "/orders/{order}/split",
    "/orders/{order}/hold",
    "/orders/{order}/cancel",
    "/orders/{order}/snooze",
    "/holds",
    "/queue",
    "/settings/users",
    "/settings/users/ann",
    "/settings/tokens",
    "/settings/warehouses",
    "/settings/locations",
    "/settings/boxes",
    "/settings/alternatives",
    "/settings/business",
    "/backorders/unlock",
    "/runs",
    "/runs/{run}",
    "/runs/new?kind=ALLOCATE&all=1",
    "/runs/new?kind=SEND_AVAILABLE&all=1",
)
