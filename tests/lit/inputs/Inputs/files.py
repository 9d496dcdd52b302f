"""Writes files of inputs: files.py PREFIX makes PREFIX.tuple.pt and the like."""
import sys

import torch

prefix = sys.argv[1]
ones = torch.ones(2, 3)
torch.save((torch.ones(4, 8), 2, None), prefix + ".tuple.pt")
torch.save([torch.ones(4, 8), 2], prefix + ".list.pt")
torch.save({"n": 2, "x": torch.ones(4, 8)}, prefix + ".dict.pt")
torch.save(([ones], {"a": ones}, None, (1, ones), True, 0.5, "sum"), prefix + ".all.pt")
torch.save(torch.ones(4, 16), prefix + ".one.pt")
torch.save((torch.ones(4, 16),), prefix + ".old.pt", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(3, 3), prefix + ".module.pt")
