"""Which cloud and which engine are chosen, and what is said of it."""

import pytest

from localcloud.choices import Have, choose
from localcloud.errors import CloudError

EVERYTHING = Have(java=True, maven=True, python313=True, npm=True, docker=True)


def test_the_embedded_cloud_is_the_default_whatever_is_installed():
    assert choose(None, None, EVERYTHING).cloud == "embedded"
    assert choose(None, None, Have()).cloud == "embedded"


def test_opensearch_is_the_default_where_java_and_maven_are():
    choice = choose(None, None, Have(java=True, maven=True))
    assert choice.search == "opensearch"
    assert choice.capabilities["percolator"]


@pytest.mark.parametrize(("have", "lacks"), [(Have(java=True), "Maven"), (Have(maven=True), "Java 21")])
def test_the_stand_in_is_the_default_elsewhere_and_the_note_says_what_is_lacking(have, lacks):
    choice = choose(None, None, have)
    assert choice.search == "osmem"
    assert not choice.capabilities["percolator"]
    assert not choice.capabilities["synonyms"]
    assert lacks in choice.notes[1]


def test_the_stand_in_can_be_asked_for_where_opensearch_could_run():
    assert choose(None, "osmem", EVERYTHING).search == "osmem"


def test_a_url_is_taken_for_a_genuine_engine():
    choice = choose(None, "http://search.example.com:9200", Have())
    assert choice.search == "http://search.example.com:9200"
    assert choice.capabilities["percolator"]


def test_asking_for_what_cannot_run_says_what_to_install():
    with pytest.raises(CloudError, match=r"SEARCH=opensearch needs Java 21 or later and Maven"):
        choose(None, "opensearch", Have())
    with pytest.raises(CloudError, match=r"CLOUD=localstack needs Python 3\.13"):
        choose("localstack", None, Have(java=True, npm=True))
    with pytest.raises(CloudError, match="CLOUD=compose needs Docker"):
        choose("compose", None, Have())


@pytest.mark.parametrize(("cloud", "search"), [("gcp", None), (None, "solr"), ("embedded", "compose")])
def test_an_unknown_choice_is_refused_with_the_known_ones(cloud, search):
    with pytest.raises(CloudError, match="is none of"):
        choose(cloud, search, EVERYTHING)


def test_compose_brings_its_own_engine_unless_another_is_asked_for():
    assert choose("compose", None, EVERYTHING).search == "compose"
    assert choose("compose", "osmem", EVERYTHING).search == "osmem"


def test_an_external_cloud_takes_its_engine_from_the_environment():
    assert choose("external", None, Have(opensearch_url="https://s.example.com")).search == "https://s.example.com"
    with pytest.raises(CloudError, match="OPENSEARCH_URL"):
        choose("external", None, EVERYTHING)


def test_only_the_embedded_cloud_remembers_and_only_it_fires_schedules():
    local = {name: choose(name, None, EVERYTHING).capabilities for name in ("embedded", "localstack", "compose")}
    assert [name for name, can in local.items() if can["persistence"]] == ["embedded"]
    assert [name for name, can in local.items() if can["scheduler"]] == ["embedded"]
