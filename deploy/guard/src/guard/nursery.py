"""Imported by the process from which children are forked, first of all and there alone: it makes it one.

It leaves our session and lets the signals that end a group wait, because children end in order when we say so; what a
child is sent before it is one waits for it. It ends itself when we and all of them are gone.
"""

import os
import signal

from guard.launcher import ENDING

PID = os.getpid()
"""In a child: of the process that it was forked from."""

os.setsid()
signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
