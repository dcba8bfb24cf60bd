"""What can go wrong with the development broker, as one family."""


class KafkaError(RuntimeError):
    """The broker cannot do what was asked; the message says why."""


class KafkaNotAvailable(KafkaError):
    """This machine cannot run the broker: no Java 17, no mvn, or the files cannot be had."""


class ServerAlreadyRunning(KafkaError):
    """Another supervisor holds this directory."""
