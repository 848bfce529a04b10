"""The package: small, the same from the same input, and readable by whoever runs it."""

from __future__ import annotations

import importlib.util
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra import package
from infra.alone import check_imports
from infra.package import NOT_NEEDED, REQUIREMENTS, ROOT, TARGETS, build, needed, strip


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout with an app and no requirements, so that nothing is fetched."""
    (tmp_path / "chalicelib" / "domain").mkdir(parents=True)
    (tmp_path / "app.py").write_text("import chalicelib\n")
    (tmp_path / "chalicelib" / "__init__.py").write_text("")
    (tmp_path / "chalicelib" / "domain" / "terms.json").write_text("{}")
    (tmp_path / "chalicelib" / "__pycache__").mkdir()
    (tmp_path / "chalicelib" / "__pycache__" / "old.pyc").write_bytes(b"old")
    (tmp_path / "secrets.txt").write_text("not for the cloud")
    (tmp_path / REQUIREMENTS).write_text("")
    return tmp_path


def built(house: Path, cache: str = "cache") -> package.Package:
    return build(TARGETS["local"], house, house / cache)


def test_it_holds_the_app_with_its_bytecode_and_nothing_else(house):
    with zipfile.ZipFile(built(house).path) as archive:
        names = set(archive.namelist())
    compiled = {name for name in names if name.endswith(".pyc")}
    assert names - compiled == {"app.py", "chalicelib/__init__.py", "chalicelib/domain/terms.json"}
    assert {n.split("/")[-1].split(".")[0] for n in compiled} == {"app", "__init__"}


def test_it_is_the_same_bytes_from_the_same_input(house):
    one, two = built(house, "one"), built(house, "two")
    assert one.digest == two.digest
    assert one.path.read_bytes() == two.path.read_bytes()


def test_other_code_is_another_package(house):
    before = built(house)
    (house / "chalicelib" / "__init__.py").write_text("NEW = 1\n")
    assert built(house).digest != before.digest


def test_anyone_may_read_it_and_what_is_in_it(house):
    path = built(house).path
    assert path.stat().st_mode & 0o444 == 0o444
    with zipfile.ZipFile(path) as archive:
        assert {(entry.external_attr >> 16) & 0o444 for entry in archive.infolist()} == {0o444}


def test_two_builds_at_once_end_in_one_whole_package(house):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: built(house), range(4)))
    assert len({m.path for m in made}) == 1
    assert zipfile.ZipFile(made[0].path).testzip() is None
    assert not list((house / "cache").glob("*.draft"))


def test_the_cache_does_not_grow_with_every_edit(house):
    for number in range(8):
        (house / "app.py").write_text(f"N = {number}\n")
        last = built(house)
    left = list((house / "cache").glob("catalog-*.zip"))
    assert last.path in left
    assert len(left) == package.KEPT


def test_too_large_a_package_is_refused_before_it_is_uploaded(house, monkeypatch):
    monkeypatch.setattr(package, "UNZIPPED_LIMIT", 10)
    with pytest.raises(ValueError, match="Lambda takes"):
        built(house)


def test_only_what_functions_load_is_asked_for():
    text = (ROOT / REQUIREMENTS).read_text()
    left = needed(text)
    unwanted = {name for names in NOT_NEEDED.values() for name in names}
    names = {line.split("==")[0] for line in left.splitlines() if line[:1].isalnum()}
    everything = {line.split("==")[0] for line in text.splitlines() if line[:1].isalnum()}
    assert names == everything - unwanted
    assert {"chalice", "boto3", "opensearch-py", "pynamodb"} <= names
    assert unwanted <= everything, "a name that no requirement has any more"
    assert left.count("--hash=") > len(names)


def test_stripping_leaves_what_is_loaded(tmp_path):
    kept = ("chalice/app.py", "botocore/data/dynamodb/x.json", "botocore/data/endpoints.json", "httpx/__init__.py")
    gone = (
        "chalice/cli/__init__.py",
        "chalice/local.py",
        "botocore/data/ec2/x.json",
        "six/tests/test_six.py",
        "bin/jp.py",
        "httpx/__init__.pyi",
        "httpx-1.dist-info/RECORD",
    )
    for name in (*kept, *gone):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    strip(tmp_path)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)


def test_chalices_runtime_needs_none_of_what_is_left_out():
    """chalice/app.py may import from its own package only where a type checker looks."""
    found = importlib.util.find_spec("chalice")
    assert found
    assert found.origin
    lines = (Path(found.origin).parent / "app.py").read_text().splitlines()
    own = [line for line in lines if "from chalice" in line or "import chalice" in line]
    assert [line for line in own if not line.startswith(" ")] == []


def test_a_package_that_lacks_something_is_told_by_its_name(house):
    (house / "app.py").write_text("import nowhere_to_be_found\n")
    with pytest.raises(ValueError, match="nowhere_to_be_found"):
        check_imports(built(house))
