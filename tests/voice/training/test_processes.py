"""Work in processes of its own."""

import os
import signal
from pathlib import Path

from voice.training.processes import apart


def test_a_crash_costs_its_own_work_alone(tmp_path: Path) -> None:
    def work(seed: int) -> None:
        if seed == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        (tmp_path / str(seed)).write_text("done")

    assert apart(work, [1, 2, 3]) == [2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "3"]
