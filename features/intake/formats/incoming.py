"""What only several rows together can tell: repeats, conflicts, changed anchors, orphans.

A record may come in several versions, each with its own `known_on`. Two rows with one key and one
`known_on` are a repeat when all they say is the same, else a conflict nobody can settle for us.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.intake.formats.cells import Mask
from features.intake.formats.raw_tables import RawTable
from features.intake.formats.rejects import reject_lines
from features.intake.parsing import ParsedTable
from features.records.schema import RecordType

OF_UNKNOWN_CONTRACT = "of an unknown contract"  # ends the reason of rows that fall with another


@dataclass(frozen=True)
class Incoming:
    """The rows of one table on their way in, where each was read, and what was left on the way."""

    record_type: RecordType
    rows: pd.DataFrame
    where: pd.DataFrame  # file and line of each row
    rejects: tuple[pd.DataFrame, ...] = ()
    read: int = 0
    refused: int = 0
    repeats: int = 0
    notes: tuple[str, ...] = ()
    left_out: tuple[pd.DataFrame, ...] = ()
    cleaned: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of_part(cls, record_type: RecordType, raw: RawTable, parsed: ParsedTable) -> "Incoming":
        """Join what reading and parsing one file gave."""
        return cls(
            record_type,
            rows=parsed.accepted,
            where=pd.DataFrame(
                {
                    "file": _one_file(raw.file, len(parsed.lines)),
                    "line": parsed.lines,
                }
            ),
            rejects=(raw.broken, parsed.rejected),
            read=raw.read,
            refused=raw.read - raw.repeats - len(parsed.accepted),
            repeats=raw.repeats,
            notes=(*raw.notes, *parsed.notes),
            left_out=(parsed.left_out,),
            cleaned=parsed.cleaned,
        )

    @classmethod
    def joined(cls, record_type: RecordType, parts: Iterable["Incoming"]) -> "Incoming":
        """Join the parts of one table, in their order."""
        parts = list(parts)
        if not parts:
            nowhere = pd.DataFrame({"file": [], "line": []})
            note = f"{record_type.name}: no such table; taken as empty"
            return cls(record_type, record_type.empty(), nowhere, notes=(note,))
        if len(parts) == 1:
            return parts[0]
        return cls(
            record_type,
            rows=pd.concat([part.rows for part in parts], ignore_index=True),
            where=_join_places([part.where for part in parts]),
            rejects=tuple(rejects for part in parts for rejects in part.rejects),
            read=sum(part.read for part in parts),
            refused=sum(part.refused for part in parts),
            repeats=sum(part.repeats for part in parts),
            notes=tuple(note for part in parts for note in part.notes),
            left_out=tuple(cells for part in parts for cells in part.left_out),
            cleaned=sum((Counter(part.cleaned) for part in parts), Counter()),
        )

    def refuse(
        self, mask: Mask, *, column: str, expected: str, got: "str | pd.Series", reason: str
    ) -> "Incoming":
        """Take the rows of `mask` out, each with one line in the rejects."""
        if not mask.any():
            return self
        places = self.where[mask]
        rejects = reject_lines(
            places["line"].to_numpy(),
            file=places["file"].astype("str"),
            table=self.record_type.name,
            column=column,
            expected=expected,
            got=got if isinstance(got, str) else got[mask],
            reason=reason,
        )
        return replace(
            self._without(mask),
            rejects=(*self.rejects, rejects),
            refused=self.refused + int(mask.sum()),
        )

    def drop_repeats(self, mask: Mask) -> "Incoming":
        """Take the rows of `mask` out and count them as repeats."""
        return replace(self._without(mask), repeats=self.repeats + int(mask.sum()))

    def _without(self, mask: Mask) -> "Incoming":
        if not mask.any():
            return self
        rows = self.rows[~mask].reset_index(drop=True)
        return replace(self, rows=rows, where=self.where[~mask].reset_index(drop=True))


def check_versions(table: Incoming) -> Incoming:
    """Refuse records whose anchor changes and versions that conflict; keep one of each repeat."""
    if table.rows.empty:
        return table
    for column in table.record_type.immutable:
        table = table.refuse(
            _changed(table, column),
            column=column,
            expected=f"one {column} for each {table.record_type.key}",
            got="several",
            reason=f"two {table.record_type.name} with one id",
        )
    repeated, conflicting = _repeats_and_conflicts(table)
    table = table.drop_repeats(repeated)
    return table.refuse(
        conflicting[~repeated],
        column="known_on",
        expected=f"one content for each {table.record_type.key} and known_on",
        got="several",
        reason="two versions of one day differ",
    )


def refuse_orphans(table: Incoming, contract_ids: pd.Series) -> Incoming:
    """Refuse the rows whose contract is not among the accepted ones."""
    ids = table.rows["contract_id"]
    return table.refuse(
        ~pc.is_in(pa.array(ids), value_set=pa.array(contract_ids)).to_numpy(zero_copy_only=False),
        column="contract_id",
        expected="a contract that was accepted",
        got=ids,
        reason=f"{table.record_type.name[:-1]} {OF_UNKNOWN_CONTRACT}",
    )


def _several_versions(table: Incoming) -> Mask:
    return table.rows[table.record_type.key].duplicated(keep=False).to_numpy()


def _changed(table: Incoming, column: str) -> Mask:
    """Find the rows of a key that has several values of the anchor, over all its versions."""
    several = _several_versions(table)
    versions = table.rows.loc[several, [table.record_type.key, column]]
    values = versions.groupby(table.record_type.key, sort=False)[column].transform("nunique")
    return _within(several, (values > 1).to_numpy(bool))


def _repeats_and_conflicts(table: Incoming) -> tuple[Mask, Mask]:
    """Find the rows that repeat an earlier one and those that contradict one of the same day."""
    several = _several_versions(table)
    versions = table.rows[several]
    version = versions.groupby([table.record_type.key, "known_on"], sort=False).ngroup().to_numpy()
    again = versions.duplicated().to_numpy()
    contents = np.bincount(version[~again], minlength=len(version))
    conflict = contents[version] > 1
    return _within(several, again & ~conflict), _within(several, conflict)


def _within(outer: Mask, inner: Mask) -> Mask:
    mask = outer.copy()
    mask[outer] = inner
    return mask


def _one_file(name: str, rows: int) -> "pd.Categorical[str]":
    """Name the file of every row; the same type of category when there is no row at all."""
    return pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), categories=pd.Index([name]))


def _join_places(places: list[pd.DataFrame]) -> pd.DataFrame:
    files = pd.api.types.union_categoricals([place["file"] for place in places])
    return pd.DataFrame({"file": files, "line": np.concatenate([p["line"] for p in places])})
