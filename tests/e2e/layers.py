#!/usr/bin/env python3
"""The layers of networks in a window: racers chosen, the timeline scrubbed, the view left and come back to, by hand.

usage: layers.py SLALOM

All is read from the screen: what changes where a hand was, and what comes back. Leaves with 77 (skipped) where Xvfb or
xdotool is missing.
"""

import screen
from view_case import AWAY, ViewCase

MOMENTUM = (891, 57)  # the third racer's chip
LEFT, RIGHT = (0, 76, 470, 760), (476, 76, 946, 760)  # the columns of two racers
TITLE = (60, 166, 210, 179)  # of the first panel
LINES, RIDGES = (60, 180, 210, 306), (34, 526, 340, 740)
STEPS = 80


class Layers(ViewCase):
    def open(self):
        return self.open_at_end("--network", "2-8-8-8-8-1", "--data", "spirals", "--activation", "tanh", "--steps",
                                str(STEPS), "--every", "2", "--optimizer", "sgd:lr=0.3", "--optimizer", "adam:lr=0.03",
                                "--optimizer", "momentum", "--show", "layers")

    def key(self, window, *keys):
        self.screen.xdotool("key", *keys)
        return self.settled(window)

    def colours(self, picture, box):
        """How many pixels are of a colour, and not of a grey: ink of a layer."""
        words = memoryview(b"".join(self.part(picture, box))).cast("I")
        return sum(max(p >> 16 & 255, p >> 8 & 255, p & 255) - min(p >> 16 & 255, p >> 8 & 255, p & 255) > 60
                   for p in words)

    def check_differ(self, one, other, what):
        self.assertTrue(one != other, what)  # without showing all of the pixels

    def test_by_hand(self):
        window, end = self.open()
        self.assertGreater(self.colours(end, LINES), 500, "lines of layers")
        self.assertGreater(self.colours(end, RIDGES), 2000, "distributions")

        start = self.key(window, "Home")
        self.assertLess(self.colours(start, LINES), 200, "nothing but where the lines begin")
        self.assertGreater(self.colours(start, RIDGES), 2000)
        self.check_differ(self.part(start, RIDGES), self.part(end, RIDGES), "the end has other weights")
        one = self.key(window, "Right")
        self.check_differ(self.part(one, RIDGES), self.part(start, RIDGES), "a step moves the weights")
        self.assertEqual(self.key(window, "End"), end, "the end is what it was")

        window.point(130, 240)
        pointed = self.settled(window)
        self.check_differ(self.part(pointed, TITLE), self.part(end, TITLE), "the line's layer and value")
        window.point(*AWAY)
        self.assertEqual(self.settled(window), end)

        third = self.click(window, MOMENTUM)
        self.check_differ(self.part(third, RIGHT), self.part(end, RIGHT), "another racer's layers")
        self.assertEqual(self.part(third, LINES), self.part(end, LINES), "the first one's stay")
        self.assertEqual(self.click(window, MOMENTUM), end, "chosen no more")

        self.check_differ(self.part(self.key(window, "bracketright"), LEFT), self.part(end, LEFT), "the next view")
        self.assertEqual(self.key(window, "bracketleft"), end)

        other = self.key(window, "r")
        self.check_differ(self.part(other, RIDGES), self.part(end, RIDGES), "other initial weights")
        self.assertEqual(self.key(window, "ctrl+z"), end, "undone")

        self.assertEqual(window.leave(), (0, ""))


if __name__ == "__main__":
    screen.main()
