"""Which boxes an order is sent in: the list of each warehouse, and a recommendation per allocated order."""
