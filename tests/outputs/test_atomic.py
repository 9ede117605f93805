"""A finished file or none."""

from __future__ import annotations

import os
import sys

import pytest

from inkread.errors import InkreadError
from inkread.outputs.atomic import replacing


def test_the_final_name_appears_with_its_content(tmp_path):
    path = tmp_path / "out.txt"
    with replacing(path) as new:
        new.write_text("all")
        assert not path.exists() and new.parent == path.parent
    assert path.read_text() == "all"


def test_a_full_disk_is_told_in_words_and_leaves_nothing(tmp_path):
    told = r"out\.txt could not be written: No space left.*nothing was left"
    with pytest.raises(InkreadError, match=told), replacing(tmp_path / "out.txt"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_told_in_words(tmp_path):
    told = r"out\.txt could not be written: No such file.*choose another folder"
    with pytest.raises(InkreadError, match=told), replacing(tmp_path / "gone" / "out.txt"):
        pass


def test_an_error_that_is_not_about_this_file_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "out.txt"):
        (tmp_path / "another.txt").read_text()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")
def test_permissions_and_links_survive(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with replacing(link) as new:
        new.write_text("new")
    assert link.is_symlink() and real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_new_file_gets_the_permissions_of_the_users_mask(tmp_path):
    old = os.umask(0o027)
    try:
        with replacing(tmp_path / "out.txt"):
            pass
    finally:
        os.umask(old)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o640
