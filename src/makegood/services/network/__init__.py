"""Orders that other warehouses of the network help to fill."""
