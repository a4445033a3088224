#!/usr/bin/env python3
"""lessons.py SLALOM: every shipped lesson is complete and what it claims is true, with each of its seeds; and the
opposite of every claim is seen to fail. One case a lesson."""

import glob
import json
import os
import re
import subprocess
import sys
import unittest

import tap

SLALOM = os.path.abspath(sys.argv[1])
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "assets", "scenes")
FILES = sorted(glob.glob(os.path.join(FOLDER, "*.yaml")))
# Under the sanitizers a network would train for minutes.
QUICK = bool(os.environ.get("SLALOM_TEST_QUICK"))


def slalom(*arguments):
    return subprocess.run([SLALOM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)


class Lessons(unittest.TestCase):
    def test_those_in_the_program_are_those_in_the_folder(self):
        listed = json.loads(slalom("list", "lessons", "--json").stdout)["lessons"]
        self.assertEqual([row["name"] for row in listed], [os.path.basename(path) for path in FILES])

    def check(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if QUICK and re.search(r"(?m)^network:", text):
            self.skipTest("trains a network")
        done = slalom("check", path, "--invert", "--verbose")
        told = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, told)
        self.assertRegex(done.stdout, r"(?m)^1 lesson, [1-9]\d* claims?, 0 failed, 0 mistakes$")
        # No claim is true whatever happens: each was held against its opposite.
        claims = len(re.findall(r"(?m)^  ok ", told))
        self.assertGreaterEqual(len(re.findall(r"(?m)^    fails +inverted: ", told)), claims)
        self.assertNotIn("HOLDS", told)


def add_case(path):
    name = os.path.basename(path)[: -len(".yaml")]

    def case(self):
        self.check(path)

    case.__doc__ = name
    setattr(Lessons, "test_" + re.sub(r"\W", "_", name), case)


for file_path in FILES:
    add_case(file_path)

if __name__ == "__main__":
    tap.main()
