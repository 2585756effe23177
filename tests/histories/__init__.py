"""Random lives of a warehouse, told twice: once in the books, once in a toy that knows only the rules."""
