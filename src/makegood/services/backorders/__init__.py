"""Backorder records: opened by themselves or by hand, read, ranked, allocated, fulfilled and cancelled."""
