"""Starts a command in a terminal's way, in a process group of its own, and interrupts the group when two of its
descendants hang in a pass. Fails unless all of them end."""
import os
import pathlib
import signal
import subprocess
import sys
import time


def parents():
    """The parent of each process."""
    found = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if fields[0] != "Z":
            found[int(stat.parent.name)] = int(fields[1])
    return found


def descendants(root):
    parent_of = parents()
    found = {root}
    while True:
        more = {pid for pid, parent in parent_of.items() if parent in found} - found
        if not more:
            return found - {root}
        found |= more


def wait_for(condition, what):
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited for {what}")
        time.sleep(0.05)


def main():
    # A job in the background ignores the signal, and so would what it starts.
    process = subprocess.Popen(sys.argv[1:], start_new_session=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    # The worker, the process that holds the start, and two children.
    wait_for(lambda: len(descendants(process.pid)) >= 4, "two passes at once")
    children = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    code = process.wait(timeout=60)
    wait_for(lambda: not children & set(parents()), "the end of all processes")
    if code != 128 + signal.SIGINT:
        sys.exit(f"exit code {code}")


main()
