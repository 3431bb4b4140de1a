"""What was sent leaves no trace on the disk, even when its worker was killed."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from features.common.errors import StorageError
from serving.runtime.upload_folders import LEFT_SECONDS, PREFIX, remove_left_folders, upload_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_removed_at_its_end() -> None:
    with upload_folder() as folder:
        (folder / "sent.json").write_text("[]")

    assert not folder.exists()


def test_a_full_disk_is_a_storage_error() -> None:
    with pytest.raises(StorageError, match="room on the disk"), upload_folder():
        raise OSError(errno.ENOSPC, "no room")


def test_what_a_killed_worker_left_is_removed_after_a_day_and_nothing_else(
    temporary: Path,
) -> None:
    left, under_way, other = (temporary / n for n in (f"{PREFIX}1", f"{PREFIX}2", "another"))
    for folder in (left, under_way, other):
        folder.mkdir()
        (folder / "sent.csv").write_text("who")
    before = under_way.stat().st_mtime - LEFT_SECONDS - 60
    for folder in (left, other):
        os.utime(folder, (before, before))

    assert remove_left_folders() == 1
    assert sorted(temporary.iterdir()) == [other, under_way]
