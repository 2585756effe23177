"""What is refused of mails, their templates, and the links in them."""

from makegood.domain.errors.tree import Conflict, Invalid, NotFound


class MailNotFound(NotFound):
    """No mail has this number."""

    code = "mail_not_found"

    def __init__(self, mail: object) -> None:
        super().__init__(f"Mail not found: {mail}", mail=mail)


class MailNotRetried(Conflict):
    """Only what failed or was refused is sent once more by hand."""

    code = "mail_not_retried"

    def __init__(self, *, mail: int, status: str) -> None:
        super().__init__(f"Mail {mail} cannot be tried again (status: {status})", mail=mail, status=status)


class TemplateFaulty(Invalid):
    """A template of mails cannot be used: it says in which part and line, and why."""

    code = "template_faulty"

    def __init__(self, kind: str, part: str, line: int | None, because: str) -> None:
        where = f"{part}, line {line}" if line else part
        super().__init__(f"{where}: {because}", kind=kind, part=part, line=line, because=because)


class LinkInvalid(NotFound):
    """The link is none of ours, or not whole."""

    code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("This link is not one of ours, or not whole")


class LinkExpired(Conflict):
    """The link was for a time that is over."""

    code = "link_expired"

    def __init__(self, *, order: str) -> None:
        super().__init__(f"The time to answer about order {order} is over", order=order)


class AlreadyAnswered(Conflict):
    """The customer has answered already; nothing is done twice."""

    code = "already_answered"

    def __init__(self, *, order: str, answer: str) -> None:
        super().__init__(f"About order {order} was answered already: {answer}", order=order, answer=answer)


class OrderMovedOn(Conflict):
    """The order is not any more what the customer was asked about."""

    code = "order_moved_on"

    def __init__(self, *, order: str, status: str) -> None:
        super().__init__(f"Order {order} has changed since (status: {status})", order=order, status=status)


class NoAddress(Conflict):
    """The order has no address to which a mail can be sent."""

    code = "no_address"

    def __init__(self, *, order: str) -> None:
        super().__init__(f"Order {order} has no e-mail address", order=order)
