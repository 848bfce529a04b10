"""Where state, data and caches are, for root and for everybody else."""

from pathlib import Path

from localcloud import places


def test_state_belongs_to_the_checkout_unless_a_test_has_its_own():
    assert places.local_dir({}) == places.CHECKOUT / ".local"
    assert places.local_dir({"CATALOG_LOCAL_DIR": "/tmp/one"}) == Path("/tmp/one").resolve()


def test_data_lies_beside_the_state_and_for_root_outside_its_closed_home():
    assert places.data_dir({}, root=False) == places.CHECKOUT / ".local" / "data"
    assert places.data_dir({}, root=True).parent == Path("/var/lib/course-catalog")


def test_two_checkouts_never_share_data():
    one, two = ({"CATALOG_LOCAL_DIR": f"/tmp/{name}"} for name in ("one", "two"))
    assert places.data_dir(one, root=True) != places.data_dir(two, root=True)


def test_the_cache_is_shared_and_can_be_moved():
    assert places.cache_dir({}, root=True) == Path("/var/cache/course-catalog")
    assert places.cache_dir({"XDG_CACHE_HOME": "/x"}, root=False) == Path("/x/course-catalog")
    assert places.cache_dir({"COURSE_CATALOG_CACHE": "/y"}, root=True) == Path("/y")


def test_localstack_is_no_package_for_it_would_shadow_the_real_one():
    assert not (places.LOCALSTACK / "__init__.py").exists()
