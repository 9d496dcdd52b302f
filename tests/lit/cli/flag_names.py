"""flag_names.py SOURCE TSIR: compares the table of flags that messages name with the settings and with the help."""

import re
import subprocess
import sys

source, tsir = sys.argv[1:]


def text(path):
    with open(f"{source}/{path}", encoding="utf-8") as file:
        return file.read()


def help_of(*words):
    return subprocess.run([tsir, *words, "--help"], check=True, capture_output=True, text=True).stdout


def flags_in(help_text):
    """The flags that a help text describes, not those that it only mentions."""
    heads = re.findall(r"^  (-[\w-]+(?:,-[\w-]+)*)", help_text, re.MULTILINE)
    return {flag for head in heads for flag in head.split(",")}


members = re.search(r"enum class Setting \{(.*?)\};", text("lib/base/setting.h"), re.DOTALL).group(1)
settings = re.findall(r"^ *(\w+),", members, re.MULTILINE)
spellings = re.findall(r'\{Setting::(\w+), "([^"]*)"\}', text("tools/tsir/flag_names.cpp"))
assert len(settings) > 20 and len(spellings) > 20, "the tables were not found"

subcommands = re.findall(r"^  ([a-z][a-z-]*) ", help_of().split("Subcommands:")[1], re.MULTILINE)
known = set().union(*(flags_in(help_of(subcommand)) for subcommand in subcommands))
faults = [f"{flag}, for Setting::{setting}, is not a flag" for setting, flag in spellings if flag not in known]
named = [setting for setting, _ in spellings]
faults += [f"Setting::{setting} has no flag in the table" for setting in settings if setting not in named]
faults += [f"Setting::{setting} is twice in the table" for setting in set(named) if named.count(setting) > 1]
print("\n".join(faults))
sys.exit(len(faults) > 0)
