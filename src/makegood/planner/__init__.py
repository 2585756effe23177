"""The decision: a book of demand and supply goes in, a plan comes out. No clock, no chance, no database."""
