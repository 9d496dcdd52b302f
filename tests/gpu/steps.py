"""Runs steps one after the other, each in a process of its own with a limit, so that the whole ends in time."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time


class Steps:
    """`results` is written to `output`/results.json after each step, so that nothing is lost if this program dies. Commands
    run in the folder `scratch`."""

    def __init__(self, output, scratch, limit, environment):
        self.output = pathlib.Path(output)
        self.scratch = pathlib.Path(scratch)
        self.started = time.monotonic()
        self.limit = limit
        self.environment = environment
        self.last_output = ""
        self.results = {"schema": "tsir.gpu/1", "limit_seconds": limit, "steps": []}

    def left(self):
        """Seconds until the whole must have ended; some are kept for the table."""
        return self.limit - 3 - (time.monotonic() - self.started)

    def write(self):
        self.results["seconds"] = round(time.monotonic() - self.started, 1)
        part = self.output / "results.json.part"
        part.write_text(json.dumps(self.results, indent=1) + "\n")
        os.replace(part, self.output / "results.json")

    def run(self, name, words, limit):
        """A step that is a command. Returns what it wrote to standard output; None if it failed or took too long. What
        it wrote until then is in `last_output`."""
        start = time.monotonic()
        self.last_output = ""
        limit = min(limit, self.left())
        if limit < 1:
            self._add(name, "not run", start, "no time is left")
            return None
        try:
            code, self.last_output, errors = self._finished(words, limit)
        except OSError as error:
            self._add(name, "failed", start, one_line(f"{words[0]} cannot be started: {error}"))
            return None
        if code is None:
            self._add(name, "timed out", start, f"it took longer than {limit:.0f} s")
            return None
        line = "" if code == 0 else why(errors) or f"exit code {code}"
        self._add(name, "fine" if code == 0 else "failed", start, line)
        return self.last_output if code == 0 else None

    def _finished(self, words, limit):
        """The exit code, or None after the limit; both outputs."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.environment,
                                       cwd=self.scratch, start_new_session=True)
            try:
                code = process.wait(limit)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                end_group(process)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return code, *texts

    def run_json(self, name, words, limit):
        """The same for a command that prints JSON, also if it fails: then because outputs differ, for example."""
        ran = self.run(name, words, limit) is not None
        try:
            return json.loads(self.last_output)
        except ValueError as error:
            if ran:
                self.results["steps"][-1].update(outcome="failed", line=f"it printed no JSON: {error}")
                self.write()
            return None

    def add(self, name, outcome, line):
        """A row for something that is not a step of its own."""
        self._add(name, outcome, time.monotonic(), line)

    def _add(self, name, outcome, start, line):
        seconds = round(time.monotonic() - start, 1)
        self.results["steps"].append({"name": name, "outcome": outcome, "seconds": seconds, "line": line})
        self.write()
        say(f"{name}: {outcome}, {seconds} s{': ' + line if line else ''}")


def say(text):
    """The results are in a file: whoever reads this may have gone."""
    try:
        print(text, flush=True)
    except OSError:
        pass


def end_group(process):
    """Ends a process with all that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        pass  # a driver may hold it


def why(text):
    """The line that says what went wrong: that of tsir, or else the last one."""
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("tsir: error: ")]
    return one_line((errors or lines or [""])[-1])


def one_line(text):
    return " ".join(text.split())[:300]
