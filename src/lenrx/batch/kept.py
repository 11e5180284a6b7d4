"""What was worked out once and is kept for the next who ask alike, within bounds."""

from __future__ import annotations

from typing import TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Kept(dict[_Key, _Value]):
    """A dict of two generations: when it is full it becomes the old one, and a new one begins.

    What is asked again moves to the new generation, so what is asked often stays and the rest goes.
    No more than twice `most` is held. None cannot be kept.
    """

    __slots__ = ("_most", "_old")

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._old: dict[_Key, _Value] = {}

    def find(self, key: _Key) -> _Value | None:
        """What is kept under `key`. A hot path may ask `get` first and `recall` when it fails."""
        value = self.get(key)
        return self.recall(key) if value is None else value

    def recall(self, key: _Key) -> _Value | None:
        """What is kept under `key`, from either generation; for when `get` has found nothing."""
        value = self._old.get(key)
        if value is not None:
            self.keep(key, value)
        return value

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Keep `value` under `key`."""
        if len(self) >= self._most:
            self._old = dict(self)
            self.clear()
        self[key] = value
        return value

    def forget(self) -> None:
        """Drop both generations."""
        self.clear()
        self._old = {}
