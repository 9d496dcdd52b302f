"""Whether two models compute the same: for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tsir._api import bench
from tsir._call import Option
from tsir._inputs import Inputs, Model

# Outputs are compared before anything is timed; of the rest, as little as possible.
_SHORTEST = {"rounds": 1, "blocks": 1, "max_time": 0.01, "warmup_max": 0.001, "no_control": True}


def assert_equivalent(
    a: Model,
    b: Model,
    inputs: Inputs = None,
    *,
    method: str | None = None,
    tolerance: str | Sequence[str] | None = None,
    sets: int = 1,
    **options: Option,
) -> None:
    """Raises AssertionError unless `b` gives the outputs of `a` within the tolerance, which depends on the dtype unless
    it is given, such as "1e-5" or ["float16=1e-2,1e-3"].

    `sets`: number of input sets, each with its own seed; of use if the inputs are random. Raises tsir.Error if `a`
    cannot be run.
    """
    first = options.pop("seed", None)
    seeds = range(sets) if first is None else range(int(str(first)), int(str(first)) + sets)
    for seed in seeds:
        more: dict[str, Any] = {**_SHORTEST, "tolerance": tolerance, **options, "seed": seed}
        result = bench(b, inputs=inputs, against=a, method=method, **more)
        for variant in result.variants[1:]:
            if variant.state not in ("good", "identical"):
                where = "" if len(seeds) == 1 else f" (seed {seed})"
                raise AssertionError(f"the second model does not do what the first does{where}: {variant.detail}")
