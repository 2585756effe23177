"""Drop what nobody will read again about jobs that are done."""

from makegood.services.work import Work

ROWS_A_BATCH = 20_000


def tidy_jobs(work: Work, *, most: int = ROWS_A_BATCH) -> bool:
    """Drop a batch of old rows of the jobs' diary, old failures, vanished workers and old
    deliveries of webhooks; True while there is more."""
    work.db.run("tidy_failures")
    work.db.run("tidy_parked")
    work.db.run("tidy_workers")
    dropped = [work.db.run("tidy_deliveries", most=most), work.db.run("tidy_job_log", most=most)]
    return most in dropped
