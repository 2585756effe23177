"""Alerts: conditions that need a person, each raised once when it begins and ended when it ends."""
