"""A throw-away PostgreSQL cluster for one command: ``python -m tests.postgres -- pytest -x``.

The cluster lives in a temporary directory, listens on a socket inside it and nowhere else, and is stopped and
removed however the command ends. ``--available`` only tells whether the server's programs are there.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.requirements import HOW_TO_ADD, postgresql

START_SECONDS = 30
STOP_SECONDS = 15
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "timezone": "UTC",
}


def server_user() -> dict[str, Any]:
    """The server refuses to run as root: then it runs as ``postgres`` (or ``nobody``)."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def cluster(programs: str) -> Iterator[str]:
    """Runs a server and yields the address of its database for ``DATABASE_URL``."""
    user = server_user()
    home = Path(tempfile.mkdtemp(prefix="kc-pg-"))
    server = None
    try:
        if user:
            os.chown(home, user["user"], user["group"])
        initdb = [
            f"{programs}/initdb",
            "-D",
            str(home / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            **user,
        )
        command = [f"{programs}/postgres", "-D", str(home / "data"), "-k", str(home)]
        for name, value in OPTIONS.items():
            command += ["-c", f"{name}={value}"]
        with (home / "log").open("w") as log:
            # A session of its own, so that Ctrl-C reaches the tests first and the server by us.
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, start_new_session=True, **user)
        wait_until_ready(programs, home, server)
        yield f"postgresql://postgres@/postgres?host={home}"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(programs: str, home: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    ask = [f"{programs}/pg_isready", "-q", "-h", str(home), "-U", "postgres"]
    while subprocess.run(ask, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
        time.sleep(0.05)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; immediate, then forced, when that does not do."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run(command: list[str], url: str) -> int:
    child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise


def main(arguments: list[str]) -> int:
    programs = postgresql()
    if arguments == ["--available"]:
        return 0 if programs else 1
    if arguments[:1] != ["--"] or not arguments[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    if programs is None:
        print(HOW_TO_ADD["postgresql"], file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with cluster(programs) as url:
            return run(arguments[1:], url)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
