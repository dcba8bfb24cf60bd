"""The rights of the Strimzi component on a real broker: mutual TLS, each service can do its work and no other's."""

import asyncio
import datetime as dt
import ipaddress
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import devkafka.server
from common.bus import BusUnavailable, Message, TlsFiles, TopicPartition
from common.bus.kafka.bus import KafkaBus
from common.bus.kafka.tuning import Tuning
from common.contracts.topics import TOPICS
from common.process.context import topic_specs
from devkafka.server import KafkaServer
from devkafka.settings import free_ports, render_settings

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

SERVICES = ("casework", "registry", "reporting", "sync")
RESOURCE = {"topic": 2, "group": 3, "cluster": 4}
PATTERN = {"literal": 3, "prefix": 4}
OPERATION = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
ALLOW = 3
QUICK = Tuning(answer_seconds=10, send_seconds=10, request_seconds=5, stop_seconds=2, session_seconds=6)
SECURED = """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port},SSL://127.0.0.1:{tls_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port},SSL://127.0.0.1:{tls_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.crt
ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""
"""Whoever comes by the plain listener is the test itself, as the operator is on a real cluster."""


class Authority:
    """A certificate authority in a folder, as the operator's is in Secrets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
        )
        usage |= {"key_cert_sign": True, "crl_sign": True, "encipher_only": False, "decipher_only": False}
        certificate = (
            self._builder(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        self._write("ca.crt", certificate.sign(self._key, hashes.SHA256()))

    def issue(self, name: str) -> TlsFiles:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._builder(subject, key.public_key()).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        self._write(f"{name}.crt", certificate.sign(self._key, hashes.SHA256()))
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self.folder / f"{name}.key").write_bytes(pem)
        return TlsFiles(self.folder / "ca.crt", self.folder / f"{name}.crt", self.folder / f"{name}.key")

    def _builder(self, subject: x509.Name, key: Any) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )

    def _write(self, name: str, certificate: x509.Certificate) -> None:
        (self.folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@dataclass(frozen=True)
class Secured:
    """A broker with the component's topics and rights."""

    plain: str
    address: str
    users: Mapping[str, TlsFiles]
    authority: Authority
    stranger: TlsFiles


@pytest.fixture(scope="module")
def secured(production: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    reason = KafkaServer.available()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder)
    broker = authority.issue("broker")
    assert broker.key_file is not None
    assert broker.certificate_file is not None
    (folder / "broker.pem").write_bytes(broker.key_file.read_bytes() + broker.certificate_file.read_bytes())
    users = {user["metadata"]["name"]: authority.issue(user["metadata"]["name"]) for user in production.of("KafkaUser")}
    (tls_port,) = free_ports(1)

    def settings(**given: Any) -> str:
        return render_settings(**given) + SECURED.format(**given, tls_port=tls_port, folder=folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devkafka.server, "render_settings", settings)
        with KafkaServer(folder / "kafka") as server:
            asyncio.run(as_the_operator_does(server.bootstrap_servers, production))
            stranger = Authority(tmp_path_factory.mktemp("stranger")).issue("casework-kafka")
            yield Secured(server.bootstrap_servers, f"127.0.0.1:{tls_port}", users, authority, stranger)


async def as_the_operator_does(address: str, production: Any) -> None:
    """Makes topics and rights out of the rendered KafkaTopics and KafkaUsers, on one node."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics(
            [
                NewTopic(
                    topic["spec"]["topicName"],
                    topic["spec"]["partitions"],
                    1,
                    topic_configs={
                        key: str(1 if key == "min.insync.replicas" else value)
                        for key, value in topic["spec"]["config"].items()
                    },
                )
                for topic in production.of("KafkaTopic")
            ]
        )
        for user in production.of("KafkaUser"):
            for rule in user["spec"]["authorization"]["acls"]:
                for operation in rule["operations"]:
                    resource = rule["resource"]
                    answer = await admin._send_request(
                        CreateAclsRequest(
                            RESOURCE[resource["type"]],
                            resource["name"],
                            PATTERN[resource["patternType"]],
                            f"User:CN={user['metadata']['name']}",
                            "*",
                            OPERATION[operation],
                            ALLOW,
                        )
                    )
                    assert [code for code, _ in answer.creation_responses] == [0], answer
    finally:
        await admin.close()


class FromTheBeginning:
    async def load(self, partitions: Any) -> dict[TopicPartition, int]:
        return {}


async def test_each_service_can_do_its_own_work_and_no_others_over_mutual_tls(secured: Secured) -> None:
    """One test, so that one broker serves it, whichever worker runs what."""
    writer = KafkaBus(secured.plain, tuning=QUICK)
    await writer.producer().send([Message(topic.name, b"key", b"value") for topic in TOPICS])
    await writer.stop()
    async with asyncio.TaskGroup() as group:
        for service in SERVICES:
            group.create_task(_works(service, secured))
        group.create_task(_is_refused(secured, TlsFiles(secured.authority.folder / "ca.crt")))
        group.create_task(_is_refused(secured, secured.stranger))


async def _works(service: str, secured: Secured) -> None:
    bus = KafkaBus(secured.address, tls=secured.users[f"{service}-kafka"], tuning=QUICK)
    try:
        await bus.start()
        await bus.ensure_topics(topic_specs(6))
        await _sends_what_it_owns_and_nothing_else(service, bus)
        await asyncio.gather(
            *(
                _reads(bus, group)
                for group in sorted({group for topic in TOPICS for group in topic.groups})
                if group.startswith(f"{service}-")
            )
        )
    finally:
        await bus.stop()


async def _sends_what_it_owns_and_nothing_else(service: str, bus: KafkaBus) -> None:
    producer = bus.producer()
    await producer.send([Message(topic.name, b"key", b"value") for topic in TOPICS if topic.owner == service])
    foreign = next(topic.name for topic in TOPICS if topic.owner != service)
    with pytest.raises(BusUnavailable, match="TopicAuthorizationFailed"):
        await producer.send([Message(foreign, b"key", b"value")])


async def _reads(bus: KafkaBus, group: str) -> None:
    topics = {topic.name for topic in TOPICS if group in topic.groups}
    consumer = bus.consumer(topics=sorted(topics), group=group, positions=FromTheBeginning())
    await consumer.start()
    seen: set[str] = set()
    async with asyncio.timeout(60):
        while seen != topics:
            seen |= {one.topic for one in await consumer.poll(max_messages=100, timeout_seconds=0.5)}
    assert {place.topic for place in await bus.end_offsets(sorted(topics))} == topics
    await consumer.stop()


async def _is_refused(secured: Secured, tls: TlsFiles) -> None:
    with pytest.raises(BusUnavailable):
        await KafkaBus(secured.address, tls=tls, tuning=QUICK).start()
