#!/usr/bin/env python3
"""How the loss of networks curves, in a window: it comes by itself, is read, and is of the racer that is chosen.

usage: curvature.py SLALOM

All is read from the screen. Leaves with 77 (skipped) where Xvfb or xdotool is missing.
"""

import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap
from screen import Screen, Window, count_far

SLALOM = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT = 1280, 800
CHARTS, SPREAD = (60, 110, 860, 520), (60, 560, 940, 750)
TIMELINE = (188, 926, 781)  # from, to, and how far down
STEPS = 200


class Curvature(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(1600, 900)
        cls.addClassCleanup(cls.screen.close)

    def open(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-curvature-")
        self.addCleanup(folder.cleanup)
        window = Window(self.screen, SLALOM, folder.name, "--network", "2-16-16-1", "--data", "spirals", "--steps",
                        str(STEPS), "--optimizer", "adam:lr=0.03", "--optimizer", "sgd:lr=0.3", "--show", "curvature",
                        "--size", "%dx%d" % (WIDTH, HEIGHT))
        self.addCleanup(window.kill)
        window.point(1599, 899)
        return window

    def press(self, *keys):
        self.screen.xdotool("key", *keys)

    def settled(self, window):
        """The picture once nothing is under way, also where others keep the machine busy."""
        deadline = time.monotonic() + 60
        while window.is_moving(1) and time.monotonic() < deadline:
            pass
        return bytes(window.picture())

    def far(self, before, picture, box):
        """How many pixels of a part are another colour by far."""
        left, top, right, bottom = box
        before, picture = memoryview(before).cast("I"), memoryview(bytes(picture)).cast("I")
        parts = [slice(y * WIDTH + left, y * WIDTH + right) for y in range(top, bottom)]
        return sum(count_far(before[part], picture[part]) for part in parts)

    def test_curvature(self):
        window = self.open()
        self.press("End")
        end = self.settled(window)

        self.press("period")  # the first racer, whose spectrum is shown already
        self.press("period")
        window.wait_until(lambda: self.far(end, window.picture(), SPREAD) > 500, "the other racer's spectrum")
        other = self.settled(window)
        self.assertLess(self.far(end, other, CHARTS), 200, "the charts stay")

        self.press("x")
        window.wait_until(lambda: bytes(window.picture()) != other, "by steps")
        self.press("x")
        window.wait_until(lambda: bytes(window.picture()) == other, "by epochs again")

        window.point(500, 200)
        window.wait_until(lambda: self.far(other, window.picture(), (860, 110, 945, 520)) > 100, "values are read")
        window.point(1599, 899)
        window.wait_until(lambda: bytes(window.picture()) == other, "names again")

        left, right, y = TIMELINE
        window.drag([(left + 0.9 * (right - left), y), (left + 0.5 * (right - left), y), (left + 2, y)])
        self.screen.xdotool("mouseup", 1)
        window.point(1599, 899)
        window.wait_until(lambda: self.far(other, window.picture(), CHARTS) > 500, "an earlier step")
        self.settled(window)

        self.press("bracketright")
        window.wait_until(lambda: self.far(other, window.picture(), SPREAD) > 5000, "the next view")

        self.press("ctrl+q")
        _, errors = window.process.communicate(timeout=20)
        self.assertEqual((window.process.returncode, errors.decode()), (0, ""))


if __name__ == "__main__":
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        print("Xvfb and xdotool are needed to test the window")
        sys.exit(77)
    tap.main()
