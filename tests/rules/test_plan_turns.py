"""Parts of a plan with times of their own: several in turn, or one."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName
from lenrx.rules.plan.reading import read_plan


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("carfilzomib 2021-03, lenalidomide 2022-05", "2021-03, 2022-05"),
        ("carfilzomib (2021), pomalidomide (2023)", "2021, 2023"),
        ("2021 carfilzomib, 2023 pomalidomide", "2021, 2023"),
        ("carfilzomib 2021 pomalidomide 2023", "2021, 2023"),
        ("carfilzomib since 03/2021 + lenalidomide since 04/2021", "03/2021, 04/2021"),
        ("carfilzomib March 2021, lenalidomide May 2021", "March 2021, May 2021"),
        ("bortezomib 2019; carfilzomib 2021-02; pomalidomide 2021", "2019, 2021-02, 2021"),
        ("bortezomib 2L, carfilzomib 3L", "2L, 3L"),
        ("Kd 2021, lenalidomide 2022", "2021, 2022"),
    ],
)
def test_parts_that_began_at_different_times_are_asked_about(
    text: str, times: str, catalogue: Catalogue
) -> None:
    with pytest.raises(UnknownName) as error:
        read_plan(text, catalogue)
    assert f"times of their own ({times})" in error.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("carfilzomib 2021-03, lenalidomide 2021-03, dex", "KRd"),
        ("carfilzomib 2021-03, lenalidomide 2021, dex 2021", "KRd"),
        ("Mar 2021 carfilzomib + Mar 2021 dexamethasone", "Kd"),
        # it is one whenever its drugs were stopped
        ("carfilzomib 2021-03 to 2022-05, dexamethasone 2021-03 to 2021-09", "Kd"),
        ("carfilzomib 2021-2023, dexamethasone", "Kd"),
        ("2L: carfilzomib + dexamethasone 2021", "Kd"),
        ("2L carfilzomib, dexamethasone 2L", "Kd"),
        ("carfilzomib 20/56 mg/m2 d1,2,8,9, dexamethasone 20 mg", "Kd"),
    ],
)
def test_parts_that_may_have_begun_together_are_one_plan(
    text: str, name: str, catalogue: Catalogue
) -> None:
    assert read_plan(text, catalogue).name == name
