"""Sums up the results of the unit tests, of lit and of pytest. Prints "N passed, N failed", and exits with 1 if anything
failed."""

import json
import pathlib
import sys
import xml.etree.ElementTree


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


def pytest_results(path):
    suite = xml.etree.ElementTree.parse(path).getroot().find("testsuite")
    tests, failures, errors, skipped = (int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped"))
    return tests - failures - errors - skipped, failures + errors, skipped


def main():
    folder = pathlib.Path(sys.argv[1])
    shards, *statuses = (int(number) for number in sys.argv[2:5])
    readers = {f"unit-{shard}.json": unit_results for shard in range(shards)} | {"lit.json": lit_results}
    if sys.argv[5] != "none":  # the Python has no pytest
        readers["python.xml"] = pytest_results
        # 5: --filter left no test.
        statuses.append(0 if sys.argv[5] == "5" else int(sys.argv[5]))
    totals = [0, 0, 0]
    for name, read in readers.items():
        path = folder / name
        if not path.exists():  # the runner crashed before it wrote its results
            print(f"{name} was not written: the test runner crashed")
            totals[1] += 1
            continue
        totals = [total + count for total, count in zip(totals, read(path))]
    passed, failed, skipped = totals
    if failed == 0 and any(statuses):
        failed = 1  # the runner reports no failure, but its exit code does
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
