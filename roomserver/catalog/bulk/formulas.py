"""Text that a spreadsheet program must not take for a formula (CSV injection, CWE-1236).

A title such as `=HYPERLINK(...)` is text to us and a program to the organizer who opens an export. A leading
apostrophe, the spreadsheet's own sign for "this is text", is put before it and taken away again when the file comes
back. Text that an export would not have marked is left as it is, so that every text comes back exactly.
"""

from __future__ import annotations

import re

# Signs that begin a formula, also behind blanks and in full width; a tab or line break at the start can move what
# follows into a cell of its own.
_FORMULA = r"(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])"
_TO_MARK = re.compile(f"'*{_FORMULA}")
_MARKED = re.compile(f"'+{_FORMULA}")


def mark_text(text: str) -> str:
    """Return `text` as an exported cell shows it."""
    return "'" + text if _TO_MARK.match(text) else text


def unmark_text(cell: str) -> str:
    """Return the text of an imported cell: the inverse of `mark_text`, for every text."""
    return cell[1:] if _MARKED.match(cell) else cell
