"""Rasa's server, on loopback. Arguments as of ``rasa run``."""

import sys

from rasa.__main__ import main

if __name__ == "__main__":
    sys.argv[1:1] = ["run", "--interface", "127.0.0.1"]
    main()
