#!/usr/bin/env python3
"""What a teacher does at a projector, by hand and keyboard in the real window, and what has come of it.

usage: tasks.py SLALOM

What resulted is read from the scene that slalom keeps of what is on screen (its state file), and from
the screen itself. Leaves with 77 (skipped) where Xvfb or xdotool is missing.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import unittest

import screen
from screen import Screen, Window, count_differences, count_far, read_png

SLALOM = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT = 1280, 800
# The panel with the cards begins at about this share of the width; below the chart are the cards.
PANEL, CARDS = 0.75 * WIDTH, 0.36 * HEIGHT
BOWL = ["--surface", "x^2 + 3*y^2", "--optimizer", "sgd:lr=0.02", "--optimizer", "adam:lr=0.1", "--start", "2,1"]


class Task(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(2560, 1440)
        cls.addClassCleanup(cls.screen.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-task-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def open(self, *arguments):
        """A window at a step that stands still, unless the arguments say otherwise."""
        window = Window(self.screen, SLALOM, self.folder, *arguments)
        self.addCleanup(window.kill)
        window.point(2559, 1439)
        window.wait_until_still(10)
        return window

    def leave(self, window):
        """Quits; every task ends so, and every window must leave well."""
        self.assertEqual(window.leave(), (0, ""))

    def kept(self, window):
        """The words of what is on screen."""
        path = os.path.join(window.state, "slalom", "last")
        if not os.path.exists(path):
            return []
        line = subprocess.run([SLALOM, "scene", "--line", path], stdout=subprocess.PIPE, check=True).stdout
        with open(path, encoding="utf-8") as file:
            size = [text.split()[2] for text in file if text.startswith("# size: ")]
        return shlex.split(line.decode()) + (["--size"] + size if size else [])

    def expect(self, window, *wanted, absent=()):
        """Waits until the words say all that is wanted, an option and its value being one text."""
        def says():
            text = "\0".join(self.kept(window))
            option = lambda word: word.replace(" ", "\0", 1) if word.startswith("--") else word
            return all(option(word) in text for word in wanted) and not any(
                option(word) in text for word in absent)
        try:
            window.wait_until(says, "", seconds=10)
        except AssertionError:
            self.fail("%s is not said, or %s is, by %s" % (wanted, absent, shlex.join(self.kept(window))))

    def value(self, window, option):
        words = self.kept(window)
        return words[words.index(option) + 1]

    def keys(self, *names):
        self.screen.xdotool("key", *names)

    def type(self, text):
        self.screen.xdotool("type", "--delay", "15", text)

    def render(self, *words, size=(WIDTH, HEIGHT)):
        path = os.path.join(self.folder, "rendered.png")
        subprocess.run([SLALOM, "render", *words, "--size", "%dx%d" % size, "--output", path], check=True,
                       timeout=120)
        with open(path, "rb") as file:
            picture = read_png(file.read())[2]
        os.remove(path)
        return picture

    def slider(self, low, high):
        """The two ends of a slider: where two pictures of the cards differ that have it at its lowest and at its
        highest. In races without a step nothing else differs there but a number."""
        a, b = self.render(*low, "--steps", "0"), self.render(*high, "--steps", "0")
        rows = {}
        for i, (p, q) in enumerate(zip(a, b)):
            if p != q and i % WIDTH > PANEL and i // WIDTH > CARDS:
                rows.setdefault(i // WIDTH, []).append(i % WIDTH)
        best = (0, 0, 0)
        for y, columns in rows.items():
            begin = last = columns[0]
            for x in columns[1:] + [10 * WIDTH]:
                if x - last > 3:
                    best = max(best, (last - begin, begin, y))
                    begin = x
                last = x
        length, left, _ = best
        self.assertGreater(length, 60, "a slider is found")
        middle = [y for y, columns in rows.items() if left in columns or left + 1 in columns]
        return left, left + length, sum(middle) / len(middle)

    def drag(self, window, path):
        window.drag(path)
        return window.release()


class Tasks(Task):
    def test_surface_is_chosen_by_the_palette(self):
        window = self.open(*BOWL, "--at", "0")
        before = window.picture()
        self.keys("ctrl+k")
        window.wait_until_still()
        self.assertGreater(count_differences(before, window.picture()), 20000, "the palette is seen")
        self.type("himmel")
        self.keys("Return")
        self.expect(window, "--surface himmelblau")
        self.keys("ctrl+z")
        self.expect(window, "--surface x^2 + 3*y^2")
        self.leave(window)

    def test_formula_with_a_mistake_is_mended(self):
        window = self.open(*BOWL, "--at", "0")
        self.keys("e", "ctrl+a")
        self.type("x^2 + 9*y^2 +")
        window.wait_until_still()
        wrong = window.picture()
        self.type(" x*z")
        window.wait_until_still()
        self.assertGreater(count_differences(wrong, window.picture()), 20, "another mistake reads otherwise")
        self.expect(window, "--surface x^2 + 9*y^2", absent=["x*z"])
        self.keys("BackSpace")
        self.type("y")
        self.keys("Return")
        self.expect(window, "--surface x^2 + 9*y^2 + x*y")
        self.leave(window)

    def test_kappa_is_dragged(self):
        surface = ["--surface", "0.5*(x^2 + kappa*y^2) where kappa = 20 in [1, 101]", *BOWL[2:]]
        left, right, y = self.slider([*surface, "--set", "kappa=1"], [*surface, "--set", "kappa=101"])
        window = self.open(*surface, "--at", "200")
        before = window.picture()
        at = lambda share: (round(left + share * (right - left)), round(y))
        window.drag([at(0.2), at(0.4), at(0.6), at(0.75)])
        window.wait_until_still()
        self.assertGreater(count_differences(before, window.picture()), WIDTH * HEIGHT * 0.1,
                           "the surface bends under the hand")
        window.release()
        self.expect(window, "kappa=")
        self.assertAlmostEqual(float(self.value(window, "--set").split("=")[1]), 76, delta=6)
        # However far it was dragged, it is one change.
        self.keys("ctrl+z")
        self.expect(window, "--at 200", absent=["kappa=7"])
        self.leave(window)

    def test_racer_is_added(self):
        window = self.open(*BOWL, "--at", "50")
        self.keys("a")
        self.type("rmsprop")
        self.keys("Return")
        self.expect(window, "--optimizer rmsprop")
        self.assertEqual(self.kept(window).count("--optimizer"), 3)
        self.keys("d")
        self.expect(window, "label=rmsprop 2")
        self.keys("Delete", "Delete")
        self.expect(window, "--optimizer adam", absent=["rmsprop"])
        self.leave(window)

    def test_race_is_scrubbed(self):
        window = self.open(*BOWL, "--at", "0")
        first = window.picture()
        y = HEIGHT - 19
        self.drag(window, [(500, y), (600, y), (700, y)])
        self.expect(window, "--at ", absent=["--at 0"])
        middle = int(self.value(window, "--at"))
        self.assertTrue(50 < middle < 195, middle)
        there = window.picture()
        self.drag(window, [(700, y), (880, y)])
        self.drag(window, [(880, y), (700, y)])
        self.expect(window, "--at %d" % middle)
        self.drag(window, [(700, y), (20, y)])
        self.expect(window, "--at 0")
        self.assertLess(count_differences(first, window.picture()), WIDTH * HEIGHT * 0.002, "all the way back")
        self.assertGreater(count_differences(first, there), 300)
        self.leave(window)

    def test_branch_leaves_a_ghost(self):
        race = ["--surface", "x^2 + 3*y^2", "--optimizer", "sgd:lr=%s", "--start", "2,1"]
        with_rate = lambda rate: [word % rate if "%" in word else word for word in race]
        left, right, y = self.slider(with_rate("1e-5"), with_rate("10"))
        window = self.open(*with_rate("0.002"), "--at", "60")
        before = window.picture()
        self.keys("v")
        middle = round(0.72 * right + 0.28 * left)
        self.drag(window, [(round(0.65 * right + 0.35 * left), round(y)), (middle, round(y))])
        self.expect(window, "ghost=1", "change=60:lr=")
        racers = [word for word in self.kept(window) if word.startswith("sgd")]
        self.assertEqual(len(racers), 2)
        ghost, = (word for word in racers if "ghost=1" in word)
        self.assertIn("lr=0.002", ghost)
        self.assertNotIn("change", ghost)
        self.keys("ctrl+z")
        self.expect(window, "--optimizer sgd:lr=0.002", absent=["ghost", "change"])
        self.assertTrue(count_differences(before, window.picture()))
        self.leave(window)

    def test_space_is_orbited(self):
        window = self.open(*BOWL, "--at", "40")
        flat = window.picture()
        self.keys("3")
        window.wait_until_still(4)
        space = window.picture()
        self.assertGreater(count_differences(flat, space), WIDTH * HEIGHT * 0.2)
        self.expect(window, "--view 3d", absent=["--orbit"])
        window.drag([(200, 600), (260, 600), (320, 580)])
        window.wait_until_still()
        turned = window.release()
        self.assertGreater(count_differences(space, turned), WIDTH * HEIGHT * 0.1)
        self.expect(window, "--view 3d", "--orbit ")
        # What is kept recreates the picture.
        words = self.kept(window)[1:]
        again = self.render(*words)
        shown = window.picture()
        self.assertLess(count_far(shown, again), WIDTH * HEIGHT * 0.04)
        self.keys("3")
        self.expect(window, "--at 40", absent=["--view"])
        self.leave(window)

    def test_theme(self):
        window = self.open(*BOWL, "--at", "40")
        mean = lambda picture: sum(p & 255 for p in picture[::97]) / len(picture[::97])
        self.assertLess(mean(window.picture()), 110)
        dark = window.picture()
        self.keys("t")
        self.expect(window, "--theme light")
        self.assertGreater(mean(window.picture()), 140)
        self.keys("t")
        self.expect(window, "--at 40", absent=["--theme"])
        self.assertEqual(count_differences(dark, window.picture()), 0)
        self.leave(window)

    def test_five_changes_are_undone_and_redone(self):
        window = self.open(*BOWL, "--at", "40")
        self.keys("Right", "Left")
        self.expect(window, "--at 40")
        before = self.kept(window)
        self.keys("period", "d", "c", "h", "r", "Delete")
        self.expect(window, "style=", absent=["--start 2,1"])
        after = self.kept(window)
        self.keys(*["ctrl+z"] * 5)
        window.wait_until(lambda: self.kept(window) == before, "all is as it was")
        self.keys(*["ctrl+y"] * 5)
        window.wait_until(lambda: self.kept(window) == after, "all is done again")
        self.leave(window)

    def test_screenshot_is_what_the_kept_line_draws(self):
        window = self.open(*BOWL, "--at", "120", "--theme", "light")
        self.keys("plus", "shift+Left", "F12")
        path = os.path.join(self.folder, "slalom-1.png")
        window.wait_until(lambda: os.path.exists(path), "a picture is saved")
        self.expect(window, "--box ", "--theme light")
        with open(path, "rb") as file:
            width, height, saved = read_png(file.read())
        self.assertEqual((width, height), (WIDTH, HEIGHT))
        self.assertLess(count_far(saved, self.render(*self.kept(window)[1:])), WIDTH * HEIGHT * 0.01)
        self.leave(window)

    def test_resize(self):
        window = self.open(*BOWL, "--at", "120")
        for size in ((800, 600), (2560, 1440), (WIDTH, HEIGHT)):
            window.resize(*size)
            window.wait_until_still(10)
            self.expect(window, "--size %dx%d" % size)
            shown = window.picture()
            drawn = self.render(*BOWL, "--at", "120", size=size)
            self.assertLess(count_far(shown, drawn), size[0] * size[1] * 0.03, size)
        self.leave(window)

    def test_keyboard_alone(self):
        """Keyboard alone: a surface, a racer and its rate, the race played and stepped, help, and out"""
        window = self.open(*BOWL, "--at", "0")
        self.keys("ctrl+k")
        self.type("booth")
        self.keys("Return")
        self.expect(window, "--surface booth")
        # Sliders are reached one after the other and moved; on other controls an arrow steps through the race.
        before = window.picture()
        self.keys("period", *["Tab", "Right"] * 25)
        self.expect(window, "sgd:lr=", absent=["sgd:lr=0.02,", "sgd:lr=0.02\0"])
        self.assertGreater(count_differences(before, window.picture()), 20, "the focus is seen")
        self.keys("Escape", "Home", "space")
        window.wait_until(lambda: window.is_moving(0.2), "the race is played")
        self.keys("space", "Home", "Right", "Right")
        self.expect(window, "--at 2")
        shown = window.picture()
        help_shown = window.key("question")
        self.assertGreater(count_differences(shown, help_shown), 50000)
        window.key("Escape")
        self.assertLess(count_differences(shown, window.picture()), 3000)
        self.leave(window)


class State(Task):
    def test_copy_and_paste(self):
        window = self.open(*BOWL, "--at", "33")
        self.keys("ctrl+c", "t", "3", "r", "End")
        self.expect(window, "--theme light", "--view 3d", "--at 200")
        self.keys("ctrl+v")
        self.expect(window, "--start 2,1", "--at 33", absent=["--theme", "--view"])
        self.keys("ctrl+z")
        self.expect(window, "--at 33", absent=["--start 2,1"])
        # Another window takes it from this one.
        other = self.open("--fresh", "--surface", "booth", "--at", "0")
        self.keys("ctrl+v")
        self.expect(other, "--start 2,1", "--surface x^2 + 3*y^2", "--at 33")
        self.leave(other)
        self.screen.xdotool("windowfocus", window.id)
        self.leave(window)

    def test_opens_as_it_was_left(self):
        window = self.open("--surface", "rosenbrock", "--optimizer", "mine: x -= lr*g | lr=0.001", "--at", "7",
                           "--size", "900x700")
        self.keys("t", "plus")
        self.expect(window, "--theme light", "--box ", "--size 900x700")
        window.wait_until_still(10)
        line, shown = self.kept(window), window.picture()
        self.leave(window)
        window = self.open()
        self.assertEqual(window.size(), (900, 700))
        self.assertLess(count_far(shown, window.picture()), 900 * 700 * 0.01)
        self.leave(window)
        self.assertEqual(self.kept(window), line)
        # An option means exactly that.
        window = self.open("--fresh", "--at", "0")
        self.assertEqual(window.size(), (WIDTH, HEIGHT))
        self.leave(window)
        self.assertEqual(self.value(window, "--surface"), "ravine")

    def test_damaged_state_is_told_and_passed_over(self):
        window = self.open("--fresh", "--at", "0")
        self.leave(window)
        for damaged in (b"slalom --surface 'x^2", b"\0\xff", b"slalom --surface nosuch", b"rm -rf x"):
            with open(os.path.join(window.state, "slalom", "last"), "wb") as file:
                file.write(damaged)
            window = self.open()
            self.keys("space", "Home")
            window.wait_until_still()
            told = window.picture()
            self.leave(window)
            self.assertEqual(self.value(window, "--surface"), "ravine")
            quiet = self.render("--at", "0")
            self.assertGreater(count_differences(told, quiet), 1500, "a notice")


if __name__ == "__main__":
    screen.main()
