"""Runs tsir with standard output on a full disk and on a closed pipe, and prints how it ended."""

import os
import subprocess
import sys

tsir, model, scratch = sys.argv[1:]


def report(what, code, errors):
    lines = errors.decode().splitlines()
    print(f"{what}: exit {code}" + (f", one line: {lines[0]}" if len(lines) == 1 else f", {lines}" if lines else ""))


with open("/dev/full", "w") as full:
    done = subprocess.run([tsir, "opt", model], stdout=full, stderr=subprocess.PIPE)
report("full disk", done.returncode, done.stderr)

reader, writer = os.pipe()
os.close(reader)
done = subprocess.run([tsir, "opt", model], stdout=writer, stderr=subprocess.PIPE)
report("closed pipe", done.returncode, done.stderr)

done = subprocess.run([tsir, "opt", model, "--json=/dev/full"],
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
report("full disk for -o", done.returncode, done.stderr)

with open(model, "rb") as file:
    done = subprocess.run([tsir, "opt", "-"], stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
report("standard input", done.returncode, done.stderr)
