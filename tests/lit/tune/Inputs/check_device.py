"""check_device.py TUNE.json DEVICE: every candidate of a search was tried on the device."""
import json
import sys

tune = json.load(open(sys.argv[1]))
assert tune["conditions"]["device"] == sys.argv[2], tune["conditions"]
assert not any({"packed-linear", "onednn-fusion"} & set(candidate["parts"]) for candidate in tune["candidates"])
frozen = [candidate for candidate in tune["candidates"] if candidate["parts"] == ["python-freeze"]]
assert frozen and frozen[0]["state"] == "GOOD" and frozen[0]["compared"], frozen
assert any("packed-linear" in note for note in tune["notes"]), tune["notes"]
