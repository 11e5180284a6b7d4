"""The same question has the same answer, byte for byte, in whatever order sets are walked."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ILL = ("--refractory", "lena,bort,dara", "--lines", "4", "--pcl", "yes", "--region", "us")


@pytest.mark.parametrize("form", ["table", "markdown", "json", "csv"])
def test_an_answer_does_not_hang_on_how_a_process_hashes(form: str) -> None:
    said = [
        subprocess.run(
            [sys.executable, "-m", "lenrx", "recommend", *ILL, "--format", form],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    ]
    assert said[0] and said[1:] == said[:1] * 2
