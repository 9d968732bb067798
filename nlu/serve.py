"""Rasa's server, on loopback. Arguments as of ``rasa run``."""

import sys

from nlu.tensorless import stand_in

if __name__ == "__main__":
    stand_in()
    from rasa.__main__ import main

    sys.argv[1:1] = ["run", "--interface", "127.0.0.1"]
    main()
