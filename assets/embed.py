#!/usr/bin/env python3
"""embed.py OUT.c FILE...: the files as constant byte arrays, in the order given (see sdl/font.h)."""
import sys

out, files = sys.argv[1], sys.argv[2:]
with open(out, "w", encoding="ascii") as c:
    c.write('#include "embedded_fonts.h"\n\n')
    for i, name in enumerate(files):
        with open(name, "rb") as file:
            data = file.read()
        c.write(f"static const unsigned char file_{i}[] = {{\n")
        for at in range(0, len(data), 64):
            c.write(",".join(map(str, data[at : at + 64])) + ",\n")
        c.write("};\n\n")
    c.write("const EmbeddedFile embedded_fonts[] = {\n")
    for i in range(len(files)):
        c.write(f"    {{file_{i}, sizeof file_{i}}},\n")
    c.write("};\n")
