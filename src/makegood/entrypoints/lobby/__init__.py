"""What every visitor over HTTP passes, whichever door is meant: who calls, limits, request ids, problems."""

from makegood.entrypoints.lobby.addresses import read_names

read_names()
