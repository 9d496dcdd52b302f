"""Fails unless two files of outputs agree: same_outputs.py A.pt B.pt TOLERANCE"""
import sys

import torch

one, other = (torch.load(path) for path in sys.argv[1:3])
tolerance = float(sys.argv[3])
assert one.dtype == other.dtype and one.shape == other.shape and one.abs().sum() > 0, (one, other)
assert torch.allclose(one.float(), other.float(), rtol=tolerance, atol=tolerance), (one - other).abs().max()
