"""A closed code list: its codes, their French labels, and the words people write for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.plain_text import plain


@dataclass(frozen=True)
class CodeList:
    """A closed list: code -> French label. `source` says which form or base it comes from.

    `other_words` are what else people write for a code, beside the code and its label.
    """

    name: str
    labels: Mapping[str, str]
    source: str
    other_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def also(self, **other_words: tuple[str, ...]) -> "CodeList":
        """Return the same list with more ways to write some of its codes."""
        return replace(self, other_words=other_words)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the form."""
        return tuple(self.labels)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each code in the list."""
        return {code: position for position, code in enumerate(self.labels)}

    @cached_property
    def hashes(self) -> npt.NDArray[np.uint64]:
        """Hash of each code as pandas hashes a category, and last that of a missing one."""
        hashes = pd.util.hash_array(np.array(self.codes, dtype=object), categorize=False)
        return np.append(hashes, np.uint64(2**64 - 1))

    def among(self, codes: tuple[str, ...], *, missing: float) -> npt.NDArray[Any]:
        """Return whether each code is one of `codes`, and last what a missing one is; made once.

        The type is that of `missing`: bool for False, float64 for NaN. Raises KeyError for a code
        that is not in the list.
        """
        table = self._among.get((codes, missing))
        if table is None:
            table = np.zeros(len(self.labels) + 1, dtype=type(missing))
            table[[self.positions[code] for code in codes]] = True
            table[-1] = missing
            self._among[codes, missing] = table
        return table

    @cached_property
    def _among(self) -> dict[tuple[tuple[str, ...], float], npt.NDArray[Any]]:
        return {}

    @property
    def dtype(self) -> pd.CategoricalDtype:
        """The pandas dtype of a column that holds this list."""
        return pd.CategoricalDtype(list(self.labels))

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every way a code may be written: itself, without its zeros, its label, other words.

        Words that stand for two codes stand for none.
        """
        words: dict[str, set[str]] = {}
        for code, label in self.labels.items():
            short = re.sub(r"\(.*\)", "", label)
            for word in map(plain, (label, short, *self.other_words.get(code, ()))):
                words.setdefault(word, set()).add(code)
        sure = {word: codes.pop() for word, codes in words.items() if len(codes) == 1}
        numbers = [code for code in self.labels if code.isdecimal()]
        lost = {str(int(code)): code for code in numbers}
        floats = {f"{form}.0": code for form, code in [*lost.items(), *((n, n) for n in numbers)]}
        return (
            sure | floats | lost | {c.lower(): c for c in self.labels} | {c: c for c in self.labels}
        )
