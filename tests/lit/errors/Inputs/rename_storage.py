"""Makes a module whose data names a storage with terminal escape codes: rename_storage.py GOOD OUT"""

import sys
import zipfile

good, out = sys.argv[1:]
with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w") as new:
    for entry in old.infolist():
        data = old.read(entry)
        if entry.filename.endswith("/data.pkl"):
            start = data.index(b"X\x01\x00\x00\x000")  # the key "0" of the first storage
            data = data[:start] + b"X\x06\x00\x00\x00\x1b[31m0" + data[start + 6 :]
        new.writestr(entry, data)
