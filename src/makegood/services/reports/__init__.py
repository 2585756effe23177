"""How are we doing: reports of what happened, each read from what was put on record then (SOP section 6)."""
