"""The demo: one day of a small shop, lived through the real use-cases and told as it happened."""
