"""The words: frozen records, state tables, ranks, reasons, events and errors; no world is touched here."""
