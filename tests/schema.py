#!/usr/bin/env python3
"""schema.py SLALOM SCENES: the schema of scene files says what slalom reads: of the scenes that are shipped, and of
broken ones. Files are held against it where Python's jsonschema and yaml are there."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import tap

SLALOM, SCENES = os.path.abspath(sys.argv[1]), sys.argv[2]

BROKEN = ["surfac: bowl", "steps: -1", "steps: many", "view: 4d", "slalom: 2", "racers: []", "racers: {sgd: {}}",
          "racers: [adam: {beta3: 1}]", "racers: [mine: {lr: 1}]", "racers: [{sgd: {}, adam: {}}]", "set: 5",
          "lesson: {topik: a}", "lesson: {steps: [{sya: a}]}", "lesson: {steps: [{change: {vieww: 3d}}]}",
          "epochs: -1", "chart-axis: tims", "start: {x: 1}"]
RIGHT = ["surface: bowl", "racers: [adam, sgd: {lr: 1e-3, change: {5: {lr: 2}}}]", "racers: ['mine: x -= lr*g']",
         "racers: [mine: {script: x -= lr*g, lr: 0.5}]", "start: [1, 2]", "start: 1,2", "set: {kappa: 1e2}",
         "network: 2-8-2\ndata: {moons: {n: 50}}\ninit: gaussian:sigma=0.5\nbatch: full", "all: {lr: 1}",
         "lesson: {number: 1, steps: [{say: a, change: {steps: 1e2, racers: [sgd]}}], expect: [sgd.loss < 1]}"]


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            yield from references(value)
    if isinstance(node, list):
        for value in node:
            yield from references(value)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(subprocess.run([SLALOM, "schema"], stdout=subprocess.PIPE, check=True).stdout)

    def read(self, text):
        """What slalom says of a text; "" where it takes it."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scene.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return subprocess.run([SLALOM, "scene", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  check=False).stderr.decode()

    def test_keys(self):
        """It has the keys that slalom has, and every part that it refers to."""
        said = self.read("nosuchkey: 1").split("There are ")[1].strip().split(", ")
        self.assertEqual(sorted(self.schema["properties"]), sorted(said))
        for reference in set(references(self.schema)):
            self.assertIn(re.fullmatch(r"#/\$defs/(\w+)", reference).group(1), self.schema["$defs"])

    def test_files(self):
        """Shipped scenes and right ones are right by it, broken ones are not; slalom says the same."""
        try:
            import jsonschema
            import yaml
        except ImportError as problem:
            self.skipTest(str(problem))
        check = jsonschema.Draft202012Validator(self.schema)

        def strings(node):
            """Keys of JSON are texts."""
            if isinstance(node, dict):
                return {str(key): strings(value) for key, value in node.items()}
            return [strings(value) for value in node] if isinstance(node, list) else node

        shipped = sorted(name for name in os.listdir(SCENES) if name.endswith(".yaml"))
        for name in shipped:
            with open(os.path.join(SCENES, name), encoding="utf-8") as file:
                check.validate(strings(yaml.safe_load(file)))
        for text in RIGHT:
            self.assertEqual(self.read(text), "", text)
            self.assertEqual([e.message for e in check.iter_errors(strings(yaml.safe_load(text)))], [], text)
        for text in BROKEN:
            self.assertNotEqual(self.read(text), "", text)
            self.assertFalse(check.is_valid(strings(yaml.safe_load(text))), text)


if __name__ == "__main__":
    tap.main()
