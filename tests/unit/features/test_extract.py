"""The extract travels: written whole or not at all, verified on arrival."""

import json
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.common.errors import InputError, StorageError
from features.intake.extract import digest, schema_hash, verify, write_extract, write_manifest
from features.intake.intake import take_in
from features.records.declarations import Records


def some_records() -> Records:
    known = pd.to_datetime(["2023-09-01", "2023-09-02"])
    contracts = pd.DataFrame(
        {
            "contract_id": ["C1", "C2"],
            "person_id": ["P1", "P2"],
            "kind": "apprenticeship",
            "started_on": known,
            "planned_end_on": pd.Timestamp("2025-08-31"),
            "employer_headcount": [12.0, None],
            "pay_percent_smic": [55.5, None],
            "rqth": [1.0, None],
            "diploma_10103": ["33", None],
            "known_on": known,
        }
    )
    events = pd.DataFrame(
        {
            "event_id": ["E1"],
            "contract_id": ["C1"],
            "happened_on": known[:1],
            "kind": "warning",
            "known_on": known[:1],
        }
    )
    return Records.of(contracts=contracts, events=events)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return write_extract(some_records(), tmp_path / "extract", source="a test")


def test_what_is_written_is_read_back_the_same(extract: Path) -> None:
    intake = take_in(extract)
    assert len(intake.rejects) == 0
    for (_, read), (_, written) in zip(intake.records, some_records(), strict=True):
        pd.testing.assert_frame_equal(read, written)


def test_the_tables_have_the_types_of_the_declarations(extract: Path) -> None:
    schema = pq.read_schema(extract / "contracts.parquet")
    named = ("started_on", "employer_headcount", "pay_percent_smic", "rqth", "kind", "contract_id")
    assert [str(schema.field(name).type) for name in named] == [
        "date32[day]", "int64", "double", "bool", "string", "string",
    ]  # fmt: skip


def test_the_manifest_says_where_the_records_come_from(extract: Path) -> None:
    manifest = verify(extract)
    assert manifest is not None
    assert (manifest.source, manifest.schema) == ("a test", schema_hash())
    assert {name: sealed.rows for name, sealed in manifest.files.items()} == {
        "contracts.parquet": 2,
        "events.parquet": 1,
        "interviews.parquet": 0,
        "outcomes.parquet": 0,
    }


def test_a_folder_without_manifest_is_not_sealed(tmp_path: Path) -> None:
    assert verify(tmp_path) is None


def test_a_folder_that_holds_something_is_not_written_over(extract: Path) -> None:
    before = sorted(extract.iterdir())
    with pytest.raises(InputError, match="not empty"):
        write_extract(some_records(), extract, source="again")
    assert sorted(extract.iterdir()) == before


def altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [altered, truncated, removed])
def test_a_damaged_extract_is_refused_by_the_name_of_the_file(
    extract: Path, damage: Callable[[Path], None]
) -> None:
    damage(extract / "events.parquet")
    with pytest.raises(InputError, match=r"events\.parquet"):
        take_in(extract)


def test_a_table_added_to_a_sealed_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    pd.DataFrame({"contract_id": ["C1"]}).to_csv(folder / "contracts.csv", index=False)
    write_manifest(folder)
    pd.DataFrame({"event_id": ["E1"]}).to_csv(folder / "events.csv", index=False)
    with pytest.raises(InputError, match=r"events\.csv: in the folder but not in the manifest"):
        verify(folder)


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(content), encoding="utf-8")


def test_another_record_schema_is_refused(extract: Path) -> None:
    change_manifest(extract, schema="another")
    with pytest.raises(InputError, match="other record declarations"):
        verify(extract)


def test_a_row_count_that_differs_is_refused(extract: Path) -> None:
    files = json.loads((extract / "manifest.json").read_text(encoding="utf-8"))["files"]
    files["events.parquet"]["rows"] = 7
    change_manifest(extract, files=files)
    with pytest.raises(InputError, match=r"events\.parquet: not the 7 rows"):
        verify(extract)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"source": "", "schema": "", "files": {"a": 1}}']
)
def test_a_manifest_cut_short_is_refused(extract: Path, content: str) -> None:
    (extract / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not a manifest, or cut short"):
        verify(extract)


def test_sealing_covers_parts_and_leaves_the_truth_out(tmp_path: Path) -> None:
    records = some_records()
    folder = tmp_path / "simulated"
    for name in ("contracts", "truth"):
        (folder / name).mkdir(parents=True)
        records.contracts.to_parquet(folder / name / "part-0.parquet")
    manifest = write_manifest(folder, source="simulated")
    assert list(manifest.files) == ["contracts/part-0.parquet"]
    assert verify(folder) == manifest


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """Refuse to let files grow, by the system's own limit, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files_only")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_extract(some_records(), tmp_path / "extract", source="a test")
    assert list(tmp_path.iterdir()) == []


def test_the_digest_is_of_the_content_not_of_the_order_or_the_format(tmp_path: Path) -> None:
    records = some_records()
    shuffled = Records(**{t.name: rows.iloc[::-1].reset_index(drop=True) for t, rows in records})
    folder = tmp_path / "csv"
    folder.mkdir()
    for record_type, rows in records:
        rows.to_csv(folder / f"{record_type.name}.csv", index=False)
    assert digest(shuffled) == digest(records) == digest(take_in(folder).records)


def test_the_digest_changes_with_any_value_and_with_any_row() -> None:
    records = some_records()
    raised = records.contracts.assign(employer_headcount=13.0)
    digests = {
        digest(records),
        digest(Records.of(contracts=raised, events=records.events)),
        digest(Records.of(contracts=records.contracts)),
        digest(Records.of(contracts=records.contracts.head(1), events=records.events)),
    }
    assert len(digests) == 4
