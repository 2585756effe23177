"""Every type of event that the code writes is in the one list, from which receivers choose."""

import re

from makegood.domain.events import EVENT_TYPES
from makegood.domain.webhooks import MESSAGE_TYPES
from tests.house.reading import SOURCE, python_files

TYPE = re.compile(r'"((?:order|allocation|backorder|stock|books):[a-z_]+)"')


def test_the_list_holds_what_is_written_and_nothing_else() -> None:
    services = python_files(SOURCE / "services")
    written = {found for file in services for found in TYPE.findall(file.read_text(encoding="utf-8"))}
    assert written == EVENT_TYPES


def test_messages_spell_them_with_a_full_stop() -> None:
    assert {"order.backordered", "alert.raised", "alert.ended"} <= MESSAGE_TYPES
