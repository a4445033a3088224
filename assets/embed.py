#!/usr/bin/env python3
"""embed.py OUT.c NAME FILE...: the files as constant byte arrays, in the order given and with a row without
bytes at the end, for the header NAME.h."""
import os
import sys

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
