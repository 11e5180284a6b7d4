"""The answer as JSON text."""

from __future__ import annotations

import json

from lenrx.rules.answer import Answer, Assessment


def render(answer: Answer, only: tuple[Assessment, ...] | None = None) -> str:
    """The whole answer, or some regimens of it; the same input gives the same bytes."""
    return json.dumps(answer.to_dict(only), ensure_ascii=False)
