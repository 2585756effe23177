"""Reports: told as stories, recomputed from plain rows, and read again when more has happened."""
