#!/usr/bin/env python3
"""The network neuron by neuron in a window: pointed at, pinned, switched to gradients, racers chosen, all by hand.

usage: units.py SLALOM

All is read from the screen: what changes where a hand was, and what comes back. Leaves with 77 (skipped) where Xvfb or
xdotool is missing.
"""

import screen
from view_case import AWAY, ViewCase

WEIGHTS, GRADIENTS = (40, 89), (111, 89)
# Of one racer: the second neuron of the first hidden layer, and the large map at the right.
NEURON = (229, 269)
STAGE = (620, 160, 920, 470)
NET = (30, 170, 590, 720)
# Of two racers: their chips and the button that shows both.
CHIPS, BOTH = ((33, 135), (85, 135)), (197, 89)


class Units(ViewCase):
    def open(self, *optimizers):
        words = [word for optimizer in optimizers for word in ("--optimizer", optimizer)]
        return self.open_at_end("--network", "2-8-8-1", "--data", "spirals", "--activation", "tanh", "--steps", "80",
                                *words, "--show", "network")

    def test_one_racer(self):
        window, start = self.open("adam:lr=0.03")

        window.point(*NEURON)
        pointed = self.settled(window)
        self.assertNotEqual(self.part(pointed, STAGE), self.part(start, STAGE), "the neuron's own map, large")
        self.assertNotEqual(self.part(pointed, NET), self.part(start, NET), "other neurons' lines are faded")
        window.point(*AWAY)
        self.assertEqual(self.settled(window), start)

        pinned = self.click(window, NEURON)
        self.assertEqual(self.part(pinned, STAGE), self.part(pointed, STAGE), "what was pressed stays")
        self.assertEqual(self.click(window, NEURON), start, "pressed again it goes")

        gradients = self.click(window, GRADIENTS)
        self.assertNotEqual(self.part(gradients, NET), self.part(start, NET), "lines are gradients")
        self.assertEqual(self.part(gradients, STAGE), self.part(start, STAGE), "the map is what it was")
        self.assertEqual(self.click(window, WEIGHTS), start)

        self.screen.xdotool("key", "Home")
        before = self.settled(window)
        self.assertNotEqual(self.part(before, NET), self.part(start, NET), "the start is another network")
        self.screen.xdotool("key", "End")
        self.assertEqual(self.settled(window), start, "the end is what it was")

        self.screen.xdotool("key", "bracketright")
        self.assertNotEqual(self.part(self.settled(window), NET), self.part(start, NET), "the next view")
        self.screen.xdotool("key", "bracketleft")
        self.assertEqual(self.settled(window), start)

        self.assertEqual(window.leave(), (0, ""))

    def test_two_racers(self):
        window, both = self.open("adam:lr=0.03", "sgd:lr=0.3")
        one = self.click(window, BOTH)
        self.assertNotEqual(self.part(one, NET), self.part(both, NET), "one racer has all the room")
        other = self.click(window, CHIPS[1])
        self.assertNotEqual(self.part(other, STAGE), self.part(one, STAGE), "the other racer has learned something else")
        first = self.click(window, CHIPS[0])
        self.assertEqual(self.part(first, STAGE), self.part(one, STAGE))


if __name__ == "__main__":
    screen.main()
