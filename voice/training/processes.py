"""Work that may take its process along: the voice's library crashes on a few sentences."""

import multiprocessing
from collections.abc import Callable, Iterable


def apart(work: Callable[[int], object], seeds: Iterable[int]) -> list[int]:
    """Do ``work`` for every seed, one after the other, each in a process of its own.

    Returns the seeds whose process did not end well; the others are done.
    """
    lost = []
    for seed in seeds:
        process = multiprocessing.get_context("fork").Process(target=work, args=(seed,))
        process.start()
        process.join()
        if process.exitcode:
            lost.append(seed)
    return lost
