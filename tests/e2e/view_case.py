"""Networks in a window, tried by hand: what the tests of their views share."""

import os
import sys
import tempfile
import unittest

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

    def open_window(self, *arguments):
        """With the pointer away from everything."""
        folder = tempfile.TemporaryDirectory(prefix="slalom-view-")
        self.addCleanup(folder.cleanup)
        window = Window(self.screen, SLALOM, folder.name, *arguments, "--size", "%dx%d" % (WIDTH, HEIGHT))
        self.addCleanup(window.kill)
        window.point(*AWAY)
        return window

    def open_at_end(self, *arguments):
        """At the end of a short race, and the picture then."""
        window = self.open_window(*arguments)
        self.press("End")
        return window, self.settled(window)

    def press(self, *keys):
        self.screen.xdotool("key", *keys)

    def settled(self, window):
        """The picture once nothing is under way, also where others keep the machine busy."""
        window.wait_until_still(60, self.still_s)
        return window.picture()

    def click(self, window, at):
        window.point(*at)
        self.screen.xdotool("click", 1)
        window.point(*AWAY)
        return self.settled(window)

    def drag(self, window, path):
        """Along a path; then the pointer is away from everything."""
        window.drag(path)
        self.screen.xdotool("mouseup", 1)
        window.point(*AWAY)

    def until_same(self, window, picture, what):
        window.wait_until(lambda: window.picture() == picture, what)

    def until_other(self, window, picture, what):
        window.wait_until(lambda: window.picture() != picture, what)

    def part(self, picture, box):
        left, top, right, bottom = box
        return tuple(bytes(picture[y * WIDTH + left:y * WIDTH + right]) for y in range(top, bottom))
