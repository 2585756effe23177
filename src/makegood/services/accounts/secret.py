"""Secrets of high entropy: drawn here, shown once, kept as a hash.

A hash without salt and cost is enough for 256 random bits: there is nothing to guess.
"""

import hashlib
import hmac
import secrets


def draw_secret(prefix: str = "") -> str:
    """Draw a new secret; the prefix lets a search for leaked ones find it."""
    return prefix + secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """Give what is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def derived(secret: str, purpose: str) -> str:
    """Give another secret that whoever holds this one can show, and nobody can turn back."""
    return hmac.new(secret.encode(errors="surrogatepass"), purpose.encode(), "sha256").hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
