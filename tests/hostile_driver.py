#!/usr/bin/env python3
"""Runs a tsir command on every hostile file, and checks the result against the manifest that make_hostile.py wrote.

    hostile_driver.py TSIR HOSTILE_FOLDER COMMAND [ARGUMENTS...]

Each run must end with an exit code that the manifest allows. If it fails, standard error must have exactly one line
that starts with "tsir: error: ". It must be the last line, and match the manifest. Stack traces and control characters
are not allowed. Prints one line per failure, and exits with 1 if there was any.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys

from tool import Tool

SECONDS = 120  # stops runs that hang; a normal run takes a few seconds
TRACES = re.compile(r"C\+\+ CapturedTraceback|Exception raised from|frame #\d|INTERNAL ASSERT|Traceback")


def failures(case, tsir, words, folder):
    path = os.path.join(folder, case["file"])
    try:
        run = tsir.run([*words, path], seconds=SECONDS)
    except subprocess.TimeoutExpired:
        return [f"still running after {SECONDS} s"]
    out, err = run.stdout, run.stderr
    found = []
    if run.returncode not in case["expect_exit"]:
        found.append(f"exit code {run.returncode} instead of {case['expect_exit']}: {err.strip()[:300]}")
    if run.returncode != 0:
        errors = [line for line in err.splitlines() if line.startswith("tsir: error: ")]
        if len(errors) != 1 or err.splitlines()[-1] != errors[0]:
            found.append(f"{len(errors)} error lines instead of one: {err[:300]!r}")
        elif not re.search(case["expect_words"], errors[0].replace(path, ""), re.IGNORECASE):
            found.append(f"{case['expect_words']!r} not found in {errors[0]!r}")
    if TRACES.search(err) or re.search(r"[\x00-\x08\x0b-\x1f]", out + err):
        found.append(f"a stack trace or control characters: {err[:300]!r}")
    return found


def main():
    tsir, folder, *arguments = sys.argv[1:]
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        cases = json.load(file)
    cases = [case for case in cases if not (case.get("skip_if_root") and os.geteuid() == 0)]
    tsir = Tool(tsir)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda case: failures(case, tsir, arguments, folder), cases))
    wrong = [(case, failure) for case, found in zip(cases, results) for failure in found]
    for case, failure in wrong:
        print(f"{case['file']} ({case['what']}): {failure}")
    print(f"{len(cases)} files, {len(wrong)} failures")
    return 1 if wrong or len(cases) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
