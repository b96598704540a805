"""What runs: a database, a Slack that says yes, and replicas of the bot, each a process."""

import http.client
import ipaddress
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

from bench.load.filling import CLIENT_ID
from bench.load.mix import SECRET
from bot import schema
from bot.store import Db, open_db
from tests.databases import new_database, postgresql
from tests.test_http import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 600.0  # Seconds for a start: a busy machine needs some.
# As an operator would run it: what is acknowledged is on the disk.
DURABLE = (
    "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=1GB",
    "max_wal_size=4GB", "idle_in_transaction_session_timeout=0", "lock_timeout=0",
    "max_connections=200", "shared_preload_libraries=pg_stat_statements",
)  # fmt: skip


@dataclass
class Replica:
    port: int
    metrics_port: int
    running: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.running.pid

    def metric(self, name: str) -> float:
        """What is told under this name with its labels. Raises KeyError when nothing is."""
        url = f"http://127.0.0.1:{self.metrics_port}/metrics"
        with urllib.request.urlopen(url, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        told = {found: value for found, _, value in (line.rpartition(" ") for line in lines)}
        return float(told[name])


@dataclass
class Site:
    address: str
    key: str
    db: Db
    database_pid: int
    slack_port: int
    slack_pid: int
    folder: Path

    def counts(self) -> dict[str, int]:
        """How often each method of Slack was called until now."""
        import json

        context = ssl.create_default_context(cafile=str(self.folder / "slack.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.slack_port, context=context)
        connection.request("GET", "/counts")
        found = json.loads(connection.getresponse().read())
        connection.close()
        return dict(found)

    @contextmanager
    def replicas(self, count: int) -> Iterator[list[Replica]]:
        """Started as the Procfile does it, and stopped in the end."""
        with ExitStack() as stack:
            found = [stack.enter_context(self._replica()) for _ in range(count)]
            for each in found:
                _wait(each)
            yield found

    @contextmanager
    def _replica(self) -> Iterator[Replica]:
        port, metrics_port = free_port(), free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": "load",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"https://127.0.0.1:{self.slack_port}/api/",
            "SSL_CERT_FILE": str(self.folder / "bundle.pem"),
            "DATABASE_URL": self.address,
            "DATA_KEYS": self.key,
            "PORT": str(port),
            "METRICS_PORT": str(metrics_port),
            "LOG_LEVEL": "warning",
        }
        with (self.folder / f"{port}.log").open("wb") as log:
            command = [sys.executable, "-m", "bot", "serve"]
            running = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        try:
            yield Replica(port, metrics_port, running)
        finally:
            running.terminate()
            try:
                running.wait(timeout=30)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()

    def complaints(self) -> list[str]:
        """What the replicas wrote into their logs, the last lines first."""
        return [
            line
            for each in sorted(self.folder.glob("*.log"))
            for line in reversed(each.read_text().splitlines())
        ]


def _wait(replica: Replica) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{replica.port}/readyz", timeout=30):
                return
        except OSError:
            if replica.running.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def site(delay: float) -> Iterator[Site]:
    """With an empty database, and a Slack that takes `delay` seconds for each call."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        address = new_database(stack.enter_context(postgresql(*DURABLE)))
        key = Fernet.generate_key().decode()
        db = open_db(address, (key,))
        stack.callback(db.kw["bind"].dispose)
        schema.upgrade(db)
        with db.begin() as session:
            session.connection().execute(text("CREATE EXTENSION pg_stat_statements"))
            told = session.connection().scalar(text("SELECT pg_backend_pid()"))
        parent = Path(f"/proc/{told}/stat").read_text().rpartition(")")[2].split()[1]
        _certify(folder)
        port = free_port()
        command = [
            sys.executable, "-m", "bench.load.slack", str(port), str(delay),
            str(folder / "slack.pem"), str(folder / "slack.key"),
        ]  # fmt: skip
        slack = subprocess.Popen(command, cwd=ROOT)
        stack.callback(slack.wait)
        stack.callback(slack.terminate)
        yield Site(address, key, db, int(parent), port, slack.pid, folder)


def _certify(folder: Path) -> None:
    """Slack speaks TLS, which costs the bot something: a certificate of our own, added to those
    that this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "slack.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "slack.key").write_bytes(private)
    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
    bundle = "".join(map(ssl.DER_cert_to_PEM_cert, trusted)) + pem.decode()
    (folder / "bundle.pem").write_text(bundle)
