"""Downloads are checked, and installing happens once and whole."""

import hashlib
import threading

import pytest

from localcloud import installs
from localcloud.errors import CloudError


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CATALOG_CACHE", str(tmp_path))
    return tmp_path


def test_the_pinned_file_passes_its_check(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"genuine")
    digest = hashlib.sha512(b"genuine").hexdigest()
    assert installs.check_digest(tmp_path / "a.zip", "sha512", digest) == tmp_path / "a.zip"


def test_any_other_file_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"replaced")
    with pytest.raises(CloudError, match=r"a\.zip is not the file this version expects.*try again"):
        installs.check_digest(tmp_path / "a.zip", "sha512", hashlib.sha512(b"genuine").hexdigest())


def test_what_is_installed_is_not_installed_again():
    built = []
    for _ in range(2):
        installs.install("tool/1", built.append, "Installing")
    assert len(built) == 1


def test_an_install_that_fails_leaves_nothing_behind(cache):
    def fail(fresh):
        (fresh / "half").write_text("half")
        raise CloudError("no network")

    with pytest.raises(CloudError):
        installs.install("tool/1", fail, "Installing")
    assert list((cache / "tool").iterdir()) == []


def test_two_at_once_install_one_and_get_the_same(cache):
    built, found, together = [], [], threading.Barrier(2)

    def build(fresh):
        built.append(fresh)
        (fresh / "body").write_text("whole")

    def install():
        together.wait()
        found.append(installs.install("tool/1", build, "Installing"))

    threads = [threading.Thread(target=install) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert found == [cache / "tool" / "1"] * 2


def test_a_failing_installer_is_reported_with_what_it_said():
    with pytest.raises(CloudError, match=r"Fetching failed.*not found"):
        installs.run(["sh", "-c", "echo not found >&2; exit 3"], "Fetching")
