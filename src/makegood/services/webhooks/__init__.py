"""Webhooks: receivers that are told over HTTP of what happens, at least once, in signed messages."""
