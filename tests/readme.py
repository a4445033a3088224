#!/usr/bin/env python3
"""readme.py [--write] SLALOM: README's tables are what slalom lists. Without --write, a test: one case a table."""
import json
import pathlib
import subprocess
import sys

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


def listed(slalom, subject):
    text = subprocess.run([slalom, "list", subject, "--json"], check=True, capture_output=True, text=True).stdout
    return json.loads(text)[subject]


def cell(text):
    return text.replace("|", "\\|")


def number(value):
    return f"{value:g}"


def parameters(row):
    return ", ".join(f"{p['name']} {number(p['default'])}" for p in row["parameters"])


def optimizers(slalom):
    yield "| name | one step | hyperparameters | source |"
    yield "|---|---|---|---|"
    for row in listed(slalom, "optimizers"):
        formula = "<br>".join(f"`{cell(line)}`" for line in row["formula"].split("; "))
        yield f"| `{row['name']}` | {formula} | {parameters(row)} | {cell(row['reference'])} |"


def surfaces(slalom):
    yield "| name | f | what it shows |"
    yield "|---|---|---|"
    for row in listed(slalom, "surfaces"):
        formula = row["formula"].split(" where ")[0]
        named = f" ({parameters(row)})" if row["parameters"] else ""
        yield f"| `{row['name']}` | `{cell(formula)}`{named} | {cell(row['reference'])} |"


def schedules(slalom):
    yield "| name | rate at step t, from 1, of T |"
    yield "|---|---|"
    for row in listed(slalom, "schedules"):
        yield f"| `{row['name']}` | `{cell(row['formula'])}` |"


def keys(slalom):
    yield "| key | what it does |"
    yield "|---|---|"
    for row in listed(slalom, "keys"):
        yield f"| {cell(row['keys'])} | {cell(row['description'])} |"


TABLES = {"keys": keys, "optimizers": optimizers, "surfaces": surfaces, "schedules": schedules}


def marks(name):
    return f"<!-- {name}: made by tests/readme.py -->\n", f"<!-- end of {name} -->\n"


def main():
    write = "--write" in sys.argv
    slalom = sys.argv[-1]
    text, failed = README.read_text(encoding="utf-8"), 0
    print(f"1..{len(TABLES)}")
    for count, (name, make) in enumerate(TABLES.items(), 1):
        begin, end = marks(name)
        before, rest = text.split(begin)
        old, after = rest.split(end)
        new = "\n".join(make(slalom)) + "\n"
        text = before + begin + new + end + after
        good = write or old == new
        failed += not good
        print(f"{'ok' if good else 'not ok'} {count} - README's table of {name} is what slalom lists")
    if write:
        README.write_text(text, encoding="utf-8")
    return 1 if failed else 0


sys.exit(main())
