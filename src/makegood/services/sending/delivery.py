"""Hand mails to the server over SMTP, and tell apart what it takes, puts off, refuses, and never answers."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from threading import Timer

from makegood.domain.errors import TemplateFaulty
from makegood.domain.mails import MailKind, Post, TryOutcome
from makegood.services.mails.writing import write
from makegood.services.sending.take_mail import Taken, Tried

# So long may one answer of the server take, and so long one mail altogether.
ANSWER_SECONDS = 30.0
MAIL_SECONDS = 180.0


class ServerTrouble(Exception):
    """The server that takes mails cannot be reached, or does not let us in: no mail is to blame."""


class Line:
    """A line to the server, opened for the first mail and kept for one after the other."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._smtp: smtplib.SMTP | None = None

    def keep_open(self) -> None:
        """Open the line, anew when the server has hung up meanwhile. Raises `ServerTrouble`."""
        with suppress(smtplib.SMTPException, OSError):
            if self._smtp and self._smtp.noop()[0] == 250:
                return
        self.close()
        self._smtp = _connected(self._post)

    def send(self, taken: Taken) -> Tried:
        """Hand a mail over, and give what came of it."""
        try:
            message = written(taken, self._post)
        except TemplateFaulty as wrong:
            return Tried(TryOutcome.FAULTY, said=str(wrong))
        assert self._smtp is not None, "the line was not opened"
        watch = Timer(MAIL_SECONDS, self._cut)
        watch.start()
        try:
            self._smtp.send_message(message, parseaddr(self._post.sender)[1], [taken.recipient])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return _came_to(error)
        finally:
            watch.cancel()
        return Tried(TryOutcome.SENT, 250)

    def close(self) -> None:
        """Hang up, if the line is open."""
        if self._smtp is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()
        self._smtp = None

    def _cut(self) -> None:
        if self._smtp and self._smtp.sock is not None:
            with suppress(OSError):
                self._smtp.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(post: Post) -> Iterator[Line]:
    """Keep a line to the server for as long as the block lasts; it is opened when it is needed."""
    line = Line(post)
    try:
        yield line
    finally:
        line.close()


def written(taken: Taken, post: Post) -> EmailMessage:
    """Write a mail as it goes over the line. Raises `TemplateFaulty`."""
    mail = write(taken.template, taken.facts)
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = _sender(taken, post)
    message["To"] = taken.recipient
    message["Date"] = format_datetime(taken.at)
    message["Message-ID"] = taken.message_id
    message["Auto-Submitted"] = "auto-generated"
    if taken.stop:
        message["List-Unsubscribe"] = f"<{taken.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _sender(taken: Taken, post: Post) -> str:
    """Give our address under the name of the shop that writes."""
    name, address = parseaddr(post.sender)
    shop = "" if taken.kind is MailKind.STAFF_ALERT else str(taken.facts.get("shop", ""))
    return formataddr((" ".join((shop if shop != address else name).split()) or name, address))


def _connected(post: Post) -> smtplib.SMTP:
    try:
        trusted = ssl.create_default_context(cafile=post.ca)
        if post.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(post.host, post.port, timeout=ANSWER_SECONDS, context=trusted)
        else:
            smtp = smtplib.SMTP(post.host, post.port, timeout=ANSWER_SECONDS)
        if post.tls == "starttls":
            smtp.starttls(context=trusted)
        if post.user:
            smtp.login(post.user, post.password)
    except (smtplib.SMTPException, OSError) as error:
        raise ServerTrouble(f"{post.host}:{post.port}: {type(error).__name__}: {error}") from error
    return smtp


def _came_to(error: Exception) -> Tried:
    """Tell what the server said of one mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said, for_good=code >= 500)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Who may send here is not the recipient's doing.
        return _answered(error.smtp_code, error.smtp_error, for_good=False)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error, for_good=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Tried(TryOutcome.FAULTY, said=str(error))
    return Tried(TryOutcome.LOST, said=f"{type(error).__name__}: {error}")


def _answered(code: int, said: bytes | str, *, for_good: bool) -> Tried:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Tried(TryOutcome.REFUSED if for_good else TryOutcome.LATER, code, " ".join(words.split()))
