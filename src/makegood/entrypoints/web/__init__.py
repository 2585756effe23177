"""The browser door: pages for people."""
