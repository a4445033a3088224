#!/usr/bin/env python3
"""Networks in a window: played, stepped by one minibatch, scrubbed, changed and undone, with keys and the pointer.

usage: networks.py SLALOM

All is read from the screen: where a person has to get to the same picture again, and where to another. Leaves with 77
(skipped) where Xvfb or xdotool is missing.
"""

import screen
from screen import count_differences, count_far
from view_case import AWAY, ViewCase, WIDTH

PLOT = (20, 100, 700, 680)  # well within the panels of the racers
TIMELINE = (188, 926, 781)  # from, to, and how far down
TURNS = (1062, 1202, 678)
NOTICE_S = 6  # longer than anything is told
FREE = (120, 160)  # within the first panel, where no example is
STEPS = 60


class Networks(ViewCase):
    def open(self):
        return self.open_window("--network", "2-16-16-1", "--data", "spirals", "--steps", str(STEPS), "--optimizer",
                                "adam:lr=0.03", "--optimizer", "sgd:lr=0.3")

    def slide(self, window, track, start, end):
        """Along a track, between two shares of its length."""
        left, right, y = track
        at = [round(left + share * (right - left)) for share in (start, 0.5 * (start + end), end)]
        self.drag(window, [(x, y) for x in at])

    def learnt(self, before, picture):
        """Whether the racers' panels show something else by far."""
        left, top, right, bottom = PLOT
        rows = range(top, bottom, 20)
        parts = [slice(y * WIDTH + left, y * WIDTH + right) for y in rows]
        differences = sum(count_far(before[part], picture[part]) for part in parts)
        return differences > 0.05 * len(rows) * (right - left)

    def test_a_race_of_networks(self):
        window = self.open()
        self.press("Home")  # it has begun to play
        start = self.settled(window)

        self.press("Right")
        self.until_other(window, start, "a step of one minibatch is shown")
        first = self.settled(window)
        self.press("Right")
        self.until_other(window, first, "another minibatch")
        self.press("Left")
        self.until_same(window, first, "the step before is shown again")
        self.press("Home")
        self.until_same(window, start, "the start is shown again")

        self.press("space")
        self.until_other(window, start, "it plays")
        self.press("End")
        window.wait_until(lambda: self.learnt(start, window.picture()), "they have learnt something")
        end = self.settled(window)

        self.slide(window, TIMELINE, 0.9, 0.2)
        self.until_other(window, end, "the timeline is scrubbed")
        self.press("End")
        self.until_same(window, end, "the end is shown again, which was kept")

        self.slide(window, TURNS, 0.37, 0.8)
        window.wait_until(lambda: self.learnt(end, window.picture()), "spirals with more turns look otherwise")
        self.press("ctrl+z")
        self.until_same(window, end, "undone: the race as it was")

        self.assertEqual(window.leave(), (0, ""))

    def test_points_by_hand(self):
        """A click, a stroke and the right button, each undone to the very picture before it."""
        window = self.open()
        self.press("End")
        before = self.settled(window)

        self.press("shift+z")  # the tool for points of the first class
        self.until_other(window, before, "a tool is chosen")
        window.point(*FREE)  # the pointer is used from here on, and the keys' cross goes
        window.point(*AWAY)
        window.wait_until_still(60, NOTICE_S)  # what its keys are is told for a while
        chosen = window.picture()
        window.point(*FREE)
        self.screen.xdotool("click", "1")
        window.point(*AWAY)
        self.until_other(window, chosen, "a point is put down")
        one = self.settled(window)
        self.assertGreater(count_differences(chosen, one), 500)  # it is learned

        self.drag(window, [(FREE[0], FREE[1] + down) for down in range(0, 160, 8)])
        self.until_other(window, one, "a stroke paints")
        self.settled(window)
        self.press("ctrl+z")
        self.until_same(window, one, "the stroke is one change, and is undone")

        window.point(*FREE)
        self.screen.xdotool("click", "3")
        window.point(*AWAY)
        self.until_same(window, chosen, "the right button takes the point away")
        self.press("ctrl+z", "ctrl+z", "Escape")
        self.until_same(window, before, "all is undone, and no tool is chosen")
        self.assertEqual(window.leave(), (0, ""))


if __name__ == "__main__":
    screen.main()
