"""Runs a command whose standard error is a terminal, and prints what is drawn there: a line for each carriage return,
with "<clear>" for what clears the rest of a line. Fails where a line has more than 80 columns: on_terminal.py COMMAND…"""

import os
import re
import subprocess
import sys

reader, terminal = os.openpty()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=terminal)
os.close(terminal)
drawn = b""
while True:
    try:
        part = os.read(reader, 65536)
    except OSError:  # how Linux tells that the other end is closed
        break
    if not part:
        break
    drawn += part
process.wait()

text = drawn.decode().replace("\x1b[K", "<clear>")
for line in re.sub("\x1b\\[[0-9;]*m", "", text).replace("\r", "\n").splitlines():
    print(line)
    if len(line.replace("<clear>", "")) > 80:
        sys.exit(f"more than 80 columns: {line}")
