"""A real S3 API on loopback (moto's server, in a process of its own), and a proxy before it that goes wrong as it is told."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mvlake.store.address import address_of
from mvlake.store.bucket import Bucket, Patience

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "top-secret", "AWS_REGION": "us-east-1"}
HASTY = Patience(tries=5, pause=0.001, longest=0.01, timeout=5, big_timeout=5)
SERVER = """
import logging, sys
logging.getLogger("werkzeug").setLevel(logging.ERROR)
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
# moto checks no signature, but takes the region from where one would be.
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"}


@dataclass(frozen=True)
class Server:
    """An S3 server, and one bucket in it, as anybody could use them."""

    port: int
    bucket: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=data or None, headers=SIGNED | headers)
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
        connection.close()
        return status, body

    def with_bucket(self) -> "Server":
        name = f"team-{uuid.uuid4().hex[:12]}"
        assert self.ask("PUT", f"/{name}")[0] == 200
        return Server(self.port, name)

    def url(self, prefix: str = "lakes/fraud") -> str:
        return f"s3://{self.bucket}/{prefix}"

    def store(self, prefix: str = "lakes/fraud", *, patience: Patience = HASTY) -> Bucket:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environ.items():
                patch.setenv(name, value)
            return Bucket(address_of(self.url(prefix)), patience=patience)


@pytest.fixture(scope="session")
def s3() -> Iterator[Server]:
    child = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Server(int(child.stdout.readline()))
    finally:
        child.stdin.close()
        child.kill()
        child.wait(30)


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what was read is kept: for each test a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server(s3: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A new bucket, which this process's environment leads to."""
    made = s3.with_bucket()
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    return made


@dataclass(frozen=True)
class Request:
    """What came to the proxy."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    number: int  # of its kind: method and path, from 1


Fault = Callable[[Request], str]
"""Says what is to go wrong with a request: "" for nothing, "503", "500", "412", "409", "slow down", "lost" (heard, and not answered),
"deaf" (not heard, not answered), "silent" (not answered, and the connection stays), "late 503" (done, and answered 503), "cut" (half of the body), "deny" (403)."""


@dataclass
class Proxy:
    """Forwards to a server what its fault lets pass."""

    server: Server
    fault: Fault = lambda request: ""
    seen: list[Request] = field(default_factory=list)
    port: int = 0
    ignores_conditions: bool = False
    drops_metadata: bool = False

    def __post_init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self.is_over = threading.Event()

    def count(self, method: str, path: str) -> int:
        with self._lock:
            self._counts[method, path] = self._counts.get((method, path), 0) + 1
            return self._counts[method, path]

    def behind(self) -> Server:
        """The server as it is seen through the proxy."""
        return Server(self.port, self.server.bucket)

    def asked(self, method: str, ending: str) -> int:
        return sum(one.method == method and one.path.partition("?")[0].endswith(ending) for one in self.seen)


def handler_of(proxy: Proxy) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one method a branch
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            pass

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            number = proxy.count(self.command, self.path)
            request = Request(self.command, self.path, dict(self.headers), body, number)
            proxy.seen.append(request)
            fault = proxy.fault(request)
            if fault == "silent":
                proxy.is_over.wait(300)
                self.close_connection = True
                return
            if fault == "deaf":
                self.close_connection = True
                return
            if fault in ("503", "500", "412", "409", "slow down", "deny"):
                status = {"slow down": 503, "deny": 403}.get(fault) or int(fault)
                name = {"slow down": "SlowDown", "deny": "AccessDenied"}.get(fault, "Injected")
                self.answer(status, b"<Error><Code>%s</Code></Error>" % name.encode(), {})
                return
            status, data, headers = self.passed_on(body)
            if fault == "lost":
                self.close_connection = True
            elif fault == "late 503":
                self.answer(503, b"<Error><Code>ServiceUnavailable</Code></Error>", {})
            else:
                self.answer(status, data, headers, is_cut=fault == "cut")

        def passed_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection",)}
            if proxy.ignores_conditions:
                headers = {name: value for name, value in headers.items() if name.lower() != "if-none-match"}
            if proxy.drops_metadata:
                headers = {name: value for name, value in headers.items() if not name.lower().startswith("x-amz-meta")}
            connection = HTTPConnection("127.0.0.1", proxy.server.port, timeout=30)
            connection.request(self.command, self.path, body=body or None, headers=headers)
            answer = connection.getresponse()
            status, data, found = answer.status, answer.read(), dict(answer.getheaders())
            connection.close()
            return status, data, found

        def answer(self, status: int, data: bytes, headers: dict[str, str], *, is_cut: bool = False) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            told = next((value for name, value in headers.items() if name.lower() == "content-length"), str(len(data)))
            self.send_header("Content-Length", told if self.command == "HEAD" else str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data[: len(data) // 2] if is_cut else data)
            if is_cut:
                self.close_connection = True

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = forward

    return Handler


@pytest.fixture
def proxy(s3: Server) -> Iterator[Proxy]:
    made = Proxy(s3.with_bucket())
    serving = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    serving.daemon_threads = True
    made.port = serving.server_address[1]
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield made
    made.is_over.set()
    serving.shutdown()
    serving.server_close()


@pytest.fixture
def in_child(server: Server) -> Callable[..., subprocess.Popen[str]]:
    """Start Python code in a process of its own, whose environment leads to the server, or to another."""

    def start(code: str, *arguments: object, of: Server = server) -> subprocess.Popen[str]:
        words = [sys.executable, "-c", code, *map(str, arguments)]
        environ = {**os.environ, **of.environ}
        return subprocess.Popen(
            words, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start
