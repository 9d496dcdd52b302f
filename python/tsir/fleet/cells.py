"""What is to be run: cells, and their keys."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACTIONS = ("verify", "bench", "tune", "dump")
TIMED = frozenset({"bench", "tune"})
WITH_PASSES = frozenset({"verify", "bench"})
EACH = "each"  # as a pipeline: each pass on its own
_BLOCK = 1 << 20


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _digest_of(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Model:
    """A model file. Where it is and what it is called do not belong to its identity."""

    path: str
    name: str
    sha256: str
    size: int

    @classmethod
    def of_file(cls, path: Path) -> Model:
        return cls(str(path.absolute()), path.name, file_digest(path), path.stat().st_size)


@dataclass(frozen=True)
class Question:
    """A model and what to do with it."""

    model: Model
    action: str
    passes: str
    inputs: tuple[str, ...]
    arguments: tuple[str, ...]
    files: tuple[str, ...] = ()
    """The digests of the files that `arguments` name."""

    @property
    def timed(self) -> bool:
        return self.action in TIMED

    def digest(self) -> str:
        return _digest_of(self._content())

    def command(self, model: str) -> list[str]:
        """The arguments of tsir that answer it, for the model at that path. JSON goes to standard output."""
        words = [self.action, model, "--json"]
        if self.passes == EACH:
            words.append("--each")
        elif self.passes:
            words += ["--passes", self.passes]
        for text in self.inputs:
            words += ["--input", text]
        return [*words, *self.arguments]

    def _content(self) -> list[Any]:
        return [self.model.sha256, self.action, self.passes, self.inputs, self.arguments, self.files]


@dataclass(frozen=True)
class Versions:
    tsir: str
    libtorch: str

    def __str__(self) -> str:
        return f"tsir {self.tsir} (LibTorch {self.libtorch})"


@dataclass(frozen=True)
class Cell:
    """A question, and what is to answer it."""

    question: Question
    versions: Versions
    machine: str = ""
    """The kind of machine, if it matters: see Machine.kind."""

    @property
    def key(self) -> str:
        """The same for the same bytes, pipeline, inputs, settings, versions and kind of machine."""
        question = self.question
        return _digest_of([question.digest(), self.versions.tsir, self.versions.libtorch, self.machine])

    def __str__(self) -> str:
        question = self.question
        return f"{question.model.name} {question.action}{' ' + question.passes if question.passes else ''}"


def questions(
    models: Sequence[Model],
    actions: Sequence[str],
    pipelines: Sequence[str],
    inputs_of: Mapping[str, Sequence[str]],
    arguments_of: Mapping[str, Sequence[str]],
) -> list[Question]:
    """All questions, without duplicates: `inputs_of` by the path of a model, `arguments_of` by action."""
    found: dict[str, Question] = {}
    for model, action in itertools.product(models, actions):
        arguments = tuple(arguments_of.get(action, ()))
        files = tuple(file_digests(arguments))
        for passes in pipelines if action in WITH_PASSES else [""]:
            question = Question(model, action, passes, tuple(inputs_of.get(model.path, ())), arguments, files)
            found.setdefault(question.digest(), question)
    return list(found.values())


def file_digests(arguments: Iterable[str]) -> list[str]:
    """The digests of the files among the arguments, such as those of --inputs FILE and --against=FILE."""
    digests = []
    for word in arguments:
        path = Path(word.partition("=")[2] if word.startswith("--") and "=" in word else word)
        try:
            if path.is_file():
                digests.append(file_digest(path))
        except OSError:
            pass  # not a name of a file, such as a long text
    return digests


def shard_of(all_questions: Sequence[Question], number: int, count: int) -> list[Question]:
    """The part `number` (from 1) of `count`. Each thing to do is shared out on its own, because some take far longer.

    It does not depend on the order of the questions, on the machine, or on versions.
    """
    part: list[Question] = []
    for action in ACTIONS:
        ordered = sorted((q for q in all_questions if q.action == action), key=Question.digest)
        part += ordered[number - 1 :: count]
    chosen = {question.digest() for question in part}
    return [question for question in all_questions if question.digest() in chosen]
