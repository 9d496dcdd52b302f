"""Runs a command with a terminal as its standard error. When the progress bar says that it measures, sends Ctrl-C to
the whole process group, as a terminal does. Fails unless the exit code is 130."""
import os
import pty
import re
import signal
import subprocess
import sys

terminal, stderr = pty.openpty()
process = subprocess.Popen(sys.argv[1:], start_new_session=True, stderr=stderr)
os.close(stderr)


def give_up(*_):
    os.killpg(process.pid, signal.SIGKILL)
    sys.exit(f"never saw a second block; the bar: {shown[-300:]!r}")


signal.signal(signal.SIGALRM, give_up)
signal.alarm(200)  # else nothing would end a test that waits in vain
shown = b""
while not re.search(rb", block ([2-9]|\d\d+)/", shown):  # the bar does not show every block
    shown += os.read(terminal, 4096)  # raises when the command is gone
os.killpg(process.pid, signal.SIGINT)
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass  # the command has closed its end
code = process.wait()
if code != 130:
    sys.exit(f"exit code {code}, not 130")
