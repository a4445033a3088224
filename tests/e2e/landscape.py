#!/usr/bin/env python3
"""The landscape of networks in a window: it gets finer by itself, is turned in space, and lies on another plane, by hand.

usage: landscape.py SLALOM

All is read from the screen: what changes where a hand was, and what comes back. Leaves with 77 (skipped) where Xvfb or
xdotool is missing.
"""

import time

import screen
from screen import count_far
from view_case import AWAY, WIDTH, ViewCase

COMPONENTS, RANDOM, POINTS, LINE, AGAIN = (632, 57), (709, 57), (784, 57), (848, 57), (902, 57)
GROUND = (40, 170, 900, 660)
TABLE = (10, 718, 940, 750)


class Landscape(ViewCase):
    still_s = 1  # it refines in bursts

    def open(self, network="2-16-16-1", data="spirals:n=300"):
        return self.open_at_end("--network", network, "--data", data, "--steps", "200", "--optimizer",
                                "adam:lr=0.02", "--optimizer", "sgd:lr=0.3", "--show", "landscape")

    def rows(self, picture):
        left, top, right, bottom = GROUND
        return [picture[y * WIDTH + left:y * WIDTH + right] for y in range(top, bottom)]

    def test_planes(self):
        window, start = self.open()
        pictures = [start]
        for at in (RANDOM, POINTS, LINE):
            picture = self.click(window, at)
            for before in pictures:
                self.assertNotEqual(self.part(picture, GROUND), self.part(before, GROUND))
                self.assertNotEqual(self.part(picture, TABLE), self.part(before, TABLE))
            pictures.append(picture)
        # Labels stay where they found a place on the plane before.
        again = self.click(window, COMPONENTS)
        far = sum(count_far(a, b) for a, b in zip(self.rows(again), self.rows(start)))
        self.assertLess(far, 0.03 * (GROUND[2] - GROUND[0]) * (GROUND[3] - GROUND[1]))

        self.assertEqual(window.leave(), (0, ""))

    def test_it_gets_finer(self):
        window, _ = self.open("2-256-256-1", "spirals:n=2000")  # takes longer than some pictures of the screen
        window.point(*AGAIN)
        seen = set()
        deadline = time.monotonic() + 60
        while len(seen) < 3 and time.monotonic() < deadline:  # it may be finer than one can look: once more
            self.screen.xdotool("click", 1)
            for _ in range(6):
                seen.add(self.part(window.picture(), GROUND))
        self.assertGreaterEqual(len(seen), 3, "coarse pictures come before the finest")

    def test_in_space(self):
        window, flat = self.open()
        self.screen.xdotool("key", "3")
        space = self.settled(window)
        self.assertNotEqual(self.part(space, GROUND), self.part(flat, GROUND))
        window.drag([(400, 400), (480, 410), (560, 420)])
        self.screen.xdotool("mouseup", 1)
        window.point(*AWAY)
        self.assertNotEqual(self.part(self.settled(window), GROUND), self.part(space, GROUND), "it is turned")
        self.screen.xdotool("key", "2")
        self.assertEqual(self.part(self.settled(window), GROUND), self.part(flat, GROUND))

        window.drag([(600, 400), (500, 350), (400, 300)])
        self.screen.xdotool("mouseup", 1)
        window.point(*AWAY)
        moved = self.settled(window)
        self.assertNotEqual(self.part(moved, GROUND), self.part(flat, GROUND))
        self.assertEqual(self.part(moved, TABLE), self.part(flat, TABLE), "racers are where they were")


if __name__ == "__main__":
    screen.main()
