"""The store of files, over a folder and over memory, which stands for object storage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from roomserver.files import Files, FilesUnavailable, check_address, open_files
from roomserver.settings import SettingsError, load_settings

STORES: list[Callable[[Path], Files]] = [
    lambda folder: open_files(None, folder / "files"),
    lambda _folder: Files(MemoryStore()),
]


@pytest.mark.parametrize("make", STORES, ids=["folder", "memory"])
async def test_what_is_put_is_there_until_it_is_discarded(tmp_path: Path, make: Callable[[Path], Files]) -> None:
    files = make(tmp_path)
    assert await files.get("pictures/one.png") is None
    await files.put("pictures/one.png", b"content")
    assert await files.get("pictures/one.png") == b"content"
    await files.discard("pictures/one.png")
    assert await files.get("pictures/one.png") is None
    await files.discard("pictures/one.png")
    await files.discard(None)


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(FilesUnavailable, match="files"):
        await open_files(None, tmp_path / "files").put("pictures/one.png", b"content")


@pytest.mark.parametrize("address", ["s3://bucket/folder", "gs://bucket", "az://container/folder"])
def test_object_storage_is_named_by_its_address(address: str) -> None:
    assert check_address(address) == address
    assert load_settings({"files_url": address}).files_url == address


@pytest.mark.parametrize(
    "address", ["", "bucket", "file:///etc", "http://host/x", "s3://", "s3://key:secret@bucket", "s3://bucket?key=x"]
)
def test_another_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(SettingsError, match="files_url"):
        load_settings({"files_url": address})
