"""The store of files, over a folder and over a real object storage."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from roomserver import files as files_module
from roomserver.files import PART, Files, FilesUnavailable, check_address, open_files
from roomserver.settings import SettingsError, load_settings
from tests.support.s3_server import S3Server


@pytest.fixture(params=["folder", "storage"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    if request.param == "folder":
        return open_files(None, tmp_path / "files")
    server: S3Server = request.getfixturevalue("s3_server")
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    return open_files(server.url, tmp_path / "never made")


async def test_what_is_put_is_there_until_it_is_discarded(files: Files) -> None:
    assert await files.get("pictures/one.png") is None
    await files.put("pictures/one.png", b"content")
    assert await files.get("pictures/one.png") == b"content"
    await files.discard("pictures/one.png")
    assert await files.get("pictures/one.png") is None
    await files.discard("pictures/one.png")
    await files.discard(None)


async def test_a_large_local_file_is_moved_in_and_read_in_parts(files: Files, tmp_path: Path) -> None:
    content = os.urandom(2 * PART + 12_345)
    local = tmp_path / "block.part"
    local.write_bytes(content)
    await files.take("recordings/rec_1/1-a.mp4", local)
    assert not local.exists()
    assert await files.size("recordings/rec_1/1-a.mp4") == len(content)
    portions = [each async for each in files.read("recordings/rec_1/1-a.mp4", 7, len(content) - 9)]
    assert b"".join(portions) == content[7:-9]
    assert max(map(len, portions)) <= files_module.PORTION
    await files.remove("recordings/rec_1/1-a.mp4")
    assert await files.size("recordings/rec_1/1-a.mp4") is None
    await files.remove("recordings/rec_1/1-a.mp4")


async def test_reading_beyond_what_is_there_is_told(files: Files) -> None:
    await files.put("short", b"12345")
    with pytest.raises(FilesUnavailable):
        assert [each async for each in files.read("short", 0, 9)] == [b"12345"]
    with pytest.raises(FilesUnavailable):
        assert [each async for each in files.read("missing", 0, 9)] == []


async def test_a_file_from_another_disk_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_disk(_file: Path, _target: Path) -> bool:
        return False

    monkeypatch.setattr(files_module, "_move", other_disk)
    local = tmp_path / "block.part"
    local.write_bytes(b"content")
    files = open_files(None, tmp_path / "files")
    await files.take("recordings/1.mp4", local)
    assert await files.get("recordings/1.mp4") == b"content"
    assert not local.exists()


@pytest.mark.parametrize("same_disk", [True, False])
async def test_a_file_outlives_a_power_failure_with_its_name_before_it_counts_as_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_disk: bool
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    if not same_disk:
        monkeypatch.setattr(files_module, "_move", lambda _file, _target: False)
    local = tmp_path / "block.part"
    local.write_bytes(b"content")
    await open_files(None, tmp_path / "files").take("recordings/rec_1/1-a.mp4", local)
    store = tmp_path / "files"
    file = store / "recordings" / "rec_1" / "1-a.mp4"
    assert synced[-4:] == [file, *file.parents[:3]]


async def test_storage_that_is_out_of_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ENDPOINT": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "a"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")  # without AWS_ALLOW_HTTP nothing is sent in clear
    with pytest.raises(FilesUnavailable, match="files: "):
        await open_files("s3://rooms", tmp_path).size("recordings/1.mp4")


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
