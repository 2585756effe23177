"""A PostgreSQL server of our own: up while anybody uses its folder, gone soon after the last one has left.

Who does what, from the outside in:

* a *client* is a process inside a `served` block. It holds a shared lock on the folder's lease file.
* the *keeper* is one small detached process per folder (`watch.py`). It holds the keeper lock, has the
  postmaster as its child, starts it again when it dies, and stops it once it can lock the lease alone.
* the *postmaster* is PostgreSQL. It knows nothing of us and runs as an unprivileged user.

Every lock is a `flock`: the kernel lets go of it however its holder ends, so no kill leaves anything stale.
"""

from makegood.store.embedded.binaries import binaries
from makegood.store.embedded.failure import ServerFailed
from makegood.store.embedded.server import served

__all__ = ["ServerFailed", "binaries", "served"]
