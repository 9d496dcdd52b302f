"""usage: client.py BIN MODELS: compares tsir_client with tsir. TSIR_MANY is that of the lit run."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

PROGRAMS = [os.path.join(sys.argv[1], name) for name in ("tsir", "tsir_client")]
MODELS = pathlib.Path(sys.argv[2]).resolve()
GRAPH = "graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)\n"


def of_both(*words, **options):
    return [subprocess.run([program, *words], capture_output=True, text=True, **options) for program in PROGRAMS]


def started():
    """A command that runs for long, and the processes that have its words."""
    folder = tempfile.TemporaryDirectory()
    client = subprocess.Popen([PROGRAMS[1], "serve"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder.name)
    deadline = time.monotonic() + 60
    while not in_folder(folder.name):
        if time.monotonic() > deadline:
            sys.exit("the command did not start")
        time.sleep(0.02)
    return client, folder


def in_folder(folder):
    """Processes of tsir_many whose current folder is `folder`."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") == os.path.realpath(folder) and "many" in (process / "comm").read_text():
                found.append(process)
        except OSError:
            pass  # it has ended
    return found


def ends(folder):
    deadline = time.monotonic() + 60
    while in_folder(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def main():
    plain, stand_in = of_both("dump", "tiny.pt", cwd=MODELS)
    print("same output:", plain.stdout == stand_in.stdout != "")
    print("wrong usage:", *(result.returncode for result in of_both("dump")))
    print("standard input:", *(result.returncode for result in of_both("opt", "-", "-p", "cse", input=GRAPH)))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "g.ir").write_text(GRAPH)
        print("in another folder:", *(result.returncode for result in of_both("dump", "g.ir", cwd=folder)))
    run = [PROGRAMS[1], "run", "tiny.pt", "--input", "float32[4,16]"]
    result = subprocess.run(run, capture_output=True, text=True, cwd=MODELS, env=os.environ | {"OMP_NUM_THREADS": "2"})
    print("with another environment:", *re.findall(r"threads \d+", result.stdout))
    result = subprocess.run(run, capture_output=True, cwd=MODELS, env=os.environ | {"TSIR_MANY": "/nowhere"})
    print("without tsir_many:", result.returncode)
    client, folder = started()
    client.send_signal(signal.SIGTERM)
    print("after SIGTERM:", client.wait() if ends(folder.name) else "still there")
    client, folder = started()
    client.kill()
    client.wait()
    print("killed with its client:", ends(folder.name))


if __name__ == "__main__":
    main()
