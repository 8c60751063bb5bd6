"""The data folder: its secret key, its name, and one server at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roomserver.data_folder import DataFolder, DataFolderError
from roomserver.settings import load_settings


def folder(path: Path) -> DataFolder:
    return DataFolder(load_settings({"data": path}))


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = folder(tmp_path / "new" / "data").secret()
    assert len(first) == 32
    assert folder(tmp_path / "new" / "data").secret() == first
    assert (tmp_path / "new" / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert folder(tmp_path / "other").secret() != first


def test_of_many_that_ask_first_all_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: folder(tmp_path).secret(), range(32)))
    assert len(keys) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", ["", "short", "00ff"])
def test_a_key_that_was_damaged_is_not_replaced_in_silence(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    with pytest.raises(DataFolderError, match="doesn't hold a key"):
        folder(tmp_path).secret()


def test_the_nodes_name_stays_the_same(tmp_path: Path) -> None:
    name = folder(tmp_path).node()
    assert name.startswith("node-")
    assert folder(tmp_path).node() == name
    assert DataFolder(load_settings({"data": tmp_path, "node": "west"})).node() == "west"


def test_one_server_at_a_time_has_it(tmp_path: Path) -> None:
    first, second = folder(tmp_path), folder(tmp_path)
    with first.owned(), pytest.raises(DataFolderError, match="another server is running"), second.owned():
        pass
    with second.owned():
        pass


def test_servers_whose_rooms_are_in_redis_share_it_and_have_names_of_their_own(tmp_path: Path) -> None:
    def sharing() -> DataFolder:
        return DataFolder(load_settings({"data": tmp_path, "redis": "redis://localhost"}))

    first, second, alone = sharing(), sharing(), folder(tmp_path)
    with first.owned():
        with second.owned(), pytest.raises(DataFolderError, match="another server is running"), alone.owned():
            pass
        names = {first.node(), second.node()}
        assert len(names) == 2
        assert first.secret() == second.secret()
        again = sharing()
        with again.owned():
            assert again.node() == second.node()
    with alone.owned(), pytest.raises(DataFolderError, match="another server is running"), sharing().owned():
        pass


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError, match=r"^data: .*file"):
        folder(tmp_path / "file" / "data")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
