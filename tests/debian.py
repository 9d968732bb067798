"""A package of another Debian suite, unpacked into a folder and run from there.

Debian's stable suite has no Asterisk; the unstable one has. Its programs need a newer C library
than this system's, so they are started by the loader that is unpacked beside them. Nothing is
installed, and nobody needs to be root. ``python -m tests.debian`` unpacks what the tests need.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUITE = "sid"
MIRROR = "http://deb.debian.org/debian"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hotline-12345"
ASTERISK = CACHE / f"asterisk-{SUITE}"
ATTEMPTS = 3
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/asterisk")


def there() -> bool:
    """Whether Asterisk is unpacked."""
    return (ASTERISK / "usr/sbin/asterisk").is_file()


def command(folder: Path, program: str) -> list[str]:
    """How to start ``program`` (a path inside) of what is unpacked in ``folder``."""
    loader = folder / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    libraries = ":".join(str(folder / library) for library in LIBRARIES)
    return [str(loader), "--library-path", libraries, str(folder / program)]


def unpack(package: str, folder: Path) -> None:
    """``package`` and all that it depends on, into ``folder``, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        debs = _download(package, Path(place))
        root = Path(place) / "root"
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda deb: _run("dpkg-deb", "-x", str(deb), str(root)), debs))
        shutil.rmtree(folder, ignore_errors=True)
        root.rename(folder)


def _download(package: str, place: Path) -> list[Path]:
    """The packages' files. The mirror's copy may be weeks old; its signature is checked."""
    for name in ("lists/partial", "archives/partial", "root"):
        (place / name).mkdir(parents=True)
    (place / "status").touch()
    sources = place / "sources.list"
    sources.write_text(f"deb [signed-by={KEYS}] {_mirror()} {SUITE} main\n")
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": place / "lists",
        "Dir::State::Status": place / "status",
        "Dir::State::Extended_States": place / "extended",
        "Dir::Cache": place,
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
    }
    apt = ["apt-get", "-q", "-y", *(f"-o{name}={value}" for name, value in options.items())]
    _run(*apt, "update")
    _run(*apt, "install", "--download-only", package)
    return sorted((place / "archives").glob("*.deb"))


def _mirror() -> str:
    """The mirror that this system uses for Debian itself."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    known = subprocess.run(
        [*asked, "Origin: Debian", "Label: Debian"], check=False, capture_output=True, text=True
    ).stdout.split()
    return known[0].rstrip("/") if known else MIRROR


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for _ in range(ATTEMPTS):
        try:
            unpack("asterisk", ASTERISK)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"Asterisk cannot be unpacked: {error}", file=sys.stderr)
        else:
            sys.exit(0)
    sys.exit(1)
