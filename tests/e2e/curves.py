#!/usr/bin/env python3
"""Learning curves in a window: zoomed, read, along other axes, of other quantities and with more seeds, by keys and pointer.

usage: curves.py SLALOM

A person has to get back to the same picture, and what was chosen is in the scene that slalom keeps. Leaves with 77
(skipped) where Xvfb or xdotool is missing.
"""

import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap
from screen import Screen, Window

SLALOM = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT = 1280, 800
UPPER, LOWER = (450, 280), (450, 640)  # in the middle of the two plots
SEEDS = (92, 85)  # the chip
AWAY = (1599, 899)


class Curves(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(1600, 900)
        cls.addClassCleanup(cls.screen.close)

    def open(self, *further):
        folder = tempfile.TemporaryDirectory(prefix="slalom-curves-")
        self.addCleanup(folder.cleanup)
        window = Window(self.screen, SLALOM, folder.name, "--network", "2-16-2", "--data", "moons:n=200,noise=0.3", "--steps",
                        "200", "--every", "5", "--optimizer", "adam:lr=0.03", "--optimizer", "sgd:lr=0.3", "--show",
                        "curves", "--at", "200", "--size", "%dx%d" % (WIDTH, HEIGHT), *further)
        self.addCleanup(window.kill)
        window.point(*AWAY)
        return window

    def press(self, *keys):
        self.screen.xdotool("key", *keys)

    def click(self, window, place, button=1, times=1):
        window.point(*place)
        self.screen.xdotool("click", "--repeat", str(times), "--delay", "60", str(button))
        window.point(*AWAY)

    def settled(self, window):
        for _ in range(40):
            if not window.is_moving(0.7):
                break
        return bytes(window.picture())

    def until_same(self, window, picture, what):
        window.wait_until(lambda: bytes(window.picture()) == picture, what)

    def until_other(self, window, picture, what):
        window.wait_until(lambda: bytes(window.picture()) != picture, what)

    def kept(self, window):
        try:
            with open(os.path.join(window.state, "slalom", "last"), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def leave(self, window):
        self.press("ctrl+q")
        _, errors = window.process.communicate(timeout=20)
        self.assertEqual((window.process.returncode, errors.decode()), (0, ""))

    def test_zooming_and_reading(self):
        window = self.open()
        whole = self.settled(window)
        for place in UPPER, LOWER:
            self.click(window, place, button=4, times=3)  # the wheel
            self.until_other(window, whole, "a part is shown")
            self.click(window, place, times=2)
            self.until_same(window, whole, "a double click shows everything")
        window.drag([(300, 280), (400, 280), (600, 280)])
        self.screen.xdotool("mouseup", 1)
        window.point(*AWAY)
        self.until_other(window, whole, "what was dragged over")
        window.wait_until(lambda: "chart-x:" in self.kept(window), "the part is kept with the scene")
        self.click(window, LOWER, times=2)
        self.until_same(window, whole, "everything again")
        window.point(*UPPER)
        self.until_other(window, whole, "values under the pointer")
        window.point(*AWAY)
        self.until_same(window, whole, "and not when it has gone")
        self.leave(window)

    def test_choosing(self):
        window = self.open()
        whole = self.settled(window)
        for key, times, line in ("l", 4, "chart: gap"), ("x", 5, "chart-axis: examples"), ("g", 2, "chart-scale: linear"):
            seen = False
            for _ in range(times):
                before, kept = bytes(window.picture()), self.kept(window)
                self.press(key)
                self.until_other(window, before, "something else is shown by " + key)
                window.wait_until(lambda: self.kept(window) != kept, "what is shown is kept with the scene")
                self.settled(window)
                seen = seen or line in self.kept(window)
            self.assertTrue(seen, line)
            self.until_same(window, whole, "round once by " + key)
        self.leave(window)

    def test_more_seeds(self):
        window = self.open()
        single = self.settled(window)
        for seeds in "2", "4", "8":
            before = self.settled(window)
            self.click(window, SEEDS)
            self.until_other(window, before, "bands are drawn")
            window.wait_until(lambda: "seeds: " + seeds in self.kept(window), "the number is kept")
        eight = self.settled(window)
        self.press("ctrl+z", "ctrl+z", "ctrl+z")
        self.until_same(window, single, "undone: one seed")
        self.press("ctrl+y", "ctrl+y", "ctrl+y")
        self.until_same(window, eight, "redone, and the same bands")
        self.leave(window)
        again = self.open("--seeds", "8")
        self.until_same(again, eight, "said before, the same bands")
        self.leave(again)


if __name__ == "__main__":
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        print("Xvfb and xdotool are needed to test the window")
        sys.exit(77)
    tap.main()
