"""Ports and ids of the node."""

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkafka.errors import KafkaError
from devkafka.settings import free_ports, new_cluster_id, read_port, render_settings


@given(st.integers(1, 65535), st.integers(1, 65535))
def test_the_port_is_read_back_from_the_settings(tmp_path_factory, port, controller_port):
    path = tmp_path_factory.mktemp("kafka") / "server.properties"
    path.write_text(render_settings(port=port, controller_port=controller_port, data=Path("/data")))
    assert read_port(path) == port


def test_foreign_settings_are_refused(tmp_path):
    path = tmp_path / "server.properties"
    path.write_text("listeners=PLAINTEXT://0.0.0.0:9092\n")
    with pytest.raises(KafkaError, match="not written by this program"):
        read_port(path)


def test_free_ports_are_free_distinct_and_outside_the_range_given_to_connections():
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(20_000 <= port < 32_000 for port in ports)
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))


def test_a_port_in_use_is_not_offered(monkeypatch):
    from devkafka import settings

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        busy = taken.getsockname()[1]
        taken.listen()
        monkeypatch.setattr(settings.random, "sample", lambda *_: [busy])
        with pytest.raises(KafkaError, match="No free"):
            free_ports(1)


def test_cluster_ids_look_as_kafka_wants_them():
    ids = {new_cluster_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(len(text) == 22 and not text.startswith("-") for text in ids)
