"""Templates: those that come along hold for every kind, and what is written instead is tried before it is kept."""

import pytest

from makegood.domain.errors import TemplateFaulty
from makegood.domain.mails import MailKind
from makegood.services.mails.samples import SAMPLES
from makegood.services.mails.templates import change_template, preview_template, reset_template, show_template
from makegood.services.mails.writing import default_template, insist_on_template
from tests.mails.post_office import PostOffice, standing, text_of, told
from tests.shop import Shop

KIND = MailKind.ORDER_BACKORDERED


@pytest.mark.parametrize("kind", list(MailKind))
def test_what_comes_along_makes_a_mail_of_every_sample(kind: MailKind) -> None:
    made = insist_on_template(kind, default_template(kind))
    assert len(made) == len(SAMPLES[kind])
    for mail in made:
        assert "None" not in mail.text + mail.html + mail.subject
        assert "\n\n\n" not in mail.text
        assert mail.html.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("part", "text", "line", "because"),
    [
        ("text", "Hello\n{% if order %}", 2, "end of template"),
        ("text", "one\ntwo\n{{ customre }}", 3, "customre is not known here; known are before, customer"),
        ("html", "{% for line in lines %}\n{{ line.colour }}{% endfor %}", 2, "colour"),
        ("subject", "{{ expected | day }}", 1, ""),
        ("subject", "{{ customer }}", None, "it comes out empty"),
        ("text", "{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("text", "{{ order / 2 }}", 1, "unsupported"),
        ("text", "{% include 'users.txt' %}", 1, "users.txt"),
        ("text", "x" * 50_001, None, "more than 50,000 characters"),
    ],
)
def test_a_faulty_template_is_refused_with_its_part_and_line(
    shop: Shop, part: str, text: str, line: int | None, because: str
) -> None:
    with pytest.raises(TemplateFaulty) as refused:
        shop.do(change_template, KIND, **{part: text})
    assert (refused.value.facts["part"], refused.value.facts["line"]) == (part, line)
    assert because in str(refused.value)
    assert not shop.do(show_template, KIND).own


def test_a_template_is_kept_in_part_tried_first_and_put_back(shop: Shop) -> None:
    (first, _) = shop.do(preview_template, KIND, subject="Wait for {{ order }}")
    assert first.subject == "Wait for 1001"
    assert not shop.do(show_template, KIND).own
    kept = shop.do(change_template, "order-backordered", subject="Wait for {{ order }}")
    assert (kept.own, kept.changed_by, kept.text) == (True, "manager", default_template(KIND).text)
    assert not shop.do(reset_template, KIND).own


def test_what_a_name_holds_cannot_become_html_or_a_line_of_a_subject() -> None:
    template = default_template(KIND)._replace(subject="{{ customer }}")
    (mail, *_) = [insist_on_template(KIND, default_template(KIND))[0]]
    assert mail.subject
    from makegood.services.mails.writing import write

    made = write(template, {**SAMPLES[KIND][0], "customer": "<b>Ann</b>\r\nBcc: all@example.org"})
    assert made.subject == "<b>Ann</b> Bcc: all@example.org"
    assert "&lt;b&gt;Ann" in made.html


def test_a_mail_that_was_begun_is_not_changed_by_a_new_template(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=1, customer_email="ann@example.org")
    with office.open("full"):
        told(telling, office.post)
        telling.do(change_template, KIND, text="Another text for {{ order }}.")
        told(telling.later(minutes=1), office.post)
        told(telling.later(minutes=2), office.post)
        telling.order("B", MUG=1, customer_email="ann@example.org")
        told(telling, office.post)
    assert [status for _, status in standing(telling)] == ["SENT", "SENT"]
    first, second = (text_of(one) for one in office.taken())
    assert first.startswith("Hello,")
    assert second == "Another text for B.\n"
