"""Writes a recipe of another machine: make_recipe.py MODEL.pt RECIPE.json [all-settings | DEVICE]"""
import hashlib
import json
import pathlib
import sys

model, recipe = map(pathlib.Path, sys.argv[1:3])
conditions = {"processor": "a processor of the past"}
settings = {"executor": "as-is", "threads": 1, "interop_threads": 0, "profiled_runs": 0, "onednn_fusion": False,
            "inference_mode": False, "flush_denormal": False}
if sys.argv[3:] == ["all-settings"]:
    settings = {"executor": "profiling", "threads": 1, "interop_threads": 2, "profiled_runs": 2,
                "fusion_strategy": "STATIC:3,DYNAMIC:4", "onednn_fusion": True, "inference_mode": True,
                "flush_denormal": True}
else:
    conditions |= {"device": name for name in sys.argv[3:]}
recipe.write_text(json.dumps({
    "schema": "tsir.recipe/1", "made_by": "tsir", "date": "2026-01-01", "model": model.name,
    "sha1": hashlib.sha1(model.read_bytes()).hexdigest(), "method": "forward", "goal": "latency", "inputs": ["float32[4,16]"],
    "conditions": conditions, "parts": ["python-freeze"], "passes": "python-freeze",
    "settings": settings, "savable": True, "compared": True, "drift": 0, "further_inputs": 100,
    "confirmed": {"ratio": 0.5, "low": 0.4, "high": 0.6, "rounds": 9, "level": 0.95}, "faster": True}))
