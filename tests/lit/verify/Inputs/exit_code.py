"""Runs a command and fails unless it exits with the given code: exit_code.py CODE COMMAND…"""
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit(f"exit {code} instead of {sys.argv[1]}")
