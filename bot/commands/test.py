"""Install what the tests need, and run them all."""

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bot.terminal import tell

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Need:
    """A program outside Python, the Debian packages that bring it, the marker of its tests.

    ``unpacked``: the module that unpacks it beside the system, where no package brings it.
    """

    program: str
    packages: tuple[str, ...]
    marker: str
    unpacked: str = ""

    def met(self) -> bool:
        """Whether the program is there; PostgreSQL's server binaries lie beside the PATH."""
        if self.unpacked:
            return bool(import_module(self.unpacked).there())
        beside = Path("/usr/lib/postgresql").glob(f"*/bin/{self.program}")
        return bool(shutil.which(self.program)) or any(beside)


NEEDS = (
    Need("chromium", ("chromium", "fonts-noto-cjk"), "browser"),
    Need("postgres", ("postgresql",), "postgres"),
    Need("npm", ("nodejs", "npm"), "node"),
    Need("baresip", ("baresip-core",), "telephone"),
    Need("sipp", ("sip-tester",), "telephone"),
    Need("asterisk", (), "telephone", unpacked="tests.debian"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Anything more goes to pytest, after ``--``."""
    parser.add_argument("pytest", nargs="*", help="arguments for pytest")


def run(args: argparse.Namespace) -> int:
    """0 when all pass. In CI a missing program is a failure; elsewhere its tests are left out."""
    missing = _install([need for need in NEEDS if not need.met()])
    for need in missing:
        packages = " ".join(need.packages)
        tell("missing", program=need.program, packages=packages, marker=need.marker)
    if missing and os.environ.get("CI"):
        tell("missing_in_ci")
        return 1
    left_out = " and ".join(f"not {marker}" for marker in {need.marker for need in missing})
    selected = ["-m", left_out] if left_out else []
    ours = _pytest(sys.executable, [*selected, *args.pytest])
    if args.pytest:
        return ours
    return ours | _pytest(str(ROOT / "nlu" / ".venv" / "bin" / "python"), ["-c", "nlu/pytest.ini"])


def _install(needs: list[Need]) -> list[Need]:
    """Install by apt where that is allowed; what is still missing comes back."""
    for need in needs:
        if need.unpacked and shutil.which("apt-get"):
            tell("installing", packages=need.program)
            subprocess.run([sys.executable, "-m", need.unpacked], cwd=ROOT, check=False)
    packages = [package for need in needs for package in need.packages]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        tell("installing", packages=" ".join(packages))
        _quietly(["apt-get", "update", "-q"])
        _quietly(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages])
    return [need for need in needs if not need.met()]


def _quietly(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)


def _pytest(python: str, arguments: list[str]) -> int:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [python, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
