#!/usr/bin/env python3
"""How the loss of networks curves, in a window: it comes by itself, is read, and is of the racer that is chosen.

usage: curvature.py SLALOM

All is read from the screen. Leaves with 77 (skipped) where Xvfb or xdotool is missing.
"""

import screen
from screen import count_far
from view_case import AWAY, WIDTH, ViewCase

CHARTS, SPREAD = (60, 110, 860, 520), (60, 560, 940, 750)
TIMELINE = (188, 926, 781)  # from, to, and how far down
STEPS = 200


class Curvature(ViewCase):
    still_s = 1  # it comes in bursts

    def open(self):
        return self.open_at_end("--network", "2-16-16-1", "--data", "spirals", "--steps", str(STEPS), "--optimizer",
                                "adam:lr=0.03", "--optimizer", "sgd:lr=0.3", "--show", "curvature")

    def far(self, before, picture, box):
        """How many pixels of a part are another colour by far."""
        left, top, right, bottom = box
        parts = [slice(y * WIDTH + left, y * WIDTH + right) for y in range(top, bottom)]
        return sum(count_far(before[part], picture[part]) for part in parts)

    def test_curvature(self):
        window, end = self.open()

        self.press("period")  # the first racer, whose spectrum is shown already
        self.press("period")
        window.wait_until(lambda: self.far(end, window.picture(), SPREAD) > 500, "the other racer's spectrum")
        other = self.settled(window)
        self.assertLess(self.far(end, other, CHARTS), 200, "the charts stay")

        self.press("x")
        self.until_other(window, other, "by steps")
        self.press("x")
        self.until_same(window, other, "by epochs again")

        window.point(500, 200)
        window.wait_until(lambda: self.far(other, window.picture(), (860, 110, 945, 520)) > 100, "values are read")
        window.point(*AWAY)
        self.until_same(window, other, "names again")

        left, right, y = TIMELINE
        self.drag(window, [(left + 0.9 * (right - left), y), (left + 0.5 * (right - left), y), (left + 2, y)])
        window.wait_until(lambda: self.far(other, window.picture(), CHARTS) > 500, "an earlier step")
        self.settled(window)

        self.press("bracketright")
        window.wait_until(lambda: self.far(other, window.picture(), SPREAD) > 5000, "the next view")

        self.assertEqual(window.leave(), (0, ""))


if __name__ == "__main__":
    screen.main()
