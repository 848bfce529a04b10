"""What the machine has, and what is said about what it lacks."""

import pytest

from localcloud import prerequisites


@pytest.fixture(autouse=True)
def forget():
    prerequisites.java.cache_clear()
    yield
    prerequisites.java.cache_clear()


def a_java(home, version):
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").write_text("#!/bin/sh\n")
    (home / "bin" / "java").chmod(0o755)
    (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return home


@pytest.fixture
def only(monkeypatch):
    """Nothing but what a test puts in place."""

    def hide(**homes):
        for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, home in homes.items():
            monkeypatch.setenv(name, str(home))
        monkeypatch.setattr(prerequisites, "JAVA_PLACES", ())
        monkeypatch.setenv("PATH", "/nowhere")
        monkeypatch.setattr(prerequisites.accounts, "servers_account", lambda: None)

    return hide


def test_a_java_that_is_new_enough_is_found(tmp_path, only):
    only(JAVA_HOME=a_java(tmp_path / "jdk", "25.0.1"))
    assert prerequisites.java() == prerequisites.Java(tmp_path / "jdk", 25)


def test_a_java_that_is_too_old_is_passed_over(tmp_path, only):
    only(OPENSEARCH_JAVA_HOME=a_java(tmp_path / "old", "17.0.15"), JAVA_HOME=a_java(tmp_path / "new", "21.0.2"))
    assert prerequisites.need_java().version == 21


def test_without_a_java_the_error_names_the_way_out(only):
    only()
    with pytest.raises(prerequisites.CloudError, match=r"Java 21 or later.*SEARCH=osmem"):
        prerequisites.need_java()


def test_a_java_that_the_servers_cannot_run_is_none(tmp_path, only):
    home = a_java(tmp_path / "jdk", "25")
    (home / "bin" / "java").write_text("#!/bin/sh\nexit 1\n")
    only(JAVA_HOME=home)
    assert prerequisites.java() is None


def test_the_report_says_what_is_out_and_how_to_get_it(only, monkeypatch):
    only()
    monkeypatch.setattr(prerequisites.pythons, "find", lambda version: None)
    report = {each.name: each for each in prerequisites.report()}
    assert all(each.found is None for each in report.values())
    assert "SEARCH=opensearch" in report["Maven"].without
    assert "CLOUD=localstack" in report["Python 3.13"].without
    assert all(each.install for each in report.values())
