"""What every visitor over HTTP passes, whichever door is meant: who calls, limits, request ids, problems."""
