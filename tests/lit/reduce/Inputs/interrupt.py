"""Runs a command, sends Ctrl-C when a file exists, and prints how it ended: interrupt.py FILE COMMAND…"""

import os
import signal
import subprocess
import sys
import time

path, command = sys.argv[1], sys.argv[2:]
process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
deadline = time.time() + 120
while not os.path.exists(path) and process.poll() is None and time.time() < deadline:
    time.sleep(0.1)
os.killpg(process.pid, signal.SIGINT)  # as a terminal does
print(process.communicate()[0], end="")
print(f"exit code {process.returncode}")
