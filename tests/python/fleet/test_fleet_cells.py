"""Keys, duplicates and shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tsir.fleet.cells import Cell, Model, Question, Versions, questions, shard_of


def test_the_key_is_of_the_bytes_not_of_the_name(tmp_path: Path, make_cell: Callable[..., Cell]) -> None:
    cell = make_cell()
    elsewhere = tmp_path / "other.pt"
    elsewhere.write_bytes(b"not really a model")
    same = replace(cell, question=replace(cell.question, model=Model.of_file(elsewhere)))
    assert same.key == cell.key
    elsewhere.write_bytes(b"not really a mode1")
    other = replace(cell, question=replace(cell.question, model=Model.of_file(elsewhere)))
    assert other.key != cell.key


def test_all_else_that_matters_is_in_the_key(make_cell: Callable[..., Cell]) -> None:
    cell = make_cell()
    question = cell.question
    others = [
        replace(cell, question=replace(question, action="bench")),
        replace(cell, question=replace(question, passes="freeze,cse")),
        replace(cell, question=replace(question, inputs=("float32[3]",))),
        replace(cell, question=replace(question, inputs=(), arguments=question.inputs)),
        replace(cell, question=replace(question, arguments=("--threads", "2"))),
        replace(cell, question=replace(question, files=("ab",))),
        replace(cell, versions=Versions("1.2.4", "2.13.0")),
        replace(cell, versions=Versions("1.2.3", "2.14.0")),
        replace(cell, machine="another machine"),
    ]
    assert len({cell.key, *(other.key for other in others)}) == len(others) + 1


def test_files_that_arguments_name_are_in_the_key(tmp_path: Path, model: Model) -> None:
    other = tmp_path / "old.pt"

    def digest(word: str) -> str:
        return questions([model], ["bench"], ["freeze"], {}, {"bench": [word]})[0].digest()

    for word in (str(other), f"--against={other}"):
        other.write_bytes(b"one")
        one = digest(word)
        other.write_bytes(b"two")
        assert digest(word) != one


def test_two_files_with_the_same_bytes_are_one_cell(tmp_path: Path, model: Model) -> None:
    copy = tmp_path / "copy.pt"
    copy.write_bytes(Path(model.path).read_bytes())
    found = questions([model, Model.of_file(copy)], ["verify", "dump"], ["freeze", "cse"], {}, {})
    assert [(q.model.name, q.action, q.passes) for q in found] == [
        ("model.pt", "verify", "freeze"),
        ("model.pt", "verify", "cse"),
        ("model.pt", "dump", ""),
    ]


def test_the_command(make_cell: Callable[..., Cell]) -> None:
    question = replace(make_cell().question, arguments=("--threads", "2"))
    assert question.command("/m.pt") == [
        *("verify", "/m.pt", "--json", "--passes", "freeze", "--input", "float32[2]", "--threads", "2")
    ]
    assert replace(question, passes="each").command("m")[3:5] == ["--each", "--input"]


@pytest.fixture
def many(tmp_path: Path) -> list[Question]:
    models = []
    for number in range(12):
        path = tmp_path / f"{number}.pt"
        path.write_bytes(str(number).encode())
        models.append(Model.of_file(path))
    return questions(models, ["verify", "bench"], ["a", "b"], {}, {})


@pytest.mark.parametrize("count", [1, 2, 3, 5, 16])
def test_shards_are_a_partition_and_share_each_action_evenly(many: list[Question], count: int) -> None:
    shards = [shard_of(many, number, count) for number in range(1, count + 1)]
    assert Counter(q.digest() for shard in shards for q in shard) == Counter(q.digest() for q in many)
    for action in ("verify", "bench"):
        sizes = [sum(q.action == action for q in shard) for shard in shards]
        assert max(sizes) - min(sizes) <= 1


def test_shards_do_not_depend_on_the_order_of_the_models(many: list[Question]) -> None:
    def digests(part: list[Question]) -> set[str]:
        return {question.digest() for question in part}

    assert digests(shard_of(many, 2, 5)) == digests(shard_of(many[::-1], 2, 5))
