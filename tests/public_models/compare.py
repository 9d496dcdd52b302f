"""Compares outputs with what PyTorch computed when the model was made, and prints one line if they differ.

    compare.py EXPECTED.pt OUTPUTS.pt           compares two files
    compare.py EXPECTED.pt MODULE.pt INPUTS.pt  runs the module in PyTorch first
"""
import sys

import torch

TOLERANCE = 1e-4  # of the largest value in a tensor: operators run in another order after folding


def difference(expected, actual, where="output"):
    """Returns what is different first, or None."""
    if isinstance(expected, torch.Tensor) and isinstance(actual, torch.Tensor):
        return difference_of_tensors(expected, actual, where)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(expected) != list(actual):
            return f"{where}: keys {list(actual)}, not {list(expected)}"
        return first(difference(expected[key], actual[key], f"{where}[{key!r}]") for key in expected)
    if isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        if len(expected) != len(actual):
            return f"{where}: {len(actual)} items, not {len(expected)}"
        return first(difference(*pair, f"{where}[{i}]") for i, pair in enumerate(zip(expected, actual)))
    return None if type(expected) is type(actual) and expected == actual else f"{where}: {actual!r}, not {expected!r}"


def difference_of_tensors(expected, actual, where):
    if (expected.dtype, expected.shape) != (actual.dtype, actual.shape):
        return f"{where}: {actual.dtype}{list(actual.shape)}, not {expected.dtype}{list(expected.shape)}"
    if not expected.is_floating_point():
        return None if torch.equal(expected, actual) else f"{where}: other integers"
    expected, actual = expected.double(), actual.double()
    if torch.equal(expected.isfinite(), actual.isfinite()) and not expected.isfinite().all():
        expected, actual = expected.nan_to_num(), actual.nan_to_num()
    off = (expected - actual).abs().max().item() if expected.numel() else 0
    largest = expected.abs().max().item() if expected.numel() else 0
    return None if off <= TOLERANCE * largest else f"{where}: off by {off:.2g}, the largest value is {largest:.2g}"


def first(differences):
    return next((found for found in differences if found), None)


def main():
    expected = torch.load(sys.argv[1])
    if len(sys.argv) == 3:
        actual = torch.load(sys.argv[2])
    else:
        module = torch.jit.load(sys.argv[2])
        torch.manual_seed(0)
        with torch.no_grad():
            actual = module(*torch.load(sys.argv[3]))
    found = difference(expected, actual)
    if found:
        print(found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
