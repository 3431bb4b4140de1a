"""Work that many features ask for is done once per snapshot: masks, days, previous rows."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np


class MemoOwner(Protocol):
    """What has a place for cached results, and never changes."""

    @property
    def cache(self) -> dict[Any, Any]:
        """Results by function and arguments."""


K = TypeVar("K", bound=MemoOwner)
P = ParamSpec("P")
T = TypeVar("T")


def cached_on(compute: Callable[Concatenate[K, P], T], /) -> Callable[Concatenate[K, P], T]:
    """Cache the result of a pure function in its first argument, by the other arguments.

    These must be hashable, and the result is never None. A cached array is read-only, for the next
    one to ask gets the same.
    """

    def answer(keeper: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (compute, args, *kwargs.items()) if kwargs else (compute, args)
        value: T | None = keeper.cache.get(key)
        if value is None:
            value = keeper.cache[key] = compute(keeper, *args, **kwargs)
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)
        return value

    update_wrapper(answer, compute)
    return answer
