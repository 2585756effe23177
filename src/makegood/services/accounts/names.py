"""Names and roles as people write them."""

import re

from makegood.domain.accounts import Role
from makegood.domain.errors import InvalidValue

# A colon is left to `token:NAME`, by which a token stands on record.
NAME = re.compile(r"[\w.@+-]{1,64}")


def insist_on_name(field: str, name: str) -> str:
    """Give the name back, or raise `InvalidValue`."""
    if not NAME.fullmatch(name):
        raise InvalidValue(field, name, "1 to 64 letters, digits, and any of . _ @ + -")
    return name


def role_named(word: str) -> Role:
    """Give the role of this name, however it is written, or raise `InvalidValue`.

    >>> role_named("super-admin").value
    'SUPER_ADMIN'
    """
    spelled = word.strip().upper().replace("-", "_")
    if spelled not in list(Role):
        raise InvalidValue("role", word, "one of " + ", ".join(Role))
    return Role(spelled)
