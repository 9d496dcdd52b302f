"""What the classes of tsir.schema are made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


def _optional(value: Any, make: Callable[[Any], T]) -> T | None:
    return None if value is None else make(value)


@dataclass(frozen=True, kw_only=True, repr=False)
class Output:
    """What a subcommand found."""

    raw: dict[str, Any] = field(compare=False)
    """The JSON as the program wrote it."""
    text: str = field(default="", compare=False)
    """What the program prints for people."""

    def __str__(self) -> str:
        return self.text
