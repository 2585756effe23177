"""A real shop's invoices, lived through again day by day: receipts, counts, orders, returns, shipments."""
