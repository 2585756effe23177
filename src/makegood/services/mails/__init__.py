"""Mails to customers and staff: what follows from events is queued, written when it is sent, and each try kept."""
