"""What can go wrong with the development broker, as one family."""


class KafkaError(RuntimeError):
    """The broker cannot do what was asked; the message says why."""


class KafkaNotAvailable(KafkaError):  # noqa: N818 - the fact, as style.md §4 names errors
    """This machine cannot run the broker: no Java 17, no mvn, or the files cannot be had."""


class ServerAlreadyRunning(KafkaError):  # noqa: N818
    """Another supervisor holds this directory."""
