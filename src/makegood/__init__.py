"""Resolves backorders: every unit of stock goes at once to the order that should have it."""
