"""One minute of aimless walking through all pages; `python -m tests.browser.walker` walks for longer."""

from tests.browser.walker import PAGES, walk


def test_a_minute_of_aimless_walking_meets_no_error(app, chromium, tmp_path) -> None:
    walked = walk(chromium, app.url, seed=1, seconds=60, folder=tmp_path)
    assert walked.taken > 20
    assert len(walked.seen) > len(PAGES) // 2, f"too few pages: {dict(walked.seen)}"
