"""Words that are coloured can be read on a white and on a black screen."""

from __future__ import annotations

import pytest
from rich.color import Color

from lenrx.report.phrases import CAUTION, DOSE, OPEN, QUIET

ENOUGH = 4.5
"""To one: what WCAG 2 asks of text."""


def luminance(red: float, green: float, blue: float) -> float:
    parts = [each / 255 for each in (red, green, blue)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", [CAUTION, DOSE, OPEN, QUIET])
def test_a_colour_stands_out_from_white_and_from_black(colour: str) -> None:
    light = luminance(*Color.parse(colour).get_truecolor())
    assert 1.05 / (light + 0.05) >= ENOUGH
    assert (light + 0.05) / 0.05 >= ENOUGH


def test_the_measure_knows_black_from_white_and_a_colour_that_is_too_light() -> None:
    assert (luminance(0, 0, 0), round(luminance(255, 255, 255), 6)) == (0, 1)
    assert 1.05 / (luminance(*Color.parse("color(36)").get_truecolor()) + 0.05) < ENOUGH
