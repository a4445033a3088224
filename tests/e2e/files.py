#!/usr/bin/env python3
"""files.py SLALOM: scene files in the window: saved, opened, followed when they change, and kept when it ends badly.

What resulted is read from the files that slalom writes, and from what it shows."""
import os
import signal
import subprocess
import sys
import tempfile
import unittest

import screen
from screen import Screen, Window, count_differences

SLALOM = os.path.abspath(sys.argv[1])
BOWL = "slalom: 1\nsurface: bowl\nracers:\n  - sgd: {lr: 0.1, style: 1}\nsteps: 40\nat: 20\n"


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(1280, 800)
        cls.addClassCleanup(cls.screen.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-files-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """As editors do: beside it, then renamed."""
        with open(self.path(name + "~"), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.path(name + "~"), self.path(name))

    def read(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def open(self, *arguments):
        window = Window(self.screen, SLALOM, self.folder, *arguments)
        self.addCleanup(window.kill)
        window.point(1279, 799)
        window.wait_until_still(10)
        return window

    def keys(self, *names):
        self.screen.xdotool("key", *names)

    def kept(self, window):
        return self.read(os.path.join(window.state, "slalom", "last"))

    def leave(self, window):
        self.keys("ctrl+q")
        _, errors = window.process.communicate(timeout=20)
        self.assertEqual((window.process.returncode, errors.decode()), (0, ""))

    def test_save(self):
        window = self.open("--surface", "bowl", "--at", "7")
        self.keys("ctrl+s")
        self.screen.xdotool("type", "--delay", "15", "my valley")
        self.keys("Return")
        window.wait_until(lambda: "at: 7" in self.read(self.path("my valley.yaml")), "it is saved under the name")
        # The second time nobody is asked.
        self.keys("Right", "ctrl+s")
        window.wait_until(lambda: "at: 8" in self.read(self.path("my valley.yaml")), "it is saved again")
        self.assertEqual(os.listdir(self.folder), ["my valley.yaml"])
        self.leave(window)
        # It is the scene, in its one form.
        scene = subprocess.run([SLALOM, "scene", self.path("my valley.yaml")], stdout=subprocess.PIPE, check=True)
        self.assertEqual(scene.stdout.decode(), self.read(self.path("my valley.yaml")))

    def test_open(self):
        self.write("one.yaml", BOWL)
        self.write("two.yaml", BOWL.replace("bowl", "rosenbrock"))
        window = self.open("one.yaml")
        self.assertIn("surface: bowl", self.kept(window) or "surface: bowl")
        self.keys("ctrl+o")
        self.screen.xdotool("type", "--delay", "15", "two")
        self.keys("Return")
        window.wait_until(lambda: "surface: rosenbrock" in self.kept(window), "the other one is open")
        # A path that is typed; one that is none is told, and changes nothing.
        self.keys("ctrl+o")
        self.screen.xdotool("type", "--delay", "15", "./none.yaml")
        self.keys("Return")
        self.keys("ctrl+o")
        self.screen.xdotool("type", "--delay", "15", self.path("one.yaml"))
        self.keys("Return")
        window.wait_until(lambda: "surface: bowl" in self.kept(window), "the first one is open again")
        self.leave(window)
        recent = self.read(os.path.join(window.state, "slalom", "recent")).split("\n")
        self.assertEqual(recent, [self.path("one.yaml"), self.path("two.yaml"), ""])

    def test_follow(self):
        self.write("scene.yaml", BOWL)
        window = self.open("scene.yaml")
        before = window.picture()
        # What is wrong is told as long as it is; the picture stays.
        self.write("scene.yaml", BOWL.replace("steps", "stesp"))
        window.wait_until(lambda: count_differences(before, window.picture()) > 1500, "the mistake is told")
        window.wait_until_still(10)
        told = window.picture()
        self.assertLess(count_differences(before, told), 40000)
        self.assertGreater(count_differences(before, window.picture()), 1500, "still")
        self.write("scene.yaml", BOWL)
        window.wait_until(lambda: count_differences(before, window.picture()) == 0, "it is as before")
        self.write("scene.yaml", BOWL.replace("bowl", "rosenbrock"))
        window.wait_until(lambda: "surface: rosenbrock" in self.kept(window), "the window follows the file")
        # Saving is no change of somebody else's.
        self.keys("ctrl+s")
        window.wait_until(lambda: "style: 1" in self.read(self.path("scene.yaml")), "it is saved")
        self.leave(window)

    def test_kept(self):
        """What is on screen comes back after the program was killed, with everything that was said of it."""
        self.write("scene.yaml", BOWL + "title: Mine\nnotes: |\n  one\n  two\n")
        window = self.open("scene.yaml")
        self.keys("Right", "l")
        window.wait_until(lambda: "at: 21" in self.kept(window) and "chart: " in self.kept(window), "it is kept")
        kept = self.kept(window)
        shown = window.picture()
        window.process.send_signal(signal.SIGKILL)
        window.process.wait()
        window = self.open()
        self.assertEqual(count_differences(shown, window.picture()), 0)
        self.keys("Left", "Right")
        self.leave(window)
        self.assertEqual(self.kept(window), kept)
        for text in ("title: Mine", "notes: |\n  one\n  two\n", "# file: " + self.path("scene.yaml")):
            self.assertIn(text, kept)


if __name__ == "__main__":
    screen.main()
