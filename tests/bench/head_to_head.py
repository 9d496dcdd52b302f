#!/usr/bin/env python3
"""Asks tsir bench and other tools the same question: are these two workloads equally fast?

usage: tests/bench/head_to_head.py [--build DIR] [--runs N] [--load] [--per-mille 0,20,30] [--seconds S] [--tools tsir,google,…]

Each tool times tests/bench/work.ir against itself with work added (--per-mille: in thousandths), N times, each time in
new processes. Each tool decides by its own rule whether the two differ:

  tsir       FASTER or SLOWER (not SAME, SMALL or INCONCLUSIVE)
  google     google/benchmark, 20 repetitions with random interleaving; compare.py's U test at 0.05
  nanobench  compare(): its interval excludes 1
  torch      torch.utils.benchmark: blocked_autorange one after the other; the medians differ in their significant
             figures

--load runs three processes that work in bursts at the same time, as in verdicts.py. google needs Debian's
libbenchmark-dev and libbenchmark-tools. nanobench needs its header: cmake -DTSIR_NANOBENCH=FOLDER. Tools that are
missing are skipped with a message.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from verdicts import ROOT, under_load

WORK = ROOT / "tests" / "bench" / "work.ir"


def output(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def tsir(arguments, per_mille, seed, folder):
    report = folder / "report.json"
    output([arguments.build / "bin" / "tsir", "bench", WORK, "--load-pass-plugin",
            arguments.build / "lib" / "libtsir_bad_passes.so", "-p", f"more-work{{per-mille={per_mille}}}", "--force",
            "-i", "float32[96,96]", "-i", "float32[96,96]", "--threads", "1", "--seed", seed, "--max-time",
            arguments.seconds, f"--json={report}"])
    contrast = json.loads(report.read_text())["tsir"]["contrasts"][0]
    return contrast["ratio"], contrast["verdict"] in ("FASTER", "SLOWER")


def google(arguments, per_mille, seed, folder):
    report, compared = folder / "google.json", folder / "compared.json"
    output([arguments.build / "bin" / "google", WORK, per_mille, "--benchmark_repetitions=20",
            "--benchmark_enable_random_interleaving=true", f"--benchmark_min_time={arguments.seconds / 80}",
            f"--benchmark_out={report}", "--benchmark_out_format=json"])
    output([sys.executable, arguments.compare, "--no-color", "-d", compared, "filters", report, "one", "other"])
    row = next(row for row in json.loads(compared.read_text()) if row["run_type"] == "iteration")
    medians = [row["measurements"][0][key] for key in ("real_time", "real_time_other")]
    rows = json.loads(report.read_text())["benchmarks"]
    medians = [next(r["real_time"] for r in rows if r["name"].startswith(name + "/") and r.get("aggregate_name") == "median")
               for name in ("one", "other")]
    return medians[1] / medians[0], row["utest"]["time_pvalue"] < 0.05


def nanobench(arguments, per_mille, seed, folder):
    ratio, _, _, significant = output([arguments.build / "bin" / "nanobench", WORK, per_mille, 200]).split()
    return float(ratio), significant == "1"


def torch(arguments, per_mille, seed, folder):
    script = ROOT / "tests" / "bench" / "head_to_head" / "torch_benchmark.py"
    ratio, different = output([arguments.python, script, WORK, per_mille, arguments.seconds / 4]).split()
    return float(ratio), different == "1"


TOOLS = {"tsir": tsir, "google": google, "nanobench": nanobench, "torch": torch}


def missing(name, arguments):
    """Returns what the tool needs and is missing, or None."""
    if name in ("google", "nanobench") and not (arguments.build / "bin" / name).exists():
        return f"{arguments.build / 'bin' / name} is not built (tools/build release head_to_head)"
    if name == "google" and not arguments.compare.exists():
        return f"no {arguments.compare} (Debian: libbenchmark-tools)"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv" / "bin" / "python", help="a Python with torch")
    parser.add_argument("--compare", type=pathlib.Path, default=pathlib.Path("/usr/share/benchmark/compare.py"))
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--per-mille", default="0,20,30")
    parser.add_argument("--seconds", type=float, default=8, help="approximate time limit of a run")
    parser.add_argument("--tools", default=",".join(TOOLS))
    arguments = parser.parse_args()
    tools = {name: TOOLS[name] for name in arguments.tools.split(",")}
    for name in list(tools):
        if lack := missing(name, arguments):
            print(f"{name}: skipped: {lack}", file=sys.stderr)
            del tools[name]
    with tempfile.TemporaryDirectory() as folder, under_load(arguments.load):
        for per_mille in map(int, arguments.per_mille.split(",")):
            answers = {name: [] for name in tools}
            for seed in range(arguments.runs):  # alternate, so that a change of the machine's speed affects all tools
                for name, ask in tools.items():
                    start = time.monotonic()
                    ratio, different = ask(arguments, per_mille, seed, pathlib.Path(folder))
                    answers[name].append((100 * (ratio - 1), different, time.monotonic() - start))
            for name, rows in answers.items():
                estimates, verdicts, seconds = zip(*rows)
                spread = statistics.stdev(estimates) if len(estimates) > 1 else 0
                print(f"+{per_mille / 10:g} %{' loaded' if arguments.load else ''} {name}: different in {sum(verdicts)} of "
                      f"{len(rows)}; estimate {statistics.median(estimates):+.2f} % (sd {spread:.2f}); "
                      f"{statistics.median(seconds):.1f} s per run", flush=True)


if __name__ == "__main__":
    main()
