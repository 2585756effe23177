"""What is refused of webhooks."""

from makegood.domain.errors.tree import Conflict, NotFound


class EndpointNotFound(NotFound):
    """No endpoint of webhooks has this number."""

    code = "endpoint_not_found"

    def __init__(self, endpoint: object) -> None:
        super().__init__(f"Endpoint not found: {endpoint}", endpoint=endpoint)


class DeliveryNotFound(NotFound):
    """No delivery of a webhook has this number."""

    code = "delivery_not_found"

    def __init__(self, delivery: object) -> None:
        super().__init__(f"Delivery not found: {delivery}", delivery=delivery)


class EndpointDisabled(Conflict):
    """The endpoint is out of service: nothing is sent to it until somebody enables it."""

    code = "endpoint_disabled"

    def __init__(self, *, endpoint: int, because: str) -> None:
        super().__init__(f"Endpoint {endpoint} is disabled: {because}", endpoint=endpoint, because=because)
