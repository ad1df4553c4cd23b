"""`python isolate.py REPORT COMMAND…`: a command with loopback as its only network, and what it tried.

Run it under `unshare --map-root-user --net` where that is permitted: then nothing gets out, whoever tries,
and the kernel counts the packets for which it had no route. Elsewhere only Python's own sockets are watched:
the audit hook of `watch/sitecustomize.py` refuses whatever is not loopback. The hook notes in both cases.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

# linux/sockios.h and linux/if.h
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
# For documentation, RFC 5737: no machine has it.
NOWHERE = ("192.0.2.1", 9)


def interfaces() -> list[str]:
    return [name for _, name in socket.if_nameindex()]


def bring_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        name = b"lo".ljust(16, b"\0")
        flags = struct.unpack("16sh", fcntl.ioctl(control, SIOCGIFFLAGS, struct.pack("16sh", name, 0))[:18])[
            1
        ]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", name, flags | IFF_UP))


def without_route() -> int:
    """Packets of this network namespace that had no way out, of IPv4 and IPv6."""
    names, values = (
        line.split()[1:] for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:")
    )
    count = int(dict(zip(names, values, strict=True))["OutNoRoutes"])
    six = Path("/proc/net/snmp6")
    lines = six.read_text().splitlines() if six.exists() else []
    return count + sum(int(line.split()[1]) for line in lines if line.startswith("Ip6OutNoRoutes"))


def check_the_count() -> None:
    """An attempt fails at once and is counted; without this a count of nothing would say nothing."""
    before = without_route()
    with socket.socket() as attempt:
        assert attempt.connect_ex(NOWHERE) == errno.ENETUNREACH
    assert without_route() > before


def main(report: str, *command: str) -> int:
    isolated = set(interfaces()) == {"lo"}
    if isolated:
        bring_up_loopback()
        check_the_count()
    before = without_route() if isolated else 0
    attempts = Path(f"{report}.attempts")
    paths = [str(Path(__file__).parent / "watch"), os.environ.get("PYTHONPATH", "")]
    watched = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "NETWORK_ATTEMPTS": str(attempts)}
    status = subprocess.run(command, env={**os.environ, **watched}, check=False).returncode
    told = {
        "isolated": isolated,
        "without_route": without_route() - before if isolated else None,
        "attempts": attempts.read_text(encoding="utf-8").splitlines() if attempts.exists() else [],
    }
    Path(report).write_text(json.dumps(told), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
