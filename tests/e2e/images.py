#!/usr/bin/env python3
"""Images in a window: of the hardest one is looked at in large, a cell of the confusion matrix is opened and closed, racers
are compared, and the race goes on under it, all by hand.

usage: images.py SLALOM

All is read from the screen: what changes where a hand was, and what comes back. Leaves with 77 (skipped) where Xvfb or
xdotool is missing.
"""

import screen
from view_case import AWAY, ViewCase

BESIDE = (868, 57)  # the button at the right of the tabs
# Of two racers: the second of the hardest images, the matrix of the first, and who is on the right.
IMAGE = (100, 184)
HARDEST = (10, 155, 460, 240)
CONFUSION = (31, 447, 268, 683)
CELL = (42, 458)  # the first of the diagonal
RIGHT = (488, 105, 935, 130)
RIGHT_HARDEST = (488, 155, 935, 240)
FIRST_HEADER = (10, 105, 460, 130)


class Images(ViewCase):
    def open(self):
        return self.open_at_end("--network", "64-32-10", "--data", "digits", "--batch", "32", "--steps", "200",
                                "--optimizer", "sgd:lr=0.1", "--optimizer", "adam:lr=0.003", "--optimizer",
                                "momentum:lr=0.05", "--show", "images", "--beside", "2")

    def test_images_are_looked_at(self):
        window, start = self.open()

        window.point(*IMAGE)
        pointed = self.settled(window)
        self.assertNotEqual(self.part(pointed, RIGHT_HARDEST), self.part(start, RIGHT_HARDEST))
        window.point(*AWAY)
        self.assertEqual(self.settled(window), start, "nothing is pointed at")
        large = self.click(window, IMAGE)
        self.assertNotEqual(large, start, "it stays in large")
        self.screen.xdotool("key", "Escape")
        self.assertEqual(self.settled(window), start)

        cell = self.click(window, CELL)
        self.assertNotEqual(self.part(cell, HARDEST), self.part(start, HARDEST), "the images of a cell")
        self.assertNotEqual(self.part(cell, RIGHT_HARDEST), self.part(start, RIGHT_HARDEST), "for both")
        self.assertEqual(self.click(window, CELL), start, "the hardest again")

        self.screen.xdotool("key", "Home")
        before = self.settled(window)
        self.assertNotEqual(self.part(before, CONFUSION), self.part(start, CONFUSION), "nothing is learned yet")
        self.screen.xdotool("key", "End")
        self.assertEqual(self.settled(window), start, "what was kept is the same")

    def test_racers_are_compared(self):
        window, start = self.open()
        third = self.click(window, BESIDE)
        self.assertNotEqual(self.part(third, RIGHT), self.part(start, RIGHT), "the next one is beside it")
        self.assertEqual(self.part(third, HARDEST), self.part(start, HARDEST), "the images stay")
        nobody = self.click(window, BESIDE)
        self.assertNotEqual(self.part(nobody, HARDEST), self.part(start, HARDEST), "one has all the room")
        self.assertEqual(self.click(window, BESIDE), start)
        turned = self.click(window, (RIGHT[0] + 30, RIGHT[1] + 12))
        self.assertNotEqual(self.part(turned, FIRST_HEADER), self.part(start, FIRST_HEADER), "they change sides")

    def test_it_plays(self):
        window, end = self.open()
        self.screen.xdotool("key", "Home")
        self.settled(window)
        self.screen.xdotool("key", "space")
        window.wait_until(lambda: self.part(window.picture(), CONFUSION) == self.part(end, CONFUSION),
                          "they have learned all that they will", 60)
        self.assertEqual(self.settled(window), end, "in the end the order is the same")
        self.assertEqual(window.leave(), (0, ""))


if __name__ == "__main__":
    screen.main()
