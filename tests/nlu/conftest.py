"""One training of the understanding for all tests, without Rasa's own."""

from pathlib import Path

import pytest

from nlu.tensorless import stand_in
from nlu.understanding.examples import read_examples
from nlu.understanding.training import train
from nlu.understanding.understander import Understander

stand_in()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training on all the data there is."""
    folder: Path = tmp_path_factory.mktemp("understanding")
    train(read_examples(), folder)
    return folder


@pytest.fixture(scope="session")
def understander(trained: Path) -> Understander:
    """The understander of that training."""
    return Understander.load(trained)
