"""A worker that sends webhooks on this machine: python -m tests.jobs.webhook_process ADDRESS [SECONDS].

A try may take so many seconds, so that what a killed worker held is taken again soon.
"""

import sys
from ipaddress import ip_network

from makegood.entrypoints.worker import run_worker
from makegood.jobs.outside import Outside
from makegood.jobs.shift import Orders
from makegood.store.database import Database
from makegood.wiring import House


def main(address: str, seconds: str = "3") -> None:
    """Work until told to stop."""
    outside = Outside(networks=[ip_network("127.0.0.0/8")], connect_seconds=1, total_seconds=float(seconds))
    run_worker(House(Database(address)), orders=Orders(outside=outside, patience=2.0))


if __name__ == "__main__":
    main(*sys.argv[1:])
