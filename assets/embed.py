#!/usr/bin/env python3
"""embed.py OUT.c NAME FILE...: the files as constant byte arrays, in the order given and with a row without
bytes at the end, for the header NAME.h.

embed.py --folder OUT.d OUT.c NAME FOLDER: the same of the scene files of a folder, by name; OUT.d tells the build
to look again when a file has come, changed or gone."""
import os
import sys


def scenes(depfile, out, folder):
    files = sorted(os.path.join(folder, file) for file in os.listdir(folder) if file.endswith(".yaml"))
    with open(depfile, "w", encoding="utf-8") as d:
        d.write(" ".join(path.replace(" ", "\\ ") for path in [out + ":", folder, *files]) + "\n")
    return files


if sys.argv[1] == "--folder":
    depfile, out, name, folder = sys.argv[2:]
    files = scenes(depfile, out, folder)
else:
    out, name, files = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(out, "w", encoding="ascii") as c:
    c.write(f'#include "{name}.h"\n\n')
    for i, path in enumerate(files):
        with open(path, "rb") as file:
            data = file.read()
        c.write(f"static const unsigned char file_{i}[] = {{\n")
        for at in range(0, len(data), 64):
            c.write(",".join(map(str, data[at : at + 64])) + ",\n")
        c.write("};\n\n")
    c.write(f"const EmbeddedFile {name}[] = {{\n")
    for i in range(len(files)):
        c.write(f'    {{file_{i}, sizeof file_{i}, "{os.path.basename(files[i])}"}},\n')
    c.write("    {0},\n};\n")
