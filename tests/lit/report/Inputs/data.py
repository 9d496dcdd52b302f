"""Prints what the data of a report page says, one line for each pass and box."""

import json
import re
import sys

page = open(sys.argv[1], encoding="utf-8").read()
data = json.loads(re.search(r'<script type="application/json" id="tsir-data">(.*?)</script>', page, re.S).group(1))
print("schema", data["schema"])
for entry in data["passes_run"]:
    words = [entry["name"], "changed" if entry.get("changed") else "unchanged", entry.get("verdict", "")]
    words += ["speed"] if entry.get("speed") else []
    words += ["before", entry["before"], "after", entry["after"], "partners"] if entry.get("partners") else []
    words += [entry["failure"]] if "failure" in entry else []
    print(*(word for word in words if word != ""))
for picture in data.get("pictures", []):
    for box in picture["boxes"]:
        print("box", box.get("title", ""), box.get("op", ""), box.get("module", ""), *box.get("types", []),
              *(" ".join(cost) for cost in box.get("cost", [])))
