"""The routes for who is told: mails, their templates, and the links in them; a part of the table."""

from collections.abc import Sequence

from makegood.domain.accounts import Role
from makegood.domain.errors import (
    AlreadyAnswered,
    Ambiguous,
    InvalidValue,
    LawBroken,
    LinkExpired,
    LinkInvalid,
    MailNotFound,
    MailNotRetried,
    MerchantNotFound,
    NoAddress,
    NothingShort,
    NothingToShip,
    NothingToSubstitute,
    OrderMovedOn,
    OrderNotFound,
    TemplateFaulty,
    WrongState,
)
from makegood.entrypoints.api import notifications
from makegood.entrypoints.api.route import Route

MANAGER, ADMIN = Role.MANAGER, Role.ADMIN
# Only for signed links.
ANYONE = None

MAILS = (InvalidValue, OrderNotFound, Ambiguous)
OPT_OUT = (MerchantNotFound, InvalidValue)
RETRY_MAIL = (MailNotFound, MailNotRetried)
WRITE = (TemplateFaulty, InvalidValue)
ASK = (
    OrderNotFound,
    Ambiguous,
    WrongState,
    NothingShort,
    NothingToShip,
    InvalidValue,
    NothingToSubstitute,
    NoAddress,
)
ANSWER = (LinkInvalid, LinkExpired, AlreadyAnswered, OrderMovedOn, InvalidValue, LawBroken)

TOLD: Sequence[Route] = (
    Route("GET", "/notifications", notifications.many, ADMIN, "notifications", MAILS),
    Route("GET", "/notifications/templates", notifications.templates, ADMIN, "notifications", whole_house=True),
    *(
        Route(
            method,
            f"/notifications/templates/{{kind}}{step}",
            do,
            ADMIN,
            "notifications",
            faults,
            whole_house=True,
        )
        for method, step, do, faults in (
            ("GET", "", notifications.template, ()),
            ("PUT", "", notifications.write, WRITE),
            ("DELETE", "", notifications.reset, ()),
            ("POST", "/preview", notifications.preview, WRITE),
        )
    ),
    Route("GET", "/notifications/opt-outs", notifications.opt_outs, ADMIN, "notifications", (InvalidValue,)),
    Route("POST", "/notifications/opt-outs", notifications.opt_out, ADMIN, "notifications", OPT_OUT, 201),
    # An address stands in no path: paths are logged.
    Route(
        "POST", "/notifications/opt-outs/remove", notifications.opt_in, ADMIN, "notifications", (MerchantNotFound,)
    ),
    Route("GET", "/notifications/{mail}", notifications.one, ADMIN, "notifications", (MailNotFound,)),
    Route("POST", "/notifications/{mail}/retry", notifications.retry, ADMIN, "notifications", RETRY_MAIL),
    Route("POST", "/orders/{order}/ask-customer", notifications.ask, MANAGER, "notifications", ASK),
    Route("GET", "/consents/{token}", notifications.asked, ANYONE, "consents", (LinkInvalid,)),
    Route("POST", "/consents/{token}", notifications.answer, ANYONE, "consents", ANSWER, secret=True),
    Route("POST", "/no-more-mails/{token}", notifications.stop, ANYONE, "consents", (LinkInvalid,), secret=True),
)
