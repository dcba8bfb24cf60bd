"""What is told to whoever asks too often."""

from common.errors import TooMany


class AskedTooOften(TooMany):
    """From one address, or about one number."""

    code = "casework.online.asked-too-often"
    title = "操作过于频繁，请稍后再试"
