"""The article's own curves: SimpleRNN, LSTM and GRU on IMDB, ten epochs each, as it prints them.

Source: notes on section 6.2 of Deep Learning with Python; 10,000 words, the last 500 of each review, units 32,
batches of 128, RMSprop, 20,000 reviews to learn from and 5,000 to validate. Keras of 2018, unseeded: another run
looks alike, not equal.
"""

from typing import NamedTuple


class History(NamedTuple):
    """One value per epoch, the first epoch first; `seconds` on the author's machine."""

    loss: tuple[float, ...]
    metric: tuple[float, ...]
    val_loss: tuple[float, ...]
    val_metric: tuple[float, ...]
    seconds: tuple[int, ...]


# fmt: off
HISTORIES: dict[str, History] = {
    "simple_rnn": History(
        loss=(0.6445, 0.4139, 0.3041, 0.2225, 0.1655, 0.1167, 0.068, 0.0419, 0.0246, 0.0174),
        metric=(0.6106, 0.8219, 0.8779, 0.9151, 0.9391, 0.9601, 0.979, 0.9875, 0.9935, 0.9952),
        val_loss=(0.614, 0.4147, 0.4529, 0.3957, 0.4416, 0.4614, 0.4754, 0.5337, 0.5796, 0.7274),
        val_metric=(0.6676, 0.8194, 0.8012, 0.8572, 0.8246, 0.8606, 0.8408, 0.8352, 0.8468, 0.7968),
        seconds=(17, 20, 20, 18, 18, 17, 17, 15, 16, 15),
    ),
    "lstm": History(
        loss=(0.5143, 0.301, 0.2357, 0.2062, 0.1762, 0.1575, 0.1419, 0.1277, 0.1199, 0.1113),
        metric=(0.7509, 0.8834, 0.9129, 0.9255, 0.936, 0.9436, 0.9506, 0.9546, 0.9585, 0.9615),
        val_loss=(0.3383, 0.2817, 0.2766, 0.4392, 0.3078, 0.3293, 0.2993, 0.4179, 0.4391, 0.4926),
        val_metric=(0.8672, 0.8862, 0.8876, 0.831, 0.867, 0.8902, 0.8898, 0.8234, 0.8434, 0.8614),
        seconds=(37, 37, 34, 34, 34, 34, 35, 39, 35, 34),
    ),
    "gru": History(
        loss=(0.5119, 0.2971, 0.2495, 0.2114, 0.1872, 0.173, 0.1523, 0.1429, 0.1258, 0.1191),
        metric=(0.7386, 0.8806, 0.9034, 0.92, 0.9306, 0.9359, 0.9452, 0.9486, 0.9562, 0.9585),
        val_loss=(0.3713, 0.3324, 0.3148, 0.3596, 0.5291, 0.3976, 0.4303, 0.4019, 0.3476, 0.3558),
        val_metric=(0.8434, 0.8722, 0.8722, 0.8738, 0.8084, 0.8802, 0.8532, 0.8542, 0.8746, 0.8812),
        seconds=(37, 36, 37, 34, 36, 35, 34, 34, 34, 34),
    ),
}
# fmt: on
