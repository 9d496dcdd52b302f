#!/usr/bin/env python3
"""Run a tsir command on every hostile file, and hold it to the manifest that make_hostile.py wrote.

    hostile_driver.py TSIR HOSTILE_FOLDER COMMAND [ARGUMENTS...]

Each run must end with an exit code that the manifest allows; where it fails, standard error must be one line that
begins with "tsir: error: " and holds what the manifest wants, without stack traces or control characters. Prints one
line a mistake, and exits 1 if there was any.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys

SECONDS = 120  # against hanging; nothing here takes more than a few
TRACES = re.compile(r"C\+\+ CapturedTraceback|Exception raised from|frame #\d|INTERNAL ASSERT|Traceback")


def mistakes(case, command, folder):
    path = os.path.join(folder, case["file"])
    try:
        run = subprocess.run(command + [path], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return [f"still ran after {SECONDS} s"]
    out = run.stdout.decode("utf-8", "replace")
    err = run.stderr.decode("utf-8", "replace")
    found = []
    if run.returncode not in case["expect_exit"]:
        found.append(f"exit {run.returncode} in place of {case['expect_exit']}: {err.strip()[:300]}")
    if run.returncode != 0:
        errors = [line for line in err.splitlines() if line.startswith("tsir: error: ")]
        if len(errors) != 1 or err.splitlines()[-1] != errors[0]:
            found.append(f"{len(errors)} error lines in {err[:300]!r}")
        elif not re.search(case["expect_words"], errors[0].replace(path, ""), re.IGNORECASE):
            found.append(f"no {case['expect_words']!r} in {errors[0]!r}")
    if TRACES.search(err) or re.search(r"[\x00-\x08\x0b-\x1f]", out + err):
        found.append(f"a stack trace or control characters: {err[:300]!r}")
    return found


def main():
    tsir, folder, *arguments = sys.argv[1:]
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        cases = json.load(file)
    cases = [case for case in cases if not (case.get("skip_if_root") and os.geteuid() == 0)]
    command = [tsir, *arguments]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda case: mistakes(case, command, folder), cases))
    wrong = [(case, mistake) for case, found in zip(cases, results) for mistake in found]
    for case, mistake in wrong:
        print(f"{case['file']} ({case['what']}): {mistake}")
    print(f"{len(cases)} files, {len(wrong)} mistakes")
    return 1 if wrong or len(cases) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
