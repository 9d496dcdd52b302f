#!/usr/bin/env python3
"""Replacements for LLVM's small test tools, for machines without LLVM.

usage: test_tools.py not COMMAND…         succeeds if the command fails, but not if a signal ended it
       test_tools.py split-file FILE DIR  writes the parts of FILE, each after a line `#--- NAME`, as files to DIR
       test_tools.py count N              succeeds if standard input has N lines
"""
import pathlib
import re
import subprocess
import sys


def not_(*command):
    code = subprocess.run(command, check=False).returncode
    return 0 if 0 < code < 128 else 1


def split_file(file, folder):
    parts = {}
    lines = None
    for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines(keepends=True):
        marker = re.match(r"(?:.|//)--- (\S.*?)\s*$", line)
        if marker:
            if marker[1] in parts:
                sys.exit(f"split-file: {file}: there are two parts named {marker[1]}")
            lines = parts.setdefault(marker[1], [])
        elif lines is not None:
            lines.append(line)
    if not parts:
        sys.exit(f"split-file: {file}: there is no line `#--- NAME`")
    for name, content in parts.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(content), encoding="utf-8")
    return 0


def count(number):
    found = sum(1 for _ in sys.stdin)
    if found != int(number):
        sys.exit(f"count: expected {number} lines, got {found}")
    return 0


TOOLS = {"not": not_, "split-file": split_file, "count": count}

if len(sys.argv) < 3 or sys.argv[1] not in TOOLS:
    sys.exit(__doc__)
try:
    sys.exit(TOOLS[sys.argv[1]](*sys.argv[2:]))
except (OSError, TypeError, ValueError) as error:
    sys.exit(f"{sys.argv[1]}: {error}")
