"""What goes wrong with keys and ciphertexts; never with content in it."""

from common.errors import Unavailable


class KeyringRefused(Unavailable):
    """The keyring is missing, broken, or not of the configured suite."""

    code = "crypto.keyring-refused"
    title = "数据加密密钥不可用"


class CiphertextRefused(Unavailable):
    """A stored field cannot be read: unknown key, wrong place, or altered bytes."""

    code = "crypto.ciphertext-refused"
    title = "加密数据无法读取"
