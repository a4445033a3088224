#!/usr/bin/env python3
"""A class: from the first lesson to the last with the right arrow, back with the left one, and the page of lessons.

usage: lessons.py SLALOM

What has been finished is read from the file in which slalom keeps it, and the rest from the screen. With SLALOM_TEST_QUICK in
the environment it is a few lessons. Leaves with 77 (skipped) where Xvfb or xdotool is missing.
"""

import os
import subprocess
import sys
import tempfile
import time
import unittest

import screen
from screen import Screen, Window, count_differences

SLALOM = os.path.abspath(sys.argv[1])
WIDTH, HEIGHT = 1280, 800
QUICK = "SLALOM_TEST_QUICK" in os.environ
PRESSES_MAX = 900


class Lessons(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(2560, 1440)
        cls.addClassCleanup(cls.screen.close)
        words = subprocess.run([SLALOM, "list", "lessons"], check=True, stdout=subprocess.PIPE).stdout.decode()
        cls.names = [line.split()[0] for line in words.splitlines()]

    def open(self, *arguments):
        folder = tempfile.TemporaryDirectory(prefix="slalom-lesson-")
        self.addCleanup(folder.cleanup)
        window = Window(self.screen, SLALOM, folder.name, *arguments, "--size", "%dx%d" % (WIDTH, HEIGHT))
        self.addCleanup(window.kill)
        window.point(2559, 1439)
        window.wait_until_still(10)
        return window

    def leave(self, window):
        self.assertEqual(window.leave(), (0, ""))

    def finished(self, window):
        try:
            with open(os.path.join(window.state, "slalom", "lessons"), encoding="utf-8") as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    def test_the_right_arrow_goes_from_the_first_lesson_to_the_last(self):
        window = self.open("1")
        wanted = self.names[:3] if QUICK else self.names
        finished = []
        for _ in range(PRESSES_MAX):
            self.screen.xdotool("key", "Right")  # without waiting: a teacher in a hurry
            time.sleep(0.04)
            if window.process.poll() is not None:
                self.fail("slalom left after " + ", ".join(finished))
            finished = self.finished(window)
            if len(finished) >= len(wanted):
                break
        else:
            window.wait_until(lambda: len(self.finished(window)) >= len(wanted), "all that was pressed is done")
        self.assertEqual(self.finished(window), wanted)
        self.leave(window)

    def test_the_left_arrow_brings_back_what_was(self):
        window = self.open("11")
        question = bytes(window.picture())
        window.key("Right")
        window.wait_until_still(20)
        self.assertGreater(count_differences(question, bytes(window.picture())), 2000)
        window.key("Left")
        window.wait_until(lambda: bytes(window.picture()) == question, "the question is there again")
        self.leave(window)

    def test_a_lesson_is_chosen_from_the_page(self):
        window = self.open("11")
        question = bytes(window.picture())
        window.key("j")
        window.wait_until_still(20)
        page = bytes(window.picture())
        self.assertGreater(count_differences(question, page), WIDTH * HEIGHT)  # of its bytes
        self.screen.xdotool("key", "1", "4", "Return")
        window.wait_until(lambda: bytes(window.picture()) != page, "another lesson is open")
        window.key("j")
        window.wait_until_still(20)
        window.key("1", "1", "Return")
        window.wait_until(lambda: bytes(window.picture()) == question, "lesson 11 is open again")
        self.leave(window)

    def test_the_page_is_a_command(self):
        window = self.open("lessons")
        page = bytes(window.picture())
        window.key("Escape")
        window.wait_until_still(20)
        self.assertGreater(count_differences(page, bytes(window.picture())), WIDTH * HEIGHT // 2)
        self.leave(window)


if __name__ == "__main__":
    screen.main()
