"""Long work over many orders: each is tried once, in rank order, and what came of it is kept."""
