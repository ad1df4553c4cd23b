"""Makes a company in a Tryton database and serves it, on this machine only. Runs by `scripts/tryton`."""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tryton_company
import trytond

MODULES = ("sale", "purchase", "stock_supply")
DATABASE = "company"
LOGIN = "TRYTON_LOGIN"


def main() -> int:
    """Run the commands of the command line; the exit status of what was run with the server up."""
    parser = argparse.ArgumentParser(prog="scripts/tryton", description=__doc__)
    parser.add_argument("--install", action="store_true", help="prepare everything, and serve nothing")
    parser.add_argument(
        "--fill", metavar="FOLDER", help="make the company's database there, and serve nothing"
    )
    parser.add_argument("--serve", metavar="FOLDER", help="serve the database there, as it is")
    parser.add_argument("--port", type=int, default=8075)
    words = "to run with the server up and the login in TRYTON_LOGIN"
    parser.add_argument("command", nargs=argparse.REMAINDER, help=words)
    options = parser.parse_args()
    if options.install:
        _template()
        return 0
    login = os.environ.get(LOGIN) or f"analyst:{secrets.token_urlsafe(12)}"
    if options.fill:
        _fill(Path(options.fill), login)
        return 0
    if options.serve:
        return _serve(Path(options.serve), options.port, login, options.command)
    with tempfile.TemporaryDirectory() as folder:
        print("Filling the company (about ten seconds) …", flush=True)
        _fill(Path(folder), login)
        return _serve(Path(folder), options.port, login, options.command)


def _template() -> Path:
    """A database with all modules activated and nothing in it, made once: it takes half a minute."""
    versions = f"{trytond.__version__} {MODULES}"
    digest = hashlib.sha256(versions.encode()).hexdigest()[:12]
    kept = Path(sys.prefix) / f"modules-{digest}.sqlite"
    if kept.exists():
        return kept
    print("Preparing Tryton's modules (half a minute, once) …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=sys.prefix) as folder:
        database = Path(folder) / f"{DATABASE}.sqlite"
        database.touch()
        password = Path(folder) / "password"
        # The administrator's, which nobody needs: the analyst has another.
        password.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        command = [str(Path(sys.prefix) / "bin" / "trytond-admin"), "-c", str(_settings(Path(folder)))]
        arguments = [
            "-d",
            DATABASE,
            "-u",
            *MODULES,
            "--activate-dependencies",
            "--email",
            "admin@example.org",
        ]
        environment = {**os.environ, "TRYTONPASSFILE": str(password)}
        subprocess.run([*command, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
        database.replace(kept)
    return kept


def _fill(folder: Path, login: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_template(), folder / f"{DATABASE}.sqlite")
    user, _, password = login.partition(":")
    tryton_company.fill(DATABASE, _settings(folder), user, password)


def _settings(folder: Path, port: int = 0) -> Path:
    path = folder / "trytond.conf"
    text = f"[database]\nuri = sqlite://\npath = {folder.resolve()}\n[web]\nlisten = 127.0.0.1:{port}\n"
    path.write_text(text, encoding="utf-8")
    return path


def _serve(folder: Path, port: int, login: str, command: list[str]) -> int:
    server = [str(Path(sys.prefix) / "bin" / "trytond"), "-c", str(_settings(folder, port)), "-d", DATABASE]
    if not command:
        print(f"tryton+http://127.0.0.1:{port}/{DATABASE}", f"export {LOGIN}='{login}'", sep="\n", flush=True)
        os.execv(server[0], server)
    process = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(process, port)
        return subprocess.run(command, env={**os.environ, LOGIN: login}, check=False).returncode
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"Tryton did not start on port {port}. Is the port taken? Choose another: --port")


if __name__ == "__main__":
    sys.exit(main())
