"""What things are called on every page."""

import pytest

from pages.common.names import percent


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (1e-9, "less than 0.01%"), (0.00035, "0.035%"), (0.0098, "0.98%"), (0.01, "1%"), (0.37, "37%"),
     (0.994, "99%"), (0.9951, "99.5%"), (0.997, "99.7%"), (0.99999, "99.9%"), (1.0, "100%"), (1.001, "100.1%"),
     (1.3, "130%"), (2.41, "2.4 times"), (33.2, "33 times"), (1234.0, "1,234 times")],
)  # fmt: skip
def test_a_share_reads_as_one_says_it(share: float, said: str) -> None:
    assert percent(share) == said
