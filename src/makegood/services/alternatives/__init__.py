"""What may be sent instead of what was ordered: keep the list, apply it to orders, undo that."""
