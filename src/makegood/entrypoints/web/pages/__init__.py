"""The pages, one subject a file: each is a function that calls one use-case, and a template."""
