"""Sums up the JSON results of the unit tests and of lit. Prints "N passed, N failed", and exits with 1 if anything
failed."""

import json
import pathlib
import sys


def unit_results(path):
    report = json.loads(path.read_text())
    failed = report["failures"] + report["errors"]
    skipped = sum(case.get("result") == "SKIPPED" for suite in report["testsuites"] for case in suite["testsuite"])
    return report["tests"] - failed - skipped, failed, skipped


def lit_results(path):
    codes = [test["code"] for test in json.loads(path.read_text())["tests"]]
    passed = sum(code in ("PASS", "XFAIL", "FLAKYPASS") for code in codes)
    skipped = sum(code in ("UNSUPPORTED", "SKIPPED", "EXCLUDED") for code in codes)
    return passed, len(codes) - passed - skipped, skipped


def main():
    folder = pathlib.Path(sys.argv[1])
    shards, unit_status, lit_status = map(int, sys.argv[2:])
    totals = [0, 0, 0]
    readers = {f"unit-{shard}.json": unit_results for shard in range(shards)} | {"lit.json": lit_results}
    for name, read in readers.items():
        path = folder / name
        if not path.exists():  # the runner crashed before it wrote its results
            print(f"{name} was not written: the test runner crashed")
            totals[1] += 1
            continue
        totals = [total + count for total, count in zip(totals, read(path))]
    passed, failed, skipped = totals
    if failed == 0 and (unit_status != 0 or lit_status != 0):
        failed = 1  # the runner reports no failure, but its exit code does
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main())
