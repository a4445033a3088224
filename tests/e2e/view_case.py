"""A view of networks in a window, tried by hand at the end of a short race: what the tests of views share."""

import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from screen import Screen, Window

SLALOM = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT = 1280, 800
AWAY = (1599, 899)


class ViewCase(unittest.TestCase):
    still_s = 0.7  # what has not moved for so long has settled

    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(1600, 900)
        cls.addClassCleanup(cls.screen.close)

    def open_at_end(self, *arguments):
        folder = tempfile.TemporaryDirectory(prefix="slalom-view-")
        self.addCleanup(folder.cleanup)
        window = Window(self.screen, SLALOM, folder.name, *arguments, "--size", "%dx%d" % (WIDTH, HEIGHT))
        self.addCleanup(window.kill)
        window.point(*AWAY)
        self.screen.xdotool("key", "End")
        return window, self.settled(window)

    def settled(self, window):
        """The picture once nothing is under way, also where others keep the machine busy."""
        deadline = time.monotonic() + 60
        while window.is_moving(self.still_s) and time.monotonic() < deadline:
            pass
        return window.picture()

    def click(self, window, at):
        window.point(*at)
        self.screen.xdotool("click", 1)
        window.point(*AWAY)
        return self.settled(window)

    def part(self, picture, box):
        left, top, right, bottom = box
        return tuple(bytes(picture[y * WIDTH + left:y * WIDTH + right]) for y in range(top, bottom))
