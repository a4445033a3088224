#!/usr/bin/env python3
"""Black-box tests of figures and data: files for paper, and the numbers that they show.

usage: figures.py SLALOM

What reads SVG and PDF (xmllint, rsvg-convert, pdftotext) is used where it is installed. Expected numbers come
from slalom run's CSV and from Python's own arithmetic.
"""

import csv
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import tap

SLALOM = os.path.abspath(sys.argv[1])
FONTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "assets", "fonts")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
SVG = "{http://www.w3.org/2000/svg}"
MM_PER_INCH = 25.4


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


class Case(unittest.TestCase):
    """One test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-figures-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def call(self, *command):
        return subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)

    def succeed(self, *command):
        done = self.call(*command)
        self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        return done.stdout

    def fail(self, *arguments):
        done = self.call(SLALOM, "render", *arguments)
        self.assertEqual(done.returncode, 2)
        return done.stderr.decode()

    def render(self, name, *arguments):
        self.succeed(SLALOM, "render", *arguments, "--output", name)
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def use_own_fonts(self):
        """The environment of a program that finds slalom's fonts installed, and no others."""
        path = os.path.join(self.folder, "fonts.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                       f"<dir>{os.path.abspath(FONTS)}</dir><cachedir>{self.folder}/cache</cachedir></fontconfig>")
        return {**ENVIRONMENT, "FONTCONFIG_FILE": path}


class Files(Case):
    SCENES = {
        "plane": ["--surface", "ravine"],
        "space": ["--surface", "himmelblau", "--view", "3d"],
        "both": ["--surface", "rosenbrock", "--view", "both"],
        "chart": ["--figure", "chart"],
        "window": ["--figure", "window"],
        "formula": ["--surface", "(x<1)*x^2 + 3*y^2 + (y>2)", "--figure", "window"],
    }

    def test_svg_is_clean_and_has_its_size(self):
        for name, scene in self.SCENES.items():
            with self.subTest(name):
                path = self.render("figure.svg", *scene, "--steps", "40", "--size", "84x60.5mm")
                root = ElementTree.parse(path).getroot()
                self.assertEqual((root.get("width"), root.get("height")), ("84mm", "60.5mm"))
                width, height = map(float, root.get("viewBox").split()[2:])
                self.assertAlmostEqual(width / height, 84 / 60.5, places=2)
                if shutil.which("xmllint"):
                    self.succeed("xmllint", "--noout", "--nonet", path)

    def test_figures_are_the_same_bytes_each_time(self):
        for ending in ("svg", "pdf"):
            self.render("first." + ending, "--size", "84x60mm", "--steps", "60")
            self.render("second." + ending, "--size", "84x60mm", "--steps", "60")
            self.assertEqual(self.read("first." + ending), self.read("second." + ending))

    def test_a_figure_tells_its_scene(self):
        """What stands in the file, as a scene, makes the same file."""
        self.render("figure.svg", "--surface", "(x<1)*x^2 + 3*y^2", "--steps", "30", "--size", "84x60mm")
        told = ElementTree.parse(os.path.join(self.folder, "figure.svg")).getroot().find(SVG + "desc").text
        with open(os.path.join(self.folder, "told.yaml"), "w", encoding="utf-8") as file:
            file.write(told)
        self.render("again.svg", "told.yaml", "--size", "84x60mm")
        self.assertEqual(self.read("figure.svg"), self.read("again.svg"))

    def test_text_is_text_of_a_size_for_print(self):
        self.render("figure.svg", "--size", "84x60mm", "--optimizer", "sgd:label=a<b & c", "--optimizer", "adam")
        root = ElementTree.parse(os.path.join(self.folder, "figure.svg")).getroot()
        texts = list(root.iter(SVG + "text"))
        written = [text.text for text in texts]
        self.assertIn("a<b & c", written)
        self.assertIn("Adam", written)
        self.assertIn("start", written)
        self.assertEqual(written.count("x"), 1)
        points = 84 / MM_PER_INCH * 72 / float(root.get("viewBox").split()[2])
        for text in texts:
            self.assertTrue(6.5 <= points * float(text.get("font-size")) <= 9, text.text)
            self.assertGreater(float(text.get("textLength")), 0)
        widths = {float(path.get("stroke-width")) * points for path in root.iter(SVG + "path")
                  if path.get("stroke-width")}
        self.assertTrue(0.25 <= min(widths) <= 0.5)

    def test_levels_are_written_on_their_lines(self):
        """Each label of a bowl lies where x^2 + y^2 is its number, by the figure's own axes, to half a pixel."""
        self.render("figure.svg", "--surface", "x^2 + y^2", "--box=-2,2,-2,2", "--start", "1.8,1.8",
                    "--steps", "0", "--size", "80x80mm")
        root = ElementTree.parse(os.path.join(self.folder, "figure.svg")).getroot()
        groups = list(root.iter(SVG + "g"))
        inside = [text for group in groups for text in group.iter(SVG + "text")]
        outside = [text for text in root.iter(SVG + "text") if text not in inside]
        x_of = {text.text.replace("\u2212", "-"): float(text.get("x")) for text in outside
                if text.get("text-anchor") == "middle"}
        y_of = {text.text.replace("\u2212", "-"): float(text.get("y")) for text in outside
                if text.get("text-anchor") == "end"}
        unit = (x_of["1"] - x_of["-1"]) / 2
        baseline = 0.36  # below the middle of a line of text, in its size
        origin = (x_of["0"], y_of["0.0"] - baseline * 11)
        levels = [text for text in inside if re.fullmatch(r"[0-9.]+", text.text or "")]
        self.assertGreaterEqual(len(levels), 3)
        for text in levels:
            x, y = (float(text.get("x")) - origin[0]) / unit, (float(text.get("y")) - baseline * 10 - origin[1]) / unit
            pixel = 2 * (x * x + y * y) ** 0.5 / unit  # what the height changes by in one
            self.assertAlmostEqual(x * x + y * y, float(text.text), delta=0.5 * pixel)

    def test_paper_is_light_unless_said(self):
        for arguments, background in ([], "#ffffff"), (["--theme", "dark"], "#14171c"):
            self.render("figure.svg", "--steps", "5", *arguments)
            root = ElementTree.parse(os.path.join(self.folder, "figure.svg")).getroot()
            self.assertEqual(root.find(SVG + "rect").get("fill"), background)

    def test_mistakes_are_told(self):
        self.assertIn("is not a size", self.fail("--size", "84xmm", "--output", "a.svg"))
        self.assertIn("from 10 to 2000 mm", self.fail("--size", "5x60mm", "--output", "a.svg"))
        self.assertIn("there is no figure 'plto'", self.fail("--figure", "plto", "--output", "a.svg"))
        self.assertEqual(self.call(SLALOM, "render", "--output", "no/such/folder.svg").returncode, 2)
        self.assertEqual([name for name in os.listdir(self.folder) if "svg" in name], [])

    @needs("pdftotext")
    def test_pdf_has_its_size_and_text_that_can_be_copied(self):
        self.render("figure.pdf", "--size", "84x60mm", "--steps", "60")
        text = self.succeed("pdftotext", "figure.pdf", "-").decode().split()
        for word in ("Momentum", "Adam", "start", "x", "y"):
            self.assertIn(word, text)
        box = self.succeed("pdfinfo", "figure.pdf").decode()
        width, height = map(float, re.search(r"Page size:\s+([0-9.]+) x ([0-9.]+)", box).groups())
        self.assertAlmostEqual(width, 84 / MM_PER_INCH * 72, delta=0.01)
        self.assertAlmostEqual(height, 60 / MM_PER_INCH * 72, delta=0.01)
        fonts = self.succeed("pdffonts", "figure.pdf").decode().splitlines()[2:]
        self.assertTrue(fonts and all("Inter" in line or "JetBrains" in line for line in fonts))


class Data(Case):
    """A figure's numbers against slalom run and circles in closed form."""

    RACE = ["--surface", "x^2 + y^2", "--start", "1.8,1.6", "--optimizer", "sgd:lr=0.1,label=a 'b' & c",
            "--optimizer", "momentum:lr=0.1", "--steps", "20"]
    BOX = ["--box=-1,2,-2,2", "--size", "90x80mm"]

    def rows(self):
        self.render("figure.csv", *self.RACE, *self.BOX)
        with open(os.path.join(self.folder, "figure.csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_trails_are_the_rows_that_are_in_sight(self):
        self.succeed(SLALOM, "run", *self.RACE, "--csv", "race.csv")
        with open(os.path.join(self.folder, "race.csv"), encoding="utf-8", newline="") as file:
            race = list(csv.DictReader(file))
        rows = [row for row in self.rows() if row["kind"] == "trail"]
        svg = ElementTree.parse(self.render("figure.svg", *self.RACE, *self.BOX)).getroot()
        self.assertIsNotNone(svg)
        names = sorted({row["name"] for row in rows})
        self.assertEqual(names, ["Momentum", "a 'b' & c"])
        for name, label in (("a 'b' & c", "a 'b' & c"), ("Momentum", "momentum")):
            own = [row for row in rows if row["name"] == name]
            low = min(float(row["x"]) for row in own)
            expected = [row for row in race if row["racer"] == label and float(row["x"]) >= min(low, -1)]
            self.assertEqual([(int(row["step"]), float(row["x"]), float(row["y"]), float(row["value"])) for row in own],
                             [(int(row["step"]), float(row["x"]), float(row["y"]), float(row["loss"]))
                              for row in expected])

    def test_contours_are_circles(self):
        """Every point, and the middle of every piece, lies within half a pixel of the true level."""
        rows = [row for row in self.rows() if row["kind"] == "contour"]
        pixel = 3 / (90 / MM_PER_INCH * 96 / 0.875)  # less than one: the box is wider than 3
        self.assertGreater(len({row["line"] for row in rows}), 5)
        worst = 0
        for before, row in zip([None, *rows], rows):
            radius = float(row["value"]) ** 0.5
            points = [(float(row["x"]), float(row["y"]))]
            if before and before["line"] == row["line"]:
                points.append(((points[0][0] + float(before["x"])) / 2, (points[0][1] + float(before["y"])) / 2))
            worst = max(worst, *(abs(math.hypot(*point) - radius) for point in points))
        self.assertLess(worst, 0.5 * pixel)
        self.assertLess(worst, 0.1 * pixel)

    def test_the_chart_has_its_values(self):
        self.render("chart.csv", *self.RACE, "--figure", "chart")
        with open(os.path.join(self.folder, "chart.csv"), encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["name"] == "a 'b' & c"]
        self.assertEqual([float(row["x"]) for row in rows], list(range(21)))
        for step, row in enumerate(rows):  # x -> 0.8 x on a bowl whose gradient is 2 x
            self.assertAlmostEqual(float(row["y"]) / ((1.8 ** 2 + 1.6 ** 2) * 0.8 ** (2 * step)), 1, places=9)

    def test_gnuplot_has_every_line(self):
        script = open(self.render("figure.gp", *self.RACE, *self.BOX), encoding="utf-8").read()
        blocks = re.findall(r"^(\$\w+) << EOD\n(.*?)^EOD$", script, re.S | re.M)
        self.assertEqual(len(blocks), 3)
        self.assertIn("'a ''b'' & c' noenhanced", script)
        for name, block in blocks:
            self.assertIn(name + " using 1:2", script)
            for line in block.splitlines():
                self.assertIn(len(line.split()), (0, 3))
        if shutil.which("gnuplot"):
            for figure in ("plot", "chart"):
                self.render("figure.gp", *self.RACE, "--figure", figure)
                done = self.call("gnuplot", "-e", "set terminal svg; set output 'drawn.svg'", "figure.gp")
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertGreater(len(list(ElementTree.parse(os.path.join(self.folder, "drawn.svg")).iter())), 50)

    def test_pgfplots_is_a_document(self):
        race = [*self.RACE, "--optimizer", "adam:label=50% & $x_1$ #1"]
        tex = open(self.render("figure.tex", *race, *self.BOX), encoding="utf-8").read()
        plain = re.sub(r"\\[{}]", "", tex)
        self.assertEqual(plain.count("{"), plain.count("}"))
        self.assertEqual(tex.count("\\begin{"), tex.count("\\end{"))
        self.assertIn("{50\\% \\& \\$x\\_1\\$ \\#1}", tex)
        self.assertEqual(tex.count("\\addlegendentry"), 3)
        for plot in re.findall(r"coordinates \{(.*?)\};", tex, re.S):
            for pair in plot.split():
                self.assertRegex(pair, r"^\([-+.e0-9]+,[-+.e0-9]+\)$")
        if shutil.which("pdflatex") and self.call("kpsewhich", "pgfplots.sty").returncode == 0:
            done = self.call("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "figure.tex")
            self.assertEqual(done.returncode, 0, done.stdout[-2000:])


class Pictures(Case):
    def test_the_script_makes_all_that_the_readme_shows(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
        with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
            shown = set(re.findall(r"\]\(assets/pictures/([\w.]+)\)", file.read()))
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        options = ["--size", "320x200", "--fps", "4", "--seconds", "0.5"]
        done = self.call(os.path.join(root, "assets", "pictures", "make"), SLALOM, self.folder, *options)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        made = {name for name in os.listdir(self.folder) if name.endswith((".png", ".gif", ".svg"))}
        self.assertEqual(made, shown)
        self.assertEqual(made, {os.path.basename(line) for line in done.stdout.decode().splitlines()})


def pixels_of(path):
    """Width, height and RGB bytes of a PNG, by its definition: filters 0 to 4, 8 bits, no interlace."""
    import struct
    import zlib
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    size = {2: 3, 6: 4}[colour]
    raw, stride, before, rows = zlib.decompress(packed), width * size, bytearray(width * size), []
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride if kind else 0):
            left = line[i - size] if i >= size else 0
            up, corner = before[i], before[i - size] if i >= size else 0
            if kind == 4:
                guess = left + up - corner
                near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                line[i] = (line[i] + near[2]) & 255
            else:
                line[i] = (line[i] + (0, left, up, (left + up) // 2)[kind]) & 255
        before = line
        rows.append(bytes(b for i in range(0, stride, size) for b in line[i:i + 3]))
    return width, height, rows


@needs("rsvg-convert")
class Pixels(Case):
    def test_svg_looks_like_the_picture(self):
        """At most 2 % of the pixels differ by more than an eighth."""
        for name in ("plane", "chart", "space"):
            with self.subTest(name):
                scene = [*Files.SCENES[name], "--steps", "60", "--size", "84x60mm"]
                if name != "chart":
                    scene += ["--figure", "plot"]
                picture = self.render("figure.png", *scene, "--theme", "light")
                self.render("figure.svg", *scene)
                width, height, expected = pixels_of(picture)
                done = subprocess.run(["rsvg-convert", "-w", str(width), "-h", str(height), "figure.svg", "-o",
                                       "drawn.png"], cwd=self.folder, env=self.use_own_fonts(), timeout=300)
                self.assertEqual(done.returncode, 0)
                drawn_width, drawn_height, drawn = pixels_of(os.path.join(self.folder, "drawn.png"))
                self.assertEqual((width, height), (drawn_width, drawn_height))
                different = sum(
                    any(abs(a[i + c] - b[i + c]) > 32 for c in range(3))
                    for a, b in zip(expected, drawn) if a != b for i in range(0, 3 * width, 3))
                self.assertLess(different / (width * height), 0.02)


if __name__ == "__main__":
    tap.main()
