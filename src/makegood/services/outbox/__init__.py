"""The events are the outbox: readers do what follows from them, each event once, and lose none."""
