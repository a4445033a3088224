#!/usr/bin/env python3
"""Black-box tests of the command line.

usage: cli.py SLALOM

Where SLALOM_REFERENCE names another build of slalom, both must write the same CSV. Expected numbers come from
Python's own arithmetic, never from slalom.
"""

import csv
import io
import json
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import tap

SLALOM = os.path.abspath(sys.argv[1])
REFERENCE = os.environ.get("SLALOM_REFERENCE")
HEADER = "step,racer,evaluations,loss,grad_norm,lr,x,y,status"
NUMBERS = ("loss", "grad_norm", "lr", "x", "y")
OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
SURFACES = """bowl ravine rosenbrock beale himmelblau rastrigin ackley styblinski_tang six_hump_camel
    three_hump_camel booth matyas goldstein_price michalewicz easom mccormick strict_saddle open_saddle
    monkey_saddle identifiability deep_chain cliff recurrent_wall mountain plateau two_wells hills one_neuron
    line_fit separable precision random_waves""".split()
# A command must neither need a display nor find one.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}


class Case(unittest.TestCase):
    """One test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def call(self, *arguments, program=SLALOM, stdout=subprocess.PIPE, environment=ENVIRONMENT):
        return subprocess.run([program, *arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=stdout, stderr=subprocess.PIPE, timeout=120)

    def succeed(self, *arguments, **options):
        done = self.call(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run_race(self, *arguments, **options):
        """The CSV of a race as bytes."""
        return self.succeed("run", *arguments, "--csv", "-", **options)

    def rows(self, *arguments):
        rows = list(csv.DictReader(io.StringIO(self.run_race(*arguments).decode())))
        self.assertTrue(rows, "no rows")
        return rows

    def assert_one_message(self, done):
        message = done.stderr.decode("utf-8")
        self.assertTrue(message.strip(), "nothing on stderr")
        self.assertTrue(message.endswith("\n"), message)
        self.assertLess(len(message), 4096, "a message to be read by a person")
        self.assertLessEqual(len(re.findall(r"(?m)^slalom: ", message)), 1, message)
        self.assertNotIn("Sanitizer", message)
        return message

    def refuse(self, *arguments, mentions=(), **options):
        """Bad input: exit 2, one message, nothing on stdout, no file made or changed."""
        before = sorted(os.listdir(self.folder))
        done = self.call(*arguments, **options)
        message = self.assert_one_message(done)
        self.assertEqual(done.returncode, 2, message)
        self.assertIn(done.stdout, (None, b""))
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        for word in mentions:
            self.assertIn(word, message)
        return message


def add_cases(case, table, method):
    """Adds a test to the class for each row {name: arguments of the method}."""
    for i, (name, arguments) in enumerate(table.items()):
        def test(self, arguments=arguments):
            method(self, *arguments)
        test.__doc__ = "%s: %s" % (case.__name__, name)
        setattr(case, "test_row_%02d" % i, test)


class Run(Case):
    RACE = ["--surface", "rosenbrock", "--start", "-1.2,1", "--optimizer", "adam:lr=0.02", "--optimizer",
            "sgd:lr=0.001,label=plain", "--steps", "50"]

    def test_header_and_order(self):
        text = self.run_race(*self.RACE).decode()
        self.assertEqual(text.split("\n", 1)[0], HEADER)
        self.assertTrue(text.endswith("\n"))
        self.assertNotIn("\r", text)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual([(int(row["step"]), row["racer"]) for row in rows],
                         [(step, racer) for step in range(51) for racer in ("adam", "plain")])

    def test_step_0_is_the_start(self):
        for row in self.rows(*self.RACE)[:2]:
            self.assertEqual((row["step"], float(row["x"]), float(row["y"])), ("0", -1.2, 1.0))
            loss = (1 + 1.2) ** 2 + 100 * (1 - 1.2 * 1.2) ** 2
            self.assertAlmostEqual(float(row["loss"]), loss, delta=1e-13 * loss)
            gradient = (-2 * 2.2 + 400 * 1.2 * (1 - 1.44), 200 * (1 - 1.44))
            self.assertAlmostEqual(float(row["grad_norm"]), math.hypot(*gradient), delta=1e-12 * math.hypot(*gradient))
            self.assertEqual(row["status"], "running")

    def test_numbers_have_17_digits(self):
        for row in self.rows(*self.RACE):
            for name in NUMBERS:
                self.assertEqual("%.17g" % float(row[name]), row[name])
            self.assertRegex(row["evaluations"], r"^\d+$")

    def test_evaluations_are_counted(self):
        evaluations = [int(row["evaluations"]) for row in self.rows(*self.RACE) if row["racer"] == "plain"]
        differences = [b - a for a, b in zip(evaluations, evaluations[1:])]
        self.assertEqual(differences, [1] * 50)

    def test_gradient_descent_follows_its_formula(self):
        rows = self.rows("--surface", "0.5*(x^2 + 50y^2)", "--start", "-4,1", "--optimizer", "sgd:lr=0.035",
                         "--steps", "200")
        x, y = -4.0, 1.0
        for row in rows:
            self.assertAlmostEqual(float(row["x"]), x, delta=1e-12 * abs(x))
            self.assertAlmostEqual(float(row["y"]), y, delta=1e-12 * abs(y))
            self.assertEqual(float(row["lr"]), 0.035)
            x, y = x - 0.035 * x, y - 0.035 * 50 * y

    def test_online_descent_on_squares_has_its_regret(self):
        data = [1.0, -2.0, 0.5, 4.0]
        rows = self.rows("--surface", "mean(0.5*(x - c)^2 + 0.5*y^2, c=[1, -2, 0.5, 4])", "--start", "3,0", "--batch",
                         "1,listed", "--optimizer", "sgd:lr=0.25", "--steps", "40", "--columns", "+batch_loss,regret")
        x, lost, seen = 3.0, 0.0, []
        for step, row in enumerate(rows):
            example = data[step % 4]
            best = sum(seen) / len(seen) if seen else 0
            self.assertAlmostEqual(float(row["x"]), x, delta=1e-12)
            self.assertAlmostEqual(float(row["batch_loss"]), 0.5 * (x - example) ** 2, delta=1e-12)
            self.assertAlmostEqual(float(row["loss"]), sum(0.125 * (x - c) ** 2 for c in data), delta=1e-12)
            self.assertAlmostEqual(float(row["regret"]), lost - sum(0.5 * (c - best) ** 2 for c in seen), delta=1e-9)
            lost += 0.5 * (x - example) ** 2
            seen.append(example)
            x -= 0.25 * (x - example)

    def test_momentum_follows_its_formula(self):
        rows = self.rows("--surface", "0.5*(x^2 + 50y^2)", "--start", "-4,1", "--optimizer",
                         "momentum:lr=0.02,momentum=0.9", "--steps", "50")
        position, velocity = [-4.0, 1.0], [0.0, 0.0]
        for row in rows:
            for i, name in enumerate("xy"):
                self.assertAlmostEqual(float(row[name]), position[i], delta=1e-12)
                velocity[i] = 0.9 * velocity[i] - 0.02 * (1, 50)[i] * position[i]
                position[i] += velocity[i]

    def test_setting_changes_the_surface(self):
        def loss(kappa):
            return float(self.rows("--surface", "ravine", "--set", "kappa=%g" % kappa, "--start", "0,1",
                                   "--optimizer", "sgd", "--steps", "1")[0]["loss"])
        self.assertEqual((loss(10), loss(200)), (5, 100))

    def test_unstated_hyperparameters_are_the_defaults(self):
        race = ["--surface", "bowl", "--start", "3,2", "--steps", "30"]
        table = json.loads(self.succeed("list", "optimizers", "--json"))["optimizers"]
        for row in table:
            stated = ",".join("%s=%.17g" % (p["name"], p["default"]) for p in row["parameters"])
            with self.subTest(row["name"]):
                if row["matrices"]:
                    self.refuse("run", *race, "--optimizer", row["name"], mentions=[row["name"], "matrices"])
                    continue
                self.assertEqual(self.run_race(*race, "--optimizer", row["name"]),
                                 self.run_race(*race, "--optimizer", row["name"] + ":" + stated))

    def test_diverged_racer_leaves_and_the_others_go_on(self):
        rows = self.rows("--surface", "rosenbrock", "--optimizer", "sgd:lr=1,label=wild", "--optimizer",
                         "adam:lr=0.01", "--steps", "60")
        wild = [row for row in rows if row["racer"] == "wild"]
        adam = [row for row in rows if row["racer"] == "adam"]
        self.assertEqual(wild[-1]["status"], "diverged")
        self.assertEqual([row["status"] for row in wild[:-1]], ["running"] * (len(wild) - 1))
        self.assertLess(len(wild), 61)
        for name in NUMBERS:
            self.assertTrue(math.isfinite(float(wild[-1][name])), name)
        self.assertEqual([int(row["step"]) for row in adam], list(range(61)))
        self.assertNotIn("diverged", {row["status"] for row in adam})

    def test_unbounded_surface_is_reported_diverged(self):
        rows = self.rows("--surface", "open_saddle", "--start", "1,0.1", "--optimizer", "sgd:lr=0.1", "--steps",
                         "20000")
        self.assertEqual(rows[-1]["status"], "diverged")
        self.assertTrue(all(math.isfinite(float(row["y"])) for row in rows))

    def test_statuses(self):
        rows = self.rows("--surface", "bowl", "--start", "1,1", "--optimizer", "sgd:lr=0.5", "--steps", "3000")
        self.assertEqual(rows[-1]["status"], "converged")
        rows = self.rows("--surface", "strict_saddle", "--start", "1,0", "--optimizer", "sgd:lr=0.5", "--steps", "3000")
        self.assertEqual(rows[-1]["status"], "stalled")

    def test_same_bytes_twice_and_in_a_file(self):
        first = self.run_race(*self.RACE, "--seed", "7")
        self.assertEqual(first, self.run_race(*self.RACE, "--seed", "7"))
        self.assertEqual(self.succeed("run", *self.RACE, "--seed", "7", "--csv", "race.csv"), b"")
        self.assertEqual(self.read("race.csv"), first)
        self.assertEqual(os.listdir(self.folder), ["race.csv"])

    def test_existing_file_is_replaced_or_kept(self):
        with open(self.path("race.csv"), "w", encoding="ascii") as file:
            file.write("old\n")
        self.refuse("run", "--surface", "x^2 +", "--optimizer", "sgd", "--steps", "5", "--csv", "race.csv")
        self.assertEqual(self.read("race.csv"), b"old\n")
        self.succeed("run", *self.RACE, "--csv", "race.csv")
        self.assertTrue(self.read("race.csv").startswith(HEADER.encode()))

    def test_every_surface_and_optimizer(self):
        racers = [word for name in OPTIMIZERS for word in ("--optimizer", name)]
        for surface in SURFACES:
            with self.subTest(surface):
                rows = self.rows("--surface", surface, *racers, "--steps", "20")
                self.assertEqual([row["racer"] for row in rows[:7]], OPTIMIZERS)
                for row in rows:
                    for name in NUMBERS:
                        self.assertTrue(math.isfinite(float(row[name])), row)

    @unittest.skipUnless(REFERENCE, "there is no other build to compare with")
    def test_same_bytes_as_the_reference_build(self):
        racers = [word for name in OPTIMIZERS for word in ("--optimizer", name)]
        typed = ["exp(-x^2) + log(1 + y²)*sin(3x) + tanh(x*y)", "sqrt(x^2 + y^2) + erf(x) + atan2(y, x + 5)"]
        for surface in SURFACES + typed:
            with self.subTest(surface):
                race = ["--surface", surface, *racers, "--steps", "200"]
                self.assertEqual(self.run_race(*race), self.run_race(*race, program=REFERENCE))


X, Y = 0.375, -1.625
SPELLINGS = {
    "x^2 + y^2": X * X + Y * Y,
    "x**2 + y**2": X * X + Y * Y,
    "x² + y³": X * X + Y ** 3,
    "2x + 3y": 2 * X + 3 * Y,
    "2(x+1)(y-1)": 2 * (X + 1) * (Y - 1),
    "π*x + pi*y": math.pi * (X + Y),
    "-x^2": -X * X,
    "(-x)^2": X * X,
    "2^3^2 + 0x": 512,
    "2^-x": 2 ** -X,
    "6/2/3*x": X,
    "1 - 2 - x": -1 - X,
    "1.5e-3x + .5": 1.5e-3 * X + 0.5,
    "x > 0 ? 10 : 20": 10,
    "x > y ? (y > 0 ? 1 : 2) : 3": 2,
    "(x <= y) + (x >= y)": 1,
    "exp(x) + log(x) + log10(x) + sqrt(x)": math.exp(X) + math.log(X) + math.log10(X) + math.sqrt(X),
    "abs(y) + sign(y)": 0.625,
    "sin(x) + cos(x) + tan(x)": math.sin(X) + math.cos(X) + math.tan(X),
    "asin(x) + acos(x) + atan(x)": math.asin(X) + math.acos(X) + math.atan(X),
    "atan2(y, x)": math.atan2(Y, X),
    "sinh(x) + cosh(x) + tanh(x)": math.sinh(X) + math.cosh(X) + math.tanh(X),
    "sigmoid(x)": 1 / (1 + math.exp(-X)),
    "softplus(x)": math.log1p(math.exp(X)),
    "relu(x) + relu(y)": X,
    "min(x, y) + 10max(x, y)": Y + 10 * X,
    "floor(y)": -2,
    "mod(7.5, 2) + 0x": 1.5,
    "hypot(x, y)": math.hypot(X, Y),
    "erf(x)": math.erf(X),
    "clamp(y, -1, 1)": -1,
}


class Formula(Case):
    """What a person writes is understood as a person means it."""

    def check(self, formula, expected):
        row = self.rows("--surface", formula, "--start", "%r,%r" % (X, Y), "--optimizer", "sgd:lr=0.01", "--steps",
                        "1")[0]
        self.assertAlmostEqual(float(row["loss"]), expected, delta=1e-14 * max(1, abs(expected)))


add_cases(Formula, {formula: (formula, value) for formula, value in SPELLINGS.items()}, Formula.check)


# Each mistake, and the columns (from 0) at which a caret may reasonably stand.
MISTAKES = {
    "x^2 +": range(4, 7),
    "x^2 + + + *y": range(10, 11),
    "sin()": range(0, 6),
    "sin(x,y)": range(0, 8),
    "atan2(x)": range(0, 9),
    "(x + y": [0, 6, 7],
    "x + y)": [5],
    "x + foo": [4],
    "x² + π*foo(y)": [7],
    "x + 3 $ y": [6],
    "x + sni(y)": [4],
    "": [0],
    "x ? 1": range(1, 7),
    "x y z": range(2, 6),
    "1e999999 + x..2": range(0, 15),
}


class Mistake(Case):
    def check(self, formula, columns):
        message = self.refuse("run", "--surface", formula, "--optimizer", "sgd", "--steps", "5", "--csv", "race.csv")
        lines = message.rstrip("\n").split("\n")
        carets = [i for i, line in enumerate(lines) if re.fullmatch(r" *\^[\^~]*", line)]
        self.assertEqual(len(carets), 1, "no caret line in:\n" + message)
        shown = lines[carets[0] - 1]
        self.assertIn(formula, shown)
        first = shown.index(formula) if formula else len(shown)
        self.assertIn(lines[carets[0]].index("^") - first, columns, message)

    def test_near_names(self):
        self.assertIn("sqrt", self.refuse("run", "--surface", "x + sqr(y)", "--optimizer", "sgd", "--steps", "5"))


add_cases(Mistake, {formula or "an empty formula": (formula, columns) for formula, columns in MISTAKES.items()},
          Mistake.check)

# Formulas that try to cost much: refused or computed, but soon, and without harm.
HEAVY = {
    "100,000 of (": "(" * 100000,
    "100,000 of -": "-" * 100000 + "x",
    "100,000 of !": "!" * 100000,
    "30,000 nested calls": "sin(" * 25000 + "x" + ")" * 25000,
    "a long sum": "+".join(["x"] * 60000),
    "a long sum of different terms": "+".join("sin(%dx)" % i for i in range(8000)),
    "a tower of powers": "^".join(["x"] * 50000),
    "a deep chain of conditions": "x>0?1:" * 20000 + "y",
    "squares of squares": "(" * 60 + "x+y" + ")^2" * 60,
    "products that grow": "*".join("(x+%d)^y" % i for i in range(400)),
    "a number of 100,000 digits": "9" * 100000 + "*x",
    "a name of 100,000 letters": "a" * 100000,
}


class Heavy(Case):
    def check(self, formula):
        done = self.call("run", "--surface", formula, "--optimizer", "sgd", "--steps", "2", "--csv", "-")
        self.assertIn(done.returncode, (0, 2), done.stderr[:1000])
        if done.returncode == 2:
            self.assert_one_message(done)
            self.assertEqual(done.stdout, b"")
        else:
            self.assertTrue(done.stdout.startswith(HEADER.encode()))


add_cases(Heavy, {name: (formula,) for name, formula in HEAVY.items()}, Heavy.check)


def race(*changes, command="run", output=("--csv", "race.csv")):
    """Arguments of a short race; a change replaces the option that it starts with."""
    options = {"--surface": "bowl", "--optimizer": "sgd", "--steps": "5"}
    options.update(zip(changes[::2], changes[1::2]))
    return [command, *(word for option in options.items() for word in option), *output]


REFUSED = {
    "no such command": (["rnu"], ["run"]),
    "no such list": (["list", "surfacse"], ["surfaces"]),
    "nothing of that name is new": (["new", "leson"], ["leson", "lesson"]),
    "no number of seeds": (["check", "--seeds", "0"], ["--seeds", "0"]),
    "no such option": (race("--stpes", "5"), ["--stpes", "--steps"]),
    "an option without its value": (["run", "--surface", "bowl", "--optimizer", "sgd", "--csv", "-", "--steps"],
                                    ["--steps"]),
    "no such surface": (race("--surface", "rosenbrok"), ["rosenbrok", "rosenbrock"]),
    "no such optimizer": (race("--optimizer", "adm"), ["adm", "adam", "sgd", "momentum"]),
    "no such key": (race("--optimizer", "adam:beta3=0.9"), ["beta3", "beta2", "lr", "eps"]),
    "a key without a value": (race("--optimizer", "adam:lr"), ["lr"]),
    "a key with junk": (race("--optimizer", "adam:lr=fast"), ["lr", "fast"]),
    "a rate that is no number": (race("--optimizer", "adam:lr=nan"), ["lr"]),
    "no such parameter": (race("--surface", "ravine", "--set", "kapa=3"), ["kapa", "kappa"]),
    "a setting without a value": (race("--surface", "ravine", "--set", "kappa"), ["kappa"]),
    "a setting with junk": (race("--surface", "ravine", "--set", "kappa=big"), ["kappa", "big"]),
    "a start that is NaN": (race("--start", "nan,1"), ["--start"]),
    "a start that is infinite": (race("--start", "1,inf"), ["--start"]),
    "a start beyond any number": (race("--start", "1e999,0"), ["--start"]),
    "a start that is junk": (race("--start", "here"), ["--start", "here"]),
    "a start of one number": (race("--start", "1"), ["--start"]),
    "a start of three numbers": (race("--start", "1,2,3"), ["--start"]),
    "a start with a tail": (race("--start", "1,2x"), ["--start"]),
    "a negative step count": (race("--steps", "-5"), ["--steps"]),
    "a step count that is junk": (race("--steps", "many"), ["--steps", "many"]),
    "a step count with a tail": (race("--steps", "5x"), ["--steps"]),
    "a step count beyond any integer": (race("--steps", "99999999999999999999999"), ["steps"]),
    "a seed that is junk": (race("--seed", "x"), ["--seed"]),
    "a batch of a surface without examples": (race("--batch", "1"), ["--batch", "bowl", "examples"]),
    "a batch larger than the table": (race("--surface", "line_fit", "--batch", "10"), ["--batch", "9 examples"]),
    "a batch of none": (race("--surface", "line_fit", "--batch", "0"), ["--batch"]),
    "a batch in no order": (race("--surface", "line_fit", "--batch", "2,shufled"), ["shufled", "shuffled", "drawn"]),
    "a batch in many dimensions": (race("--surface", "quadratic", "--dim", "5", "--batch", "1"), ["--batch"]),
    "a folder that does not exist": (race(output=("--csv", "none/race.csv")), ["none/race.csv"]),
    "a folder as a file": (race(output=("--csv", ".")), ["."]),
    "a full disk": (race(output=("--csv", "/dev/full")), ["/dev/full"]),
    "invalid UTF-8": (race("--surface", b"x + \xff"), []),
    "half a character": (race("--surface", b"x + \xc2"), []),
    "an overlong character": (race("--surface", b"x + \xc0\xaf"), []),
    "a surrogate": (race("--surface", b"x + \xed\xa0\x80"), []),
    "a control character": (race("--surface", "x + \x01"), []),
    "invalid UTF-8 in a name": (race("--optimizer", b"ad\xffam"), []),
}
PICTURES = {
    "an empty picture": ("0x0", ["0x0"]),
    "a picture too large": ("100000x100000", ["100000x100000"]),
    "a picture of negative size": ("-640x480", ["--size"]),
    "a picture of one number": ("640", ["--size"]),
    "a picture with a tail": ("640x480x2", ["--size"]),
    "a picture beyond any integer": ("99999999999x99999999999", ["--size"]),
}
REFUSED.update({name: (race("--size", size, command="render", output=("--output", "race.png")), mentions)
                for name, (size, mentions) in PICTURES.items()})
REFUSED.update({
    "no such theme": (race("--theme", "blue", command="render", output=("--output", "race.png")),
                      ["blue", "dark", "light"]),
    "a thinker that is junk": (race("--think", "adam", command="render", output=("--output", "race.png")),
                               ["--think", "adam"]),
    "a thinker that is not there": (race("--think", "9", command="render", output=("--output", "race.png")),
                                    ["--think", "9"]),
    "a step that is junk": (race("--at", "end", command="render", output=("--output", "race.png")), ["--at"]),
    "a picture in a folder that does not exist": (race(command="render", output=("--output", "none/race.png")),
                                                  ["none/race.png"]),
    "a picture on a full disk": (race(command="render", output=("--output", "/dev/full")), ["/dev/full"]),
})


class Refused(Case):
    def check(self, arguments, mentions):
        self.refuse(*arguments, mentions=mentions)

    def test_huge_step_count_names_the_memory(self):
        for steps in ("1000000000", "1000000000000000", "9223372036854775807"):
            with self.subTest(steps):
                message = self.refuse(*race("--steps", steps))
                self.assertRegex(message, r"\d ?([kKMGTPEZ]i?B|bytes)\b")

    def test_full_disk_as_standard_output(self):
        with open("/dev/full", "wb") as full:
            self.refuse(*race("--steps", "1000", output=("--csv", "-")), stdout=full)

    def test_window_without_a_display(self):
        # Looking for a display, SDL asks libraries that keep memory to the end: no leaks are looked for.
        environment = {**ENVIRONMENT, "SDL_VIDEODRIVER": "x11", "DISPLAY": ":no-such-display",
                       "ASAN_OPTIONS": ENVIRONMENT.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        done = self.call("--surface", "bowl", "--optimizer", "sgd", environment=environment)
        self.assert_one_message(done)
        self.assertEqual((done.returncode, done.stdout), (1, b""))


add_cases(Refused, REFUSED, Refused.check)


class List(Case):
    def test_optimizers_as_json(self):
        rows = json.loads(self.succeed("list", "optimizers", "--json"))["optimizers"]
        self.assertLessEqual(set(OPTIMIZERS), {row["name"] for row in rows})
        for row in rows:
            self.assertLessEqual({"name", "title", "formula", "reference", "parameters"}, set(row))
            self.assertEqual(row["parameters"][0]["name"], "lr")
            for parameter in row["parameters"]:
                self.assertEqual(set(parameter), {"name", "default", "min", "max", "scale"})
                self.assertTrue(parameter["min"] <= parameter["default"] <= parameter["max"], parameter)

    def test_surfaces_as_json(self):
        rows = json.loads(self.succeed("list", "surfaces", "--json"))["surfaces"]
        self.assertLessEqual(set(SURFACES), {row["name"] for row in rows})
        for row in rows:
            self.assertLessEqual({"name", "title", "formula", "parameters", "box", "start"}, set(row))
            self.assertEqual(len(row["start"]), 2)
            stationary = [key for key in row if key.startswith("stationary")]
            self.assertEqual(len(stationary), 1, "one key for the stationary points")
        ravine = next(row for row in rows if row["name"] == "ravine")
        self.assertEqual({p["name"]: p["default"] for p in ravine["parameters"]}, {"kappa": 50, "theta": 0})

    def test_functions_as_json(self):
        rows = json.loads(self.succeed("list", "functions", "--json"))["functions"]
        names = {row["name"] for row in rows}
        expected = """exp log log10 sqrt abs sign sin cos tan asin acos atan atan2 sinh cosh tanh sigmoid
            softplus relu min max floor mod hypot erf clamp"""
        self.assertLessEqual(set(expected.split()), names)

    def test_text_names_every_row(self):
        for what in ("surfaces", "optimizers", "functions"):
            text = self.succeed("list", what).decode()
            for row in json.loads(self.succeed("list", what, "--json"))[what]:
                self.assertRegex(text, r"(?m)\b%s\b" % row["name"])


class Lesson(Case):
    """Writing one and checking it."""

    def check(self, *options):
        return self.call("check", "lesson.yaml", *options)

    def change(self, old, new):
        text = self.read("lesson.yaml").decode()
        self.assertEqual(text.count(old), 1)
        with open(self.path("lesson.yaml"), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def setUp(self):
        super().setUp()
        self.succeed("new", "lesson")

    def test_a_new_one_is_true(self):
        for option in ((), ("--invert",), ("--seeds", "5"), ("--verbose",), ("--threads", "1")):
            done = self.check(*option)
            self.assertEqual((done.returncode, done.stderr), (0, b""), option)
            self.assertIn(b"1 lesson, 5 claims, 0 failed, 0 mistakes", done.stdout)
        self.assertEqual(os.listdir(self.folder), ["lesson.yaml"])

    def test_a_file_is_not_written_over(self):
        before = self.read("lesson.yaml")
        for name in ((), ("lesson",), ("lesson.yaml",)):
            self.assertEqual(self.call("new", "lesson", *name).returncode, 2)
        self.assertEqual(self.read("lesson.yaml"), before)
        self.succeed("new", "lesson", "other")
        self.assertEqual(self.read("other.yaml"), before)

    def test_a_claim_that_does_not_happen_fails_with_its_numbers(self):
        self.change("== 50 ", "== 49 ")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"FAILED    crossings(bold.y, 0, 50) == 49\n            seed 1: crossings(bold.y, 0, 50) is 50\n",
                      done.stdout)
        self.assertEqual(done.stderr, b"slalom: 1 of 5 claims failed\n")

    def test_a_misspelt_claim_has_its_place_and_the_nearest_name(self):
        self.change("crossings(bold.y", "crossings(blod.y")
        line = self.read("lesson.yaml").decode().split("crossings(blod")[0].count("\n") + 1
        done = self.check()
        self.assertEqual(done.returncode, 2)
        for word in ("lesson.yaml:%d:7: " % line, ":1:11: ", "did you mean 'bold'"):
            self.assertIn(word, done.stdout.decode())

    def test_what_is_missing_is_said(self):
        self.change("  reference: Deep Learning, section 8.2.1\n", "")
        done = self.check()
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"reference: there is none", done.stdout)

    def test_an_unknown_formula_command(self):
        self.change("1 - \\epsilon\\kappa", "1 - \\epsilom\\kappa")
        done = self.check()
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"epsilom", done.stdout)

    def test_values(self):
        done = self.check("--value", "careful.x(1)", "--value", "bold.y(0)", "--seeds", "2")
        self.assertIn("value     careful.x(1): %.9g, %.9g\n" % (-3.8, -3.8), done.stdout.decode())
        self.assertIn(b"value     bold.y(0): 1, 1\n", done.stdout)

    def test_a_file_that_is_no_scene(self):
        with open(self.path("lesson.yaml"), "w", encoding="utf-8") as file:
            file.write("surfase: bowl\n")
        done = self.check()
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"surface", done.stdout)

    def test_expectations_as_json(self):
        rows = json.loads(self.succeed("list", "expectations", "--json"))["expectations"]
        names = " ".join(row["name"] for row in rows)
        for word in ("loss", "train_loss", "rate(", "share(", "near", "steps_to", "activation_rms", "abs("):
            self.assertIn(word, names)


class Help(Case):
    def test_help(self):
        text = self.succeed("--help").decode()
        for word in ("run", "render", "list", "--version"):
            self.assertIn(word, text)

    def test_help_of_a_command(self):
        text = self.succeed("run", "--help").decode()
        for word in ("--surface", "--set", "--start", "--optimizer", "--steps", "--seed", "--csv"):
            self.assertIn(word, text)
        text = self.succeed("render", "--help").decode()
        for word in ("--at", "--size", "--theme", "--output"):
            self.assertIn(word, text)
        self.assertIn("--json", self.succeed("list", "--help").decode())

    def test_version(self):
        self.assertRegex(self.succeed("--version").decode(), r"\Aslalom \d+\.\d+\.\d+\n\Z")


class Render(Case):
    RACE = ["--surface", "ravine", "--optimizer", "momentum:lr=0.012", "--optimizer", "adam:lr=0.15", "--steps", "80"]

    def render(self, *arguments):
        """The bytes of the picture."""
        self.assertEqual(self.succeed("render", *arguments, "--output", "race.png"), b"")
        self.assertEqual(os.listdir(self.folder), ["race.png"])
        return self.read("race.png")

    def assert_picture(self, picture, width, height):
        self.assertEqual(picture[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(struct.unpack(">4sII", picture[12:24]), (b"IHDR", width, height))
        self.assertEqual(picture[-8:-4], b"IEND")

    def test_size(self):
        for width, height in ((1280, 800), (640, 400), (333, 777), (64, 64)):
            with self.subTest((width, height)):
                self.assert_picture(self.render(*self.RACE, "--size", "%dx%d" % (width, height)), width, height)

    def test_default_race(self):
        self.assert_picture(self.render(), 1280, 800)

    def test_same_bytes_twice(self):
        self.assertEqual(self.render(*self.RACE, "--at", "40"), self.render(*self.RACE, "--at", "40"))

    def test_what_differs_looks_different(self):
        arguments = [["--at", "40"], ["--at", "41"], ["--at", "40", "--theme", "light"], ["--at", "0"],
                     ["--at", "40", "--start", "1,1"], ["--at", "40", "--set", "kappa=20"],
                     ["--at", "40", "--think", "1"]]
        pictures = {self.render(*self.RACE, *extra) for extra in arguments}
        self.assertEqual(len(pictures), len(arguments))

    def test_dark_is_the_default_theme(self):
        self.assertEqual(self.render(*self.RACE), self.render(*self.RACE, "--theme", "dark"))

    def test_trail_that_diverges(self):
        self.assert_picture(self.render("--surface", "rosenbrock", "--optimizer", "sgd:lr=1", "--optimizer", "adam",
                                        "--steps", "100", "--at", "100", "--size", "800x600"), 800, 600)

    def test_every_surface(self):
        for surface in SURFACES:
            with self.subTest(surface):
                self.assert_picture(self.render("--surface", surface, "--optimizer", "adam", "--steps", "20", "--size",
                                                "320x200"), 320, 200)


if __name__ == "__main__":
    tap.main()
