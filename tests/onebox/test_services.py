"""The four services as processes of one machine."""

import subprocess
import sys

from onebox.services import SHARED

PROBE = """
import importlib, os, sys, threading
before = set(os.listdir("/proc/self/fd")) if sys.platform == "linux" else set()
for name in sys.argv[1:]:
    importlib.import_module(name)
after = set(os.listdir("/proc/self/fd")) if sys.platform == "linux" else set()
print(threading.active_count(), len(after) - len(before), "fastapi" in sys.modules, "sqlalchemy.orm" in sys.modules)
"""


def test_what_services_share_can_be_imported_before_a_fork():
    """ADR 0020: it is there, and it starts no thread and opens nothing; the fork server would pass over what is not."""
    done = subprocess.run([sys.executable, "-c", PROBE, *SHARED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0", "True", "True"]
