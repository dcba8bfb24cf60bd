"""A process that must not start says why, in the operator's words, and never shows a secret."""

import pytest

from common.settings import DEV_ISSUER, DatabaseSettings, ServiceSettings, SettingsError

GOOD = {
    "DATABASE_URL": "postgresql://casework:hush-hush@db/casework",
    "BUS": "kafka",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
    "OIDC_ISSUER": "https://login.example",
    "OIDC_JWKS_URL": "https://login.example/jwks",
    "CRYPTO_KEYS_FILE": "/run/keys.json",
    "KAFKA_CA_FILE": "/run/ca.crt",
    "ENVIRONMENT": "production",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def loader(**changes: str | None) -> ServiceSettings:
        for name, value in {**GOOD, **changes}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return ServiceSettings.load()

    return loader


def test_reads_the_environment_without_a_prefix(load) -> None:
    settings = load(CORS_ORIGINS="https://a.example, http://localhost:3000", LOG_LEVEL="warning", METRICS_PORT="9100")
    assert settings.is_production
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert (settings.log_level, settings.metrics_port, settings.oidc_audience) == ("WARNING", 9100, "jiceng")


def test_never_shows_the_password_of_the_database(load) -> None:
    settings = load(BUS_DATABASE_URL="postgresql://bus:hush-hush@db/bus")
    assert "hush-hush" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hush-hush" in settings.database_url.get_secret_value()


@pytest.mark.parametrize("issuer", [DEV_ISSUER, DEV_ISSUER + "/", DEV_ISSUER.upper(), None])
def test_production_refuses_the_development_issuer(load, issuer: str | None) -> None:
    with pytest.raises(SettingsError, match="refuses the development issuer"):
        load(OIDC_ISSUER=issuer)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"BUS": "embedded", "BUS_DATABASE_URL": "postgresql:///bus"}, "refuses BUS=embedded"),
        ({"CRYPTO_KEYS_FILE": None}, "needs CRYPTO_KEYS_FILE"),
        ({"CORS_ORIGINS": "*"}, "refuses CORS_ORIGINS"),
        ({"KAFKA_CA_FILE": None}, "refuses Kafka without TLS"),
    ],
)
def test_production_refuses_what_is_for_one_machine(load, changes: dict[str, str | None], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        load(**changes)
    assert load(ENVIRONMENT="development", **changes) is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL: Field required"),
        ({"DATABASE_URL": "mysql://root:hush-hush@db"}, "DATABASE_URL: must be a postgresql"),
        ({"KAFKA_BOOTSTRAP_SERVERS": None}, "needs KAFKA_BOOTSTRAP_SERVERS"),
        ({"KAFKA_CA_FILE": "/ca", "KAFKA_KEY_FILE": "/key"}, "come together"),
        ({"KAFKA_CA_FILE": None, "KAFKA_CERTIFICATE_FILE": "/crt", "KAFKA_KEY_FILE": "/key"}, "needs KAFKA_CA_FILE"),
        ({"OIDC_JWKS_FILE": "/keys"}, "exactly one of OIDC_JWKS_URL"),
        ({"OIDC_JWKS_URL": None}, "exactly one of OIDC_JWKS_URL"),
        ({"HTTP_PORT": "hush-hush"}, "HTTP_PORT: Input should be a valid integer"),
        ({"CORS_ORIGINS": "portal.example/hush-hush"}, "CORS_ORIGINS: must be a comma-separated list"),
        ({"LOG_LEVEL": "CHATTY"}, "LOG_LEVEL: "),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT: "),
    ],
)
def test_names_the_variable_and_not_its_value(load, changes: dict[str, str | None], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as refusal:
        load(**changes)
    assert "hush-hush" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_embedded_bus_needs_its_database(load) -> None:
    with pytest.raises(SettingsError, match="BUS=embedded needs BUS_DATABASE_URL"):
        load(ENVIRONMENT="development", BUS="embedded")


def test_one_group_can_be_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///only")
    assert DatabaseSettings.load().database_pool_size == 8
    monkeypatch.setenv("DATABASE_URL", "sqlite:///only")
    with pytest.raises(SettingsError):
        DatabaseSettings.load()


def test_documents_can_be_printed_without_any_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    assert ServiceSettings.offline(http_max_body_bytes=2048).http_max_body_bytes == 2048
