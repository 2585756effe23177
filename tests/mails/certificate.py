"""A certificate that a test makes for itself, and trusts by its file."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

START = datetime(2020, 1, 1, tzinfo=UTC)
NAMED = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("receiver.test")]


def certificate_in(folder: Path) -> Path:
    """Make a certificate of this machine with its key beside it, unless one is there, and give its file."""
    file = folder / "server.crt"
    if file.exists():
        return file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=20_000))
        .add_extension(x509.SubjectAlternativeName(NAMED), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "server.key").write_bytes(secret)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(folder: Path) -> ssl.SSLContext:
    """Give what a server with this certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_in(folder), folder / "server.key")
    return context
