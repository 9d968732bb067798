"""A process that must answer in time: no long pauses of its own making, and no more memory
after a month than after a day."""

import ctypes
import gc
import os
import sys
from contextlib import suppress

_YOUNG_OBJECTS = (
    20_000  # made before the collector looks; by default 700, hundreds of times a second
)
BEFORE_OTHERS = -10  # the priority of a process whose frames go out every 20 ms
_SWITCH_SECONDS = 0.001  # for how long a thread may keep the interpreter; by default 5 ms


def steady(*, priority: int | None = None) -> None:
    """Call it when all is loaded.

    What is there now (models, word lists, half a million objects) is never searched for garbage
    again: that takes a tenth of a second, in which no caller hears anything. A thread that reckons
    gives way sooner to what answers, and with a ``priority`` below 0 so do other programs, where
    we may ask for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 5)
    sys.setswitchinterval(_SWITCH_SECONDS)
    if priority is not None:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, priority)  # of this thread, and those it begins


def give_back() -> None:
    """Return to the system what calls that are over have left. For a process that is `steady`.

    The parts of a call refer to each other, so that only the collector frees them; it looks at what
    came after `steady` alone. glibc gives back by itself only what is free at the end of a heap,
    and not the pieces between what is kept (musl and other systems are left to themselves). Takes
    some milliseconds.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
