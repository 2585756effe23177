"""A warehouse in the books and the same in the toy: every deed is done in both, and both must agree."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta

from hypothesis.stateful import RuleBasedStateMachine

from makegood.domain.errors import MakegoodError
from makegood.services.doctor import doctor
from makegood.services.sweep import sweep
from tests.clean_books import fresh_books
from tests.histories.told import by_the_books, by_the_toy, holds_by_the_books, look_up_what_is_unsure
from tests.histories.toy import BINS, Heap, Refused, Toy
from tests.histories.toy_supply import trim
from tests.judge.judge import judge
from tests.shop import MONDAY, Shop


class World(RuleBasedStateMachine):
    """New books with three SKUs, and the toy that tells what they must say."""

    server: str

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.shop = Shop(self.world.enter_context(fresh_books(self.server)))
        self.shop.sells("MUG", "LID").sells("EGG", expiry_tracked=True)
        self.toy = Toy(self.shop.clock)
        self.references = 0

    def both(
        self, use_case: Callable[..., object], *args: object, toy: Callable[[], object], **named: object
    ) -> None:
        """Do it in the books and in the toy; both do it, or both refuse it for the same reason."""
        refused = None
        try:
            self.shop.do(use_case, *args, **named)
        except MakegoodError as error:
            refused = error.code
        expected = None
        try:
            toy()
        except Refused as error:
            expected = str(error)
        assert refused == expected
        self.compare()

    def compare(self) -> None:
        holds = holds_by_the_books(self.shop)
        trim(self.toy)
        look_up_what_is_unsure(self.toy, holds)
        assert by_the_books(self.shop, holds) == by_the_toy(self.toy)

    def check(self) -> None:
        """Let a worker serve everybody; then nothing may be left lying."""
        self.shop.check(most=2)
        self.toy.serve()
        self.compare()
        assert judge(self.shop.books.conninfo, self.shop.clock.date()).broken == {}

    def chosen(self, some: int, *statuses: str) -> str:
        """Choose an order, one in these statuses if there is one."""
        orders = [number for number, order in self.toy.orders.items() if order["status"] in statuses]
        names = orders or list(self.toy.orders)
        return names[some % len(names)]

    def heap(self, some: int, status: str) -> Heap:
        """Choose something that lies there with this status, if anything does."""
        stock = self.toy.stock.items()
        found = [heap for heap, units in stock if units and heap[1] in BINS and heap[2] == status]
        return found[some % len(found)] if found else ("MUG", "A-01", status, None)

    def expiry(self, sku: str, days: int) -> date | None:
        return MONDAY.date() + timedelta(days=days) if sku == "EGG" else None

    @property
    def reference(self) -> str:
        self.references += 1
        return f"S{self.references}"

    def teardown(self) -> None:
        try:
            self.check()
            assert [finding.words for finding in doctor(self.shop.books, self.shop.clock).findings] == []
            assert not sweep(self.shop.books, self.shop.clock).defects
        finally:
            self.world.close()
