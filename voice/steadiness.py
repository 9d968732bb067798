"""A process whose frames must go out in time: no long pauses of its own making."""

import gc
import os
import sys
from contextlib import suppress

_YOUNG_OBJECTS = (
    20_000  # made before the collector looks; by default 700, hundreds of times a second
)
_PRIORITY = -10
_SWITCH_SECONDS = 0.001  # for how long a thread may keep the interpreter; by default 5 ms


def steady() -> None:
    """Call it when all is loaded.

    What is there now (models, word lists, half a million objects) is never searched for garbage
    again: that takes a tenth of a second, in which no caller hears anything. A recogniser's thread
    gives way to the frames sooner, and so do other programs where we may ask for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 50)
    sys.setswitchinterval(_SWITCH_SECONDS)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)  # of this thread, and those that it begins
