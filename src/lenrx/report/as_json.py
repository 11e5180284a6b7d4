"""The answer as JSON text."""

from __future__ import annotations

import json
from typing import Any

from lenrx.rules.answer import Answer, Assessment


def render(answer: Answer, only: tuple[Assessment, ...] | None = None) -> str:
    """The whole answer, or some regimens of it; the same input gives the same bytes."""
    return json.dumps(document(answer, only), ensure_ascii=False)


def document(answer: Answer, only: tuple[Assessment, ...] | None = None) -> dict[str, Any]:
    """What `render` writes, before it is text."""
    return answer.to_dict(only)
