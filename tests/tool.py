"""Runs tsir commands for the test scripts. If tsir_many was built beside tsir, commands are forked from one process in
which LibTorch has started (tests/many/tsir_many.cpp): a short command takes a fifth of the time. Otherwise, as with an
installed tsir, each is started by itself.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile


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
    """A running tsir_many. It ends with this object, or with this process."""

    def __init__(self, program, environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="tsir_many")
        self.socket = os.path.join(self.folder.name, "socket")
        # Its standard input is closed when this process ends, however it ends.
        self.process = subprocess.Popen([program, self.socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{program} did not start")

    def run(self, words, folder, seconds):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors, \
                open(os.devnull, "rb") as nothing, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            folder_number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                connection.connect(self.socket)
                socket.send_fds(connection, [json.dumps({"words": words}).encode()],
                                [nothing.fileno(), output.fileno(), errors.fileno(), folder_number])
            finally:
                os.close(folder_number)
            connection.settimeout(seconds)
            try:
                answer = connection.recv(1 << 16)
            except TimeoutError:
                # The command is killed when the connection is closed.
                raise subprocess.TimeoutExpired(words, seconds, *map(text_of, (output, errors))) from None
            if not answer:
                raise RuntimeError("tsir_many ended")
            return subprocess.CompletedProcess(words, json.loads(answer)["code"], *map(text_of, (output, errors)))


def text_of(file):
    file.seek(0)
    return file.read().decode(errors="replace")
