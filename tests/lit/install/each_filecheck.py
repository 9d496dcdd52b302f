"""Runs the tests in FOLDER with every FileCheck on this machine: each_filecheck.py TSIR FOLDER

These are all versions of LLVM's, PyPI's beside this Python, and those that TSIR_MORE_FILECHECKS lists. Prints one line
each. The exit code is 1 if a test fails.
"""
import glob
import os
import re
import shutil
import subprocess
import sys


def filechecks():
    found = glob.glob("/usr/lib/llvm-*/bin/FileCheck")
    found.append(shutil.which("filecheck", path=os.path.dirname(sys.executable)))
    found += os.environ.get("TSIR_MORE_FILECHECKS", "").split(":")
    found.append(shutil.which("FileCheck"))
    return sorted({os.path.realpath(path) for path in found if path})


def main():
    tsir, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    path = os.path.dirname(tsir) + os.pathsep + os.environ["PATH"]
    failed = False
    for filecheck in filechecks():
        version = subprocess.run([filecheck, "--version"], capture_output=True, text=True, check=True).stdout
        run = subprocess.run([sys.executable, "-c", "from lit.main import main; main()", "-v", folder], capture_output=True, text=True,
                             env={**os.environ, "PATH": path, "FILECHECK": filecheck})
        passed = re.search(r"Passed *: *(\d+)", run.stdout)
        print(re.search(r"(LLVM|filecheck) version (\S+)", version)[0], "passed:", passed[1] if passed else 0)
        failed = failed or run.returncode != 0
        if run.returncode != 0:
            print(run.stdout, run.stderr)
    return 1 if failed else 0


sys.exit(main())
