"""Debian's Chromium for the tests of the pages, where it and the pages' scripts are there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "src" / "makegood" / "entrypoints" / "web" / "vendor"
AXE = ROOT / ".tools" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
# Pictures for whoever wants to look.
PICTURES = ROOT / ".makegood" / "pictures"

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def missing() -> str | None:
    """Say what is missing for a test in a browser, None when all is there."""
    if not shutil.which("chromium"):
        return "LEFT OUT: no chromium, so the pages were not tested in a browser (scripts/browser installs it)"
    if not (VENDOR / "htmx.min.js").exists() or not AXE.exists():
        return "LEFT OUT: no scripts of the pages, so they were not tested in a browser (run scripts/environment)"
    return None


in_a_browser = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser with a fresh profile for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
