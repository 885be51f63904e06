"""What a browser may ask of the transport is checked on the server."""

import pytest

from pages.elements.transport import asked


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"to": 4, "asking": 1}, (4, 1)),
        ({"to": 400, "asking": 2}, (12, 2)),
        ({"to": -3, "asking": -1}, (0, 0)),
        ({"to": 10**400, "asking": 10**400}, (12, 2**53)),
        ({"to": True, "asking": 1}, None),
        ({"to": 1.5, "asking": 1}, None),
        ({"to": "4", "asking": 1}, None),
        ({"to": 4}, None),
        ([4, 1], None),
        ("4", None),
        (None, None),
    ],
)
def test_a_timestep_is_kept_within_the_sequence_or_refused(value: object, found: tuple[int, int] | None) -> None:
    assert asked(value, 12) == found
