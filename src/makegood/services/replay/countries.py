"""What a customer's country means for an order: how urgent it is, and whether it travels whole."""

# The ferry and the air freighter leave once a week: what misses them waits for seven days.
EXPRESS = frozenset({"channel islands", "iceland", "cyprus", "malta"})
# Neighbours are served overnight from the mainland depots, as promised to the wholesalers there.
RUSH = frozenset({"eire", "netherlands", "belgium", "france", "germany", "luxembourg"})
# Nobody knows where these go until the customer is asked.
LOW = frozenset({"", "unspecified", "european community"})
# Sea freight is paid once: the whole order or nothing.
BY_SEA = frozenset(
    {
        "australia",
        "bahrain",
        "brazil",
        "canada",
        "hong kong",
        "israel",
        "japan",
        "lebanon",
        "rsa",
        "saudi arabia",
        "singapore",
        "united arab emirates",
        "usa",
    }
)


def priority_of(country: str) -> str:
    """Give the order priority of a country.

    >>> [priority_of(name) for name in ("Iceland", "EIRE", "United Kingdom", "Unspecified")]
    ['EXPRESS', 'RUSH', 'STANDARD', 'LOW']
    """
    name = country.strip().lower()
    if name in EXPRESS:
        return "EXPRESS"
    if name in RUSH:
        return "RUSH"
    return "LOW" if name in LOW else "STANDARD"


def ship_policy_of(country: str) -> str:
    """Give the ship policy of a country.

    >>> ship_policy_of("Australia"), ship_policy_of("Spain")
    ('COMPLETE', 'PARTIAL')
    """
    return "COMPLETE" if country.strip().lower() in BY_SEA else "PARTIAL"
