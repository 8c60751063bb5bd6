"""Stories from product sections 2, 3 and 6, played on the room's rules and compared line by line.

`REWRITE=1 pytest tests/transcripts` writes what happens now; commit such a change only when you know why it happened.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.stories import Story

STORIES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_told(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    told = Story().told(text)
    if os.environ.get("REWRITE"):
        path.write_text(told, encoding="utf-8")
    else:
        assert told.splitlines() == text.splitlines()


def test_there_are_stories() -> None:
    assert len(STORIES) >= 10
