"""RFC 7386 as its section 2 writes it, to check patches as a client applies them."""

from __future__ import annotations

from typing import Any


def patched(target: Any, patch: Any) -> Any:
    """`MergePatch(Target, Patch)` of the RFC; the target is left as it was."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = patched(result.get(name), value)
    return result
