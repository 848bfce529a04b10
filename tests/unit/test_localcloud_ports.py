"""Ports on loopback: free ones, taken ones, and who holds them."""

import os
import socket

import pytest

from localcloud import ports
from localcloud.errors import CloudError


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_free_and_may_be_claimed():
    port = ports.free_port()
    assert ports.is_free(port)
    assert ports.claim(port) == port


def test_zero_claims_any_free_port():
    assert ports.claim(0) > 0


def test_a_taken_port_is_reported_with_its_holder_and_the_way_out(listener):
    with pytest.raises(CloudError) as refused:
        ports.claim(listener, "embedded", "CLOUD_PORT")
    assert f"Port {listener}, which embedded needs" in str(refused.value)
    assert f"pid {os.getpid()}" in str(refused.value)
    assert "CLOUD_PORT=PORT" in str(refused.value)


def test_a_listener_on_all_addresses_is_in_the_way_too():
    with socket.create_server(("", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])


def test_nobody_holds_a_free_port():
    assert ports.holder(ports.free_port()) is None
