"""The expected dates: computed from demand and known supply, kept current, compared with a fresh computation."""
