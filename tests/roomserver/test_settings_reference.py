"""docs/settings.md is what the program says of its settings. `REWRITE=1 pytest` of this file writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from roomserver.settings import Settings, describe_settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

HEAD = """# Settings

From environment variables, a TOML file, or options of `serve`; an option goes before a variable, and a variable before
the file. The file is `roomserver.toml` in the present folder, or the one that `--config` or `ROOMSERVER_CONFIG` names.
`roomserver settings` prints these with their present values.

| name in the file | environment | default | meaning |
| --- | --- | --- | --- |
"""


def test_the_settings_page_is_what_the_program_says() -> None:
    rows = [
        f"| `{line.name}` | `{line.variable}` | {f'`{line.default}`' if line.default else ''} | {line.meaning} |\n"
        for line in describe_settings(Settings.model_construct())
    ]
    if os.environ.get("REWRITE"):
        PAGE.write_text(HEAD + "".join(rows))
    assert PAGE.read_text() == HEAD + "".join(rows)
