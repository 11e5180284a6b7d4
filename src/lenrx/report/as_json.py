"""The answer as JSON text; `rules.document` says what is in it."""

from __future__ import annotations

import json

from lenrx.rules.assessment import Answer, Assessment
from lenrx.rules.document import document, finding, row

__all__ = ["document", "finding", "render", "row"]


def render(answer: Answer, only: tuple[Assessment, ...] | None = None) -> str:
    """The whole answer, or some regimens of it; the same input gives the same bytes."""
    return json.dumps(document(answer, only), ensure_ascii=False)
