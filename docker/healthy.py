"""Whether a process says that it is healthy: ``python healthy.py URL`` ends with 0 or 1."""

import sys
import urllib.request

SECONDS = 4


def healthy(url: str) -> bool:
    """Whether it answers 200 in time."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not healthy(sys.argv[1]))
