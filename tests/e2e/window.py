#!/usr/bin/env python3
"""Black-box tests of the window, on a display of its own.

usage: window.py SLALOM

Leaves with 77 (skipped) where Xvfb or xdotool is missing. SLALOM_DRAG_SECONDS says how long the start is
dragged to see that memory does not grow (10). Under a sanitizer (SLALOM_TEST_QUICK) memory is not measured, for
it keeps what was freed.
"""

import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import screen
from screen import Screen, Window, count_differences, read_png

SLALOM = os.path.abspath(sys.argv[1])
DRAG_SECONDS = float(os.environ.get("SLALOM_DRAG_SECONDS", "10"))
QUICK = "SLALOM_TEST_QUICK" in os.environ
WIDTH, HEIGHT = 1280, 800
# Long enough not to end while a test looks at it.
RACE = ["--surface", "bowl", "--optimizer", "sgd:lr=0.02", "--optimizer", "momentum:lr=0.005", "--steps", "2000"]


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(1600, 1000)
        cls.addClassCleanup(cls.screen.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-window-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def open(self, *arguments):
        """A window that is not playing, at a step that may be chosen, the pointer away from everything."""
        if "--at" not in arguments:
            arguments += ("--at", "150")
        window = Window(self.screen, SLALOM, self.folder, *arguments)
        self.addCleanup(window.kill)
        window.point(1599, 999)
        window.wait_until_still(20)
        return window

    def leave(self, window, key="q"):
        """Quits by a key; every test ends so, and every window must leave well."""
        self.assertEqual(window.leave(key), (0, ""))

    def screenshot(self, window):
        """Presses F12 and reads the file that appears."""
        before = set(os.listdir(self.folder))
        new = lambda: {name for name in os.listdir(self.folder) if ".part-" not in name} - before
        self.screen.xdotool("key", "F12")
        window.wait_until(new, "a screenshot appears")
        window.wait_until_still()
        names = new()
        self.assertEqual(len(names), 1, names)
        name = names.pop()
        self.assertRegex(name, r"^slalom-\d+\.png$")
        with open(os.path.join(self.folder, name), "rb") as file:
            return read_png(file.read())

    def film(self, window, name):
        """Presses F9 to end a film, and waits for its file."""
        self.screen.xdotool("key", "F9")
        path = os.path.join(self.folder, name)
        window.wait_until(lambda: os.path.exists(path), "a film appears")
        return path

    def render(self, *arguments):
        path = os.path.join(self.folder, "rendered.png")
        subprocess.run([SLALOM, "render", *arguments, "--size", "%dx%d" % (WIDTH, HEIGHT), "--output", path],
                       check=True, timeout=120)
        with open(path, "rb") as file:
            picture = read_png(file.read())[2]
        os.remove(path)
        return picture

    def start_candidates(self, *start):
        """Points of the window at which the start may be, the likeliest first: where two pictures of step 0
        differ that have opposite starts on a symmetric surface, so that no number on them differs."""
        x, y = start
        race = ["--surface", "bowl", "--optimizer", "sgd", "--steps", "1", "--at", "0"]
        here = self.render(*race, "--start", "%g,%g" % (x, y))
        there = self.render(*race, "--start", "%g,%g" % (-x, -y))
        cell = 12
        counts = {}
        for i, (p, q) in enumerate(zip(here, there)):
            if p != q:
                key = (i % WIDTH // cell, i // WIDTH // cell)
                counts[key] = counts.get(key, 0) + 1
        self.assertTrue(counts, "the start is drawn")
        cells = sorted(counts, key=counts.get, reverse=True)
        return [(column * cell + cell // 2, row * cell + cell // 2) for column, row in cells[:60]]

    def grab_start(self, window, *start):
        """Presses the button on the start point. Dragging the plane changes nearly every pixel of it, dragging
        the start only some: that tells them apart without knowing how the window is laid out."""
        before = window.picture()
        for x, y in self.start_candidates(*start):
            window.drag([(x, y), (x + 9, y - 6), (x + 30, y - 20)])
            window.wait_until_still()
            changed = count_differences(before, window.picture())
            if 50 < changed < WIDTH * HEIGHT * 0.15:
                return x, y
            window.drag([(x + 30, y - 20), (x, y)])
            window.release()
        self.fail("nothing can be dragged at the start point")


class Look(Case):
    def test_opens_at_its_size_with_a_race(self):
        window = Window(self.screen, SLALOM, self.folder)
        self.addCleanup(window.kill)
        self.assertEqual(window.size(), (WIDTH, HEIGHT))
        self.assertGreater(len(set(window.picture())), 100, "a surface in many colours")
        self.leave(window)

    def fills(self, window):
        """Every corner of the window is drawn on: no row or column is left as the screen was (black)."""
        width, _ = window.size()
        picture = window.picture()
        edges = (picture[:width], picture[-width:], picture[::width], picture[width - 1::width])
        return all(any(pixel & 0xffffff for pixel in pixels) for pixels in edges)

    def test_resizes(self):
        window = self.open(*RACE)
        for width, height in ((800, 600), (1600, 1000), (WIDTH, HEIGHT)):
            window.resize(width, height)
            window.wait_until(lambda: self.fills(window), "%dx%d are drawn on" % (width, height))
            window.wait_until_still()
            self.assertEqual(self.screenshot(window)[:2], (width, height))
        self.leave(window)

    def test_screenshot_is_what_the_screen_shows(self):
        # At a step where nothing was played: while a race plays, names stay where they were as long as they can.
        window = self.open(*RACE, "--at", "300")
        shown = window.picture()
        width, height, saved = self.screenshot(window)
        self.assertEqual((width, height), window.size())
        # All but the invitation to drag the start, which is of no use in a file.
        self.assertLess(count_differences(shown, saved), WIDTH * HEIGHT * 0.003)
        self.leave(window)

    def test_shows_what_render_draws(self):
        window = self.open(*RACE)
        window.key("Home")
        rendered = self.render(*RACE, "--at", "0")
        shown = window.picture()
        # All but what only a window has: the state of its buttons, a hint.
        self.assertLess(count_differences(shown, rendered), WIDTH * HEIGHT * 0.03)
        self.leave(window)

    def test_takes_no_time_when_idle(self):
        window = self.open(*RACE)
        time.sleep(3)
        before = window.cpu_seconds()
        time.sleep(3)
        self.assertLessEqual(window.cpu_seconds() - before, 0.03)
        self.leave(window)


class Keys(Case):
    def test_space_plays_and_pauses(self):
        window = self.open(*RACE)
        window.key("Home")
        for playing in (True, False, True, False):
            self.screen.xdotool("key", "space")
            window.wait_until(lambda: window.is_moving() == playing, "space plays or pauses", seconds=5)
        self.leave(window)

    def test_arrows_step(self):
        window = self.open(*RACE)
        # Away from the start, where all heads are in one place and their labels stay where they have found room.
        window.key("Home")
        first = window.key("Next")
        second = window.key("Right")
        third = window.key("Right")
        self.assertTrue(count_differences(first, second) and count_differences(second, third))
        for expected in (second, first):
            self.screen.xdotool("key", "Left")
            window.wait_until(lambda: window.picture() == expected, "a step back shows what was there before")
        self.leave(window)

    def test_screenshots_are_numbered(self):
        window = self.open(*RACE)
        for _ in range(2):
            self.screenshot(window)
        self.assertEqual(len(os.listdir(self.folder)), 2)
        self.leave(window)

    def test_mistake_is_told_without_a_window(self):
        done = subprocess.run([SLALOM, "--surface", "x^2 +"], cwd=self.folder, env=self.screen.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"^", done.stderr)


class Pointer(Case):
    def test_wheel_zooms(self):
        window = self.open(*RACE)
        x, y = WIDTH * 0.35, HEIGHT * 0.45
        window.point(x, y)
        window.wait_until_still()
        before = window.picture()
        self.screen.xdotool("click", "4", "click", "4", "click", "4")
        window.wait_until_still()
        nearer = window.picture()
        self.assertGreater(count_differences(before, nearer), WIDTH * HEIGHT * 0.1)
        self.screen.xdotool("click", "5", "click", "5", "click", "5")
        window.wait_until_still()
        self.assertLess(count_differences(before, window.picture()), count_differences(before, nearer) / 4)
        self.leave(window)

    def test_dragging_the_plane_pans(self):
        window = self.open(*RACE)
        x, y = round(WIDTH * 0.2), round(HEIGHT * 0.7)
        window.point(x, y)
        window.wait_until_still()
        before = window.picture()
        window.drag([(x, y), (x + 20, y), (x + 60, y - 40)])
        window.wait_until_still()
        self.assertGreater(count_differences(before, window.release()), WIDTH * HEIGHT * 0.1)
        self.leave(window)

    def test_dragging_the_start_runs_the_race_again(self):
        window = self.open(*RACE, "--start", "2,2")
        window.key("End")
        x, y = self.grab_start(window, 2, 2)
        moved = window.release()
        # What is seen after a drag is the race from there, not the old one: stepping back and forth keeps it.
        window.key("Home")
        again = window.key("End")
        self.assertEqual(count_differences(moved, again), 0)
        self.leave(window)

    @unittest.skipIf(QUICK, "a sanitizer keeps what was freed")
    def test_dragging_the_start_takes_no_memory(self):
        window = self.open(*RACE, "--start", "2,2")
        window.key("End")
        x, y = self.grab_start(window, 2, 2)
        circle = [(round(x + 60 * math.cos(i / 10)), round(y + 60 * math.sin(i / 10))) for i in range(63)]

        def circle_for(seconds):
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                self.screen.xdotool(*(word for x, y in circle for word in ("mousemove", x, y, "sleep", "0.016")))

        circle_for(4)
        before = window.resident_kilobytes()
        circle_for(DRAG_SECONDS)
        self.assertLessEqual(window.resident_kilobytes() - before, 1024, "kilobytes more")
        window.release()
        self.leave(window)


class Chart(Case):
    CHART = (WIDTH * 0.79, WIDTH, 42, 260)  # left, right, top, bottom of where it is, about

    def changed(self, before, after, inside):
        """How many pixels of the chart, or of all that is left of it, are others."""
        left, right, top, bottom = self.CHART if inside else (0, WIDTH * 0.7, 42, HEIGHT * 0.9)
        rows = [slice(y * WIDTH + round(left), y * WIDTH + round(right)) for y in range(round(top), round(bottom))]
        return sum(count_differences(before[row], after[row]) for row in rows)

    def test_reads_and_zooms(self):
        window = self.open(*RACE)
        before = window.key("End")
        left, right, top, bottom = self.CHART
        window.point(left + 0.3 * (right - left), 0.5 * (top + bottom))
        window.wait_until_still()
        read = window.picture()
        self.assertGreater(self.changed(before, read, True), 200, "lines cross where it is read")
        self.assertGreater(self.changed(before, read, False), 20, "and the surface shows the point")
        self.screen.xdotool("click", "4", "click", "4")
        window.wait_until_still()
        nearer = window.picture()
        self.assertGreater(self.changed(read, nearer, True), 400)
        self.screen.xdotool("keydown", "shift", "click", "4", "keyup", "shift")
        window.wait_until_still()
        self.assertGreater(self.changed(nearer, window.picture(), True), 400, "with shift the other axis")
        self.screen.xdotool("click", "--repeat", "2", "--delay", "40", "1")
        window.wait_until_still()
        window.point(1599, 999)
        window.wait_until_still()
        self.assertEqual(count_differences(before, window.picture()), 0, "a double click shows all again")
        self.leave(window)

    def test_keys_choose(self):
        window = self.open(*RACE)
        pictures = [window.key("End")]
        for key in ("l", "g", "x", "shift+l"):
            pictures.append(window.key(key))
            self.assertGreater(self.changed(*pictures[-2:], True), 100, key)
            self.assertEqual(self.changed(*pictures[-2:], False), 0, key)
        self.leave(window)


class Typing(Case):
    def type(self, window, text):
        self.screen.xdotool("type", "--delay", "15", text)
        window.wait_until_still()
        return window.picture()

    def assert_shows(self, window, *race):
        """Once nothing is under way. All but what only a window has: the state of its buttons, a hint, a racer that is chosen."""
        window.wait_until_still(20)
        shown = [p & 0xffffff for p in window.picture()]
        self.assertLess(count_differences(shown, self.render(*race)), WIDTH * HEIGHT * 0.03)

    def test_palette_finds_a_surface(self):
        window = self.open(*RACE)
        before = window.key("Home")
        opened = window.key("ctrl+k")
        self.assertGreater(count_differences(before, opened), WIDTH * HEIGHT * 0.3)
        self.type(window, "rosen")
        window.key("Return")
        self.assert_shows(window, "--surface", "rosenbrock", *RACE[2:], "--at", "0")
        # Letters in the list are letters: q has not quit, t has not changed the theme.
        window.key("ctrl+k")
        self.type(window, "qt")
        window.key("Escape")
        self.assert_shows(window, "--surface", "rosenbrock", *RACE[2:], "--at", "0")
        window.key("ctrl+z")
        self.assert_shows(window, *RACE, "--at", "0")
        self.leave(window)

    def test_formula_with_a_mistake_is_mended(self):
        window = self.open(*RACE)
        window.key("Home", "e")
        wrong = self.type(window, "x^2 + 4*y^2 + 2*cos(yy)")
        right = window.key("Left", "BackSpace")
        self.assertGreater(count_differences(wrong, right), WIDTH * HEIGHT * 0.1, "the surface is another one")
        window.key("Return", "0")
        formula = ["--surface", "x^2 + 4*y^2 + 2*cos(y)", "--start=-3,2.5", *RACE[2:], "--at", "0"]
        self.assert_shows(window, *formula)
        # The same by the clipboard.
        window.key("e", "ctrl+a", "ctrl+c", "Delete", "ctrl+v", "Return")
        self.assert_shows(window, *formula)
        window.key("e")
        self.type(window, "x")
        window.key("Escape")
        self.assert_shows(window, *formula)
        self.leave(window)



@unittest.skipUnless(shutil.which("ffmpeg") and shutil.which("ffprobe"), "ffmpeg is not installed")
class Film(Case):
    RED = 0xe5484d

    def count_red(self, picture):
        return sum((pixel & 0xffffff) == self.RED for pixel in picture)

    def frames(self, path):
        done = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
                               "-of", "csv=p=0", path], stdout=subprocess.PIPE, check=True, timeout=60)
        return int(done.stdout)

    def test_a_film_of_the_window(self):
        """F9 records what is on the screen in its own time, without the red mark, and the window goes on"""
        window = self.open(*RACE)
        self.assertEqual(self.count_red(window.picture()), 0)
        self.screen.xdotool("key", "F9")
        began = time.monotonic()
        window.wait_until(lambda: self.count_red(window.picture()) > 20, "a red mark is on the screen")
        self.screen.xdotool("key", "space")
        time.sleep(2)
        self.screen.xdotool("key", "space")
        path = self.film(window, "slalom-1.mp4")
        ended = time.monotonic()
        self.assertGreater(self.frames(path), 30 * 2)
        self.assertLess(self.frames(path), 30 * (ended - began + 3))
        window.wait_until(lambda: self.count_red(window.picture()) == 0, "the mark goes away")
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-sseof", "-0.5", "-i", path, "-frames:v", "1", "-f",
                               "rawvideo", "-pix_fmt", "bgra", "-"], stdout=subprocess.PIPE, check=True, timeout=60)
        frame = memoryview(done.stdout).cast("I")
        self.assertEqual(len(frame), WIDTH * HEIGHT)
        near = sum((p >> 16 & 255) > 180 and (p >> 8 & 255) < 110 and (p & 255) < 120 for p in frame)
        self.assertLess(near, 10, "the mark is not in the film")
        window.wait_until_still()
        self.leave(window)

    def test_ffmpeg_dies(self):
        """where ffmpeg dies the window goes on, and what was recorded can be played"""
        window = self.open(*RACE)
        self.screen.xdotool("key", "F9")
        self.screen.xdotool("key", "space")
        path = os.path.join(self.folder, "slalom-1.partial.mp4")
        window.wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 20000, "something is recorded")
        pids = subprocess.run(["pgrep", "-P", str(window.process.pid), "-x", "ffmpeg"], stdout=subprocess.PIPE,
                              check=True).stdout.split()
        self.assertEqual(len(pids), 1)
        os.kill(int(pids[0]), 9)
        window.wait_until(lambda: self.count_red(window.picture()) == 0, "the mark goes away")
        self.screen.xdotool("key", "Home", "space")
        self.assertTrue(window.is_moving(), "the race goes on")
        self.assertGreater(self.frames(path), 10)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "slalom-1.mp4")))
        self.leave(window)

    def test_quitting_ends_a_film(self):
        """a film that is recorded when the window closes is whole"""
        window = self.open(*RACE)
        self.screen.xdotool("key", "F9")
        window.wait_until(lambda: self.count_red(window.picture()) > 20, "a red mark is on the screen")
        self.leave(window)
        self.assertEqual(sorted(name for name in os.listdir(self.folder) if name.startswith("slalom-")),
                         ["slalom-1.mp4"])
        self.assertGreater(self.frames(os.path.join(self.folder, "slalom-1.mp4")), 0)


if __name__ == "__main__":
    screen.main()
