"""Files in and out: rows are read one by one, typed, grouped into things, and landed batch by batch."""
