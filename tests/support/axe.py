"""axe-core on a page: what WCAG 2.2 AA asks for, as far as a program can tell."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from playwright.async_api import Page

_SCRIPT = Path(__file__).parent / "browser" / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """async () => {
  const { violations } = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));
}"""


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


async def axe_violations(page: Page) -> list[str]:
    """What is wrong with the page as it is now, a sentence each."""
    await page.evaluate(_script())
    return cast(list[str], await page.evaluate(_RUN))
