"""From a mail that is due to one that the server has taken."""
