"""A private PostgreSQL for tests: its own folder, its own Unix socket, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The names of users that a server may run as where the tests run as root, which it refuses.
STAND_INS = ("postgres", "nobody")


def binaries() -> Path:
    """The folder with initdb and postgres; a missing one is an error, not a reason to skip."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError("the tests need PostgreSQL: apt-get install postgresql")
    return Path(found).resolve().parent


def stand_in() -> str | None:
    """A user to run the server as; None for ourselves."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in STAND_INS if name in names)


class Cluster:
    """A running server. ``url`` of a database in it; ``kill`` and ``start`` for crash tests."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self.folder = folder
        self._user = stand_in()
        self._settings = settings
        self._server: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Make the data folder."""
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        command = [binaries() / "initdb", "-D", self.folder / "data", "-U", "hotline"]
        command += ["-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(command, check=True, user=self._user, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start the server and wait until it answers.

        After a crash the old server's children may hold its memory for a moment: then again.
        """
        for _ in range(40):
            if self._started():
                return
            subprocess.run(["sleep", "0.25"], check=True)
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def _started(self) -> bool:
        command = [binaries() / "postgres", "-D", self.folder / "data", "-k", self.folder]
        command += ["-c", "listen_addresses="]
        for setting in self._settings:
            command += ["-c", setting]
        log = (self.folder / "log").open("ab")
        self._server = subprocess.Popen(
            command, user=self._user, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        ready = [binaries() / "pg_isready", "-q", "-h", self.folder, "-U", "hotline"]
        for _ in range(600):
            if subprocess.run([*ready, "-t", "1"], check=False).returncode == 0:
                return True
            if self._server.poll() is not None:
                return False
            subprocess.run(["sleep", "0.05"], check=True)
        raise RuntimeError("PostgreSQL did not come up")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT shuts down fast, SIGKILL as a crash does."""
        if self._server is None:
            return
        if how is signal.SIGKILL:
            os.killpg(self._server.pid, signal.SIGKILL)
        else:
            self._server.send_signal(how)
        self._server.wait(timeout=60)
        self._server = None

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+asyncpg://hotline@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database; its URL."""
        command = [binaries() / "createdb", "-h", self.folder, "-U", "hotline", "-T", template]
        subprocess.run([*command, database], check=True)
        return self.url(database)


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """A cluster for the length of a block; ``settings`` as ``name=value``."""
    with tempfile.TemporaryDirectory(prefix="hotline-pg-") as name:
        one = Cluster(Path(name), settings)
        one.initialise()
        one.start()
        try:
            yield one
        finally:
            one.stop()
