"""The stand-in for TensorFlow: it can be imported, subclassed and annotated with, not used."""

import subprocess
import sys

import pytest


def test_its_names_are_classes_to_inherit_from_but_not_to_use() -> None:
    import tensorflow as tf
    from tensorflow.keras.callbacks import Callback

    class Ours(tf.keras.layers.Layer, Callback):  # type: ignore[misc]
        pass

    @tf.function
    def decorated() -> int:
        return 1

    assert decorated() == 1
    with pytest.raises(RuntimeError, match="TensorFlow"):
        Ours()


def test_rasa_serves_without_tensorflow() -> None:
    code = (
        "from nlu.tensorless import stand_in; stand_in()\n"
        "import sys, rasa.core.agent\n"
        "assert not hasattr(sys.modules['tensorflow'], '__version__')"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
