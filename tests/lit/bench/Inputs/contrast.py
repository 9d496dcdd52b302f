"""Checks the verdict of the first contrast in a bench's JSON, and that its numbers fit: contrast.py FILE VERDICT"""
import json
import sys

report = json.load(open(sys.argv[1]))["tsir"]
contrast = report["contrasts"][0]
control = report["controls"][0]
assert contrast["verdict"] == sys.argv[2], contrast
assert contrast["low"] <= contrast["ratio"] <= contrast["high"], contrast
assert contrast["low"] > 1 + report["rule"]["band"], contrast
assert contrast["rounds"] == 5 == len(contrast["round_ratios"]), contrast
assert abs(contrast["sign_flip_p"] - 2 / 2**5) < 1e-9, contrast
assert control["verdict"] == "SAME" and control["placement_noise"] >= 0, control
assert report["rule"]["family"] == 1 and not report["machine_unfit"], report["rule"]
