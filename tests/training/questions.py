"""Questions that the tests ask of a worker; importable there by this module's name."""

import os


def whoami():
    """The worker's process."""
    return os.getpid()


def draw_and_build(turn):
    """Disturb the random state, and build a model, as a question to Keras may."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(turn)
    model = keras.Sequential([keras.Input((3, 2)), keras.layers.LSTM(4)])
    model(np.zeros((1, 3, 2)))
    return model.count_params()


def fail():
    raise ValueError("on purpose")


def die():
    os._exit(1)


def pretend_growth():
    """Let the worker believe that it was a tiny process when it began."""
    from rnn_core.training.worker import job

    job._memory["first"] = -1e6
