"""What the queue asks of whoever renders. The whole interface is this file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from recording.layout import Layout


class RenderFailed(Exception):
    """A block could not be rendered. The text is a sentence for organizers."""


@dataclass(frozen=True, slots=True)
class BlockJob:
    """One block of one recording, to be made into a file."""

    folder: Path
    """Of what was captured."""
    number: int
    layout: Layout
    without: frozenset[str]
    """Participants left out."""
    target: Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file that was made and verified."""

    frames: int
    bytes: int


Render = Callable[[BlockJob, Callable[[int, int], None]], Awaitable[Rendered]]
"""Makes and verifies a block's file, in a process of its own that ends when this is cancelled. Tells of its progress:
frames done, of how many. Raises RenderFailed."""
