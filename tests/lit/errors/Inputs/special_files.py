"""Gives commands a pipe that nothing writes to or reads: special_files.py TSIR PIPE MODEL"""
import subprocess
import sys

tsir, pipe, model = sys.argv[1:]
spec = ["-i", "float32[4,16]"]
# All commands, and all options that name a file. The word that the error must have.
COMMANDS = [
    *(([command, pipe], "is a pipe, not a file") for command in ("dump", "run", "opt", "bench", "dot", "update-checks")),
    *(([command, pipe, "-p", "cse"], "is a pipe, not a file") for command in ("verify", "bisect")),
    (["reduce", pipe, "-p", "cse", "-o", "small.ir"], "is a pipe, not a file"),
    (["dump", "/dev/zero"], "is a device, not a file"),
    (["diff", pipe, model], "is a pipe, not a file"),
    (["diff", model, pipe], "is a pipe, not a file"),
    (["run", model, "--inputs", pipe], "is a pipe, not a file"),
    (["bench", model, *spec, "--against", pipe], "is a pipe, not a file"),
    (["bench", model, *spec, "--baseline", pipe], "is a pipe, not a file"),
    (["opt", "--run-reproducer", pipe], "is a pipe, not a file"),
    (["opt", model, "--load-library", pipe], "it is a pipe, not a file"),
    (["opt", model, "--load-pass-plugin", pipe], "it is a pipe, not a file"),
    (["dump", model, f"--json={pipe}"], "nothing reads from it"),
    (["dot", model, "-o", pipe], "must end in"),
]

hangs = 0
for command, word in COMMANDS:
    try:
        done = subprocess.run([tsir, *command], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        print("hangs:", *command)
        hangs += 1
        continue
    lines = done.stderr.strip().splitlines()
    assert done.returncode in (2, 3) and len(lines) == 1 and word in lines[0], (command, done.returncode, done.stderr)
print(hangs, "commands hang")
