"""Runs tsir commands for the test scripts. If tsir_many was built beside tsir, commands are forked from one process in
which LibTorch has started (tests/many/tsir_many.cpp): a short command takes a fifth of the time. Otherwise, as with an
installed tsir, each is started by itself.
"""
import itertools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading


class Tool:
    """A tsir whose commands may be run from several threads."""

    def __init__(self, program):
        found = program if os.sep in program else shutil.which(program) or program
        self.program = os.path.abspath(found)
        many = pathlib.Path(self.program).resolve().with_name("tsir_many")
        self.many = Many(many) if many.exists() else None

    def run(self, words, folder=None, seconds=600):
        """Runs `tsir WORDS` in a folder, without standard input. Returns a CompletedProcess with the output as text.
        Throws subprocess.TimeoutExpired."""
        words = [self.program, *map(str, words)]
        if self.many:
            return self.many.run(words, folder or os.getcwd(), seconds)
        return subprocess.run(words, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                              timeout=seconds, cwd=folder)


class Many:
    """A running tsir_many."""

    def __init__(self, program):
        self.files = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lock = threading.Lock()
        self.ids = itertools.count()
        self.waiting = {}  # by id: where to put the exit code
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.lock:
                ended = self.waiting.pop(answer["id"])
            ended.code = answer["code"]
            ended.event.set()
        with self.lock:
            for ended in self.waiting.values():
                ended.event.set()

    def run(self, words, folder, seconds):
        ended = Ended()
        with self.lock:
            number = next(self.ids)
            self.waiting[number] = ended
        output, errors = (pathlib.Path(self.files.name, f"{number}.{name}") for name in ("out", "err"))
        command = {"id": number, "words": words, "folder": str(folder), "output": str(output), "errors": str(errors),
                   "seconds": int(seconds)}
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
        ended.event.wait()
        if ended.code is None:
            raise RuntimeError("tsir_many ended")
        texts = [path.read_text(errors="replace") for path in (output, errors)]
        output.unlink()
        errors.unlink()
        if ended.code == -signal.SIGALRM:
            raise subprocess.TimeoutExpired(words, seconds, *texts)
        return subprocess.CompletedProcess(words, ended.code, *texts)


class Ended:
    def __init__(self):
        self.event = threading.Event()
        self.code = None  # stays so if tsir_many ends first
