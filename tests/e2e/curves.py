#!/usr/bin/env python3
"""Learning curves in a window: zoomed, read, along other axes, of other quantities and with more seeds, by keys and pointer.

usage: curves.py SLALOM

A person has to get back to the same picture, and what was chosen is in the scene that slalom keeps. Leaves with 77
(skipped) where Xvfb or xdotool is missing.
"""

import os

import screen
from view_case import AWAY, ViewCase

UPPER, LOWER = (450, 280), (450, 640)  # in the middle of the two plots
SEEDS = (92, 85)  # the chip


class Curves(ViewCase):
    def open(self, *further):
        return self.open_window("--network", "2-16-2", "--data", "moons:n=200,noise=0.3", "--steps", "200", "--every", "5",
                                "--optimizer", "adam:lr=0.03", "--optimizer", "sgd:lr=0.3", "--show", "curves", "--at",
                                "200", *further)

    def click_at(self, window, place, button=1, times=1):
        window.point(*place)
        self.screen.xdotool("click", "--repeat", str(times), "--delay", "60", str(button))
        window.point(*AWAY)

    def kept(self, window):
        try:
            with open(os.path.join(window.state, "slalom", "last"), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def test_zooming_and_reading(self):
        window = self.open()
        whole = self.settled(window)
        for place in UPPER, LOWER:
            self.click_at(window, place, button=4, times=3)  # the wheel
            self.until_other(window, whole, "a part is shown")
            self.click_at(window, place, times=2)
            self.until_same(window, whole, "a double click shows everything")
        self.drag(window, [(300, 280), (400, 280), (600, 280)])
        self.until_other(window, whole, "what was dragged over")
        window.wait_until(lambda: "chart-x:" in self.kept(window), "the part is kept with the scene")
        self.click_at(window, LOWER, times=2)
        self.until_same(window, whole, "everything again")
        window.point(*UPPER)
        self.until_other(window, whole, "values under the pointer")
        window.point(*AWAY)
        self.until_same(window, whole, "and not when it has gone")
        self.assertEqual(window.leave(), (0, ""))

    def test_choosing(self):
        window = self.open()
        whole = self.settled(window)
        for key, times, line in ("l", 4, "chart: gap"), ("x", 5, "chart-axis: examples"), ("g", 2, "chart-scale: linear"):
            seen = False
            for _ in range(times):
                before, kept = window.picture(), self.kept(window)
                self.press(key)
                self.until_other(window, before, "something else is shown by " + key)
                window.wait_until(lambda: self.kept(window) != kept, "what is shown is kept with the scene")
                self.settled(window)
                seen = seen or line in self.kept(window)
            self.assertTrue(seen, line)
            self.until_same(window, whole, "round once by " + key)
        self.assertEqual(window.leave(), (0, ""))

    def test_more_seeds(self):
        window = self.open()
        single = self.settled(window)
        for seeds in "2", "4", "8":
            before = self.settled(window)
            self.click_at(window, SEEDS)
            self.until_other(window, before, "bands are drawn")
            window.wait_until(lambda: "seeds: " + seeds in self.kept(window), "the number is kept")
        eight = self.settled(window)
        self.press("ctrl+z", "ctrl+z", "ctrl+z")
        self.until_same(window, single, "undone: one seed")
        self.press("ctrl+y", "ctrl+y", "ctrl+y")
        self.until_same(window, eight, "redone, and the same bands")
        self.assertEqual(window.leave(), (0, ""))
        again = self.open("--seeds", "8")
        self.until_same(again, eight, "said before, the same bands")
        self.assertEqual(again.leave(), (0, ""))


if __name__ == "__main__":
    screen.main()
