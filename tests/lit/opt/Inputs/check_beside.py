"""Checks that two .pt files have the same extra files: check_beside.py OLD NEW"""
import sys
import zipfile


def extra_files(path):
    with zipfile.ZipFile(path) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist() if "/extra/" in name}


old, new = map(extra_files, sys.argv[1:])
assert old == new and len(old) == 2, (old, new)
