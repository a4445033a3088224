#!/usr/bin/env python3
"""Black-box tests of training networks from the command line.

usage: train.py SLALOM

Expected numbers come from Python's own arithmetic or from the rules of the format, never from slalom.
"""

import csv
import gzip
import io
import os
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import tap

SLALOM = os.path.abspath(sys.argv[1])
HEADER = "epoch,step,racer,examples,train_loss,validation_loss,train_error,validation_error,grad_norm,lr,status"
FASHION = "/usr/share/datasets/fashion-mnist"
MOONS = ("--network", "2-8-2", "--data", "moons:n=100")


class Case(unittest.TestCase):
    """One test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-train-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def call(self, *arguments):
        return subprocess.run([SLALOM, "run", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)

    def succeed(self, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def write(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def rows(self, text):
        return list(csv.DictReader(io.StringIO(text)))

    def refuse(self, *arguments, mentions):
        """Exit 2, one message, and a CSV that was there stays."""
        self.write("kept.csv", "kept")
        before = sorted(os.listdir(self.folder))
        done = self.call(*arguments, "--csv", "kept.csv")
        message = done.stderr.decode()
        self.assertEqual((done.returncode, done.stdout), (2, b""), message)
        self.assertTrue(message.startswith("slalom: ") and message.count("\n") == 1, message)
        self.assertIn(mentions, message)
        self.assertEqual(self.read("kept.csv"), b"kept")
        self.assertEqual(sorted(os.listdir(self.folder)), before)


class Rows(Case):
    def test_header_epochs_and_examples(self):
        text = self.succeed(*MOONS, "--batch", "8", "--epochs", "3", "--optimizer", "adam", "--optimizer", "sgd")
        self.assertEqual(text.split("\n")[0], HEADER)
        rows = self.rows(text)
        # 100 - 15 test - 13 validation = 72 examples: 9 steps of 8
        expected = [(str(e), str(9 * e), racer, str(72 * e)) for e in range(4) for racer in ("adam", "sgd")]
        self.assertEqual([(r["epoch"], r["step"], r["racer"], r["examples"]) for r in rows], expected)
        self.assertEqual({r["status"] for r in rows}, {"running"})

    def test_every_so_many_steps(self):
        rows = self.rows(self.succeed(*MOONS, "--batch", "10", "--steps", "20", "--every", "7", "--optimizer", "sgd"))
        # 72 examples in batches of 10: the eighth of an epoch has two
        self.assertEqual([(r["step"], r["examples"]) for r in rows],
                         [("0", "0"), ("7", "70"), ("14", "132"), ("20", "184")])
        self.assertEqual(rows[1]["epoch"], "0.875")

    def test_same_bytes_each_time_and_on_any_number_of_threads(self):
        arguments = (*MOONS, "--epochs", "4")
        first = self.succeed(*arguments)
        self.assertEqual(first, self.succeed(*arguments))
        for threads in "1", "3":
            self.assertEqual(first, self.succeed(*arguments, "--threads", threads))
        self.assertNotEqual(first, self.succeed(*arguments, "--seed", "2"))

    def test_racers_when_none_is_named(self):
        rows = self.rows(self.succeed(*MOONS, "--epochs", "0"))
        self.assertEqual([r["racer"] for r in rows], ["sgd", "momentum", "adagrad", "rmsprop", "adam"])

    def test_summary_names_the_winner(self):
        text = self.succeed(*MOONS, "--epochs", "30", "--optimizer", "adam:lr=0.01", "--optimizer", "sgd:lr=1e-9",
                            "--optimizer", "sgd:lr=1e30,label=wild", "--summary")
        lines = text.split("\n")
        self.assertEqual([line.split()[:2] for line in lines[2:5]], [["1", "adam"], ["2", "sgd"], ["3", "wild"]])
        self.assertIn("adam won", text)
        self.assertIn("wild: the", text)
        self.assertIn("may be too high", text)

    def test_seeds_are_the_runs_one_after_the_other(self):
        """On one set of data: those of a run with another seed are named by their own."""
        shared = ("--network", "2-8-2", "--data", "moons:n=100,seed=4", "--epochs", "3", "--dropout", "0.2",
                  "--optimizer", "adam", "--optimizer", "sgd:lr=1e30,label=wild")
        head, *rows = self.succeed(*shared, "--seed", "7", "--seeds", "3", "--layers", "all.csv").splitlines()
        layers = self.read("all.csv").decode().splitlines()
        self.assertEqual(head, "seed," + HEADER)
        self.assertEqual(layers[0][:16], "seed,epoch,step,")
        expected, expected_layers = [], []
        for seed in "7", "8", "9":
            single = self.succeed(*shared, "--seed", seed, "--layers", "one.csv").splitlines()[1:]
            expected += [seed + "," + row for row in single]
            expected_layers += [seed + "," + row for row in self.read("one.csv").decode().splitlines()[1:]]
        self.assertEqual(rows, expected)
        self.assertEqual(layers[1:], expected_layers)
        self.assertEqual(self.succeed(*shared, "--seeds", "1"), self.succeed(*shared))

    def test_a_summary_of_seeds_has_means_and_deviations(self):
        shared = ("--network", "2-8-2", "--data", "moons:n=200,noise=0.3", "--epochs", "5", "--optimizer", "adam",
                  "--optimizer", "sgd:lr=1e-4", "--seeds", "5")
        ends = {}
        for row in self.rows(self.succeed(*shared)):
            ends[row["racer"], row["seed"]] = row
        text = self.succeed(*shared, "--summary")
        lines = [line for line in text.split("\n") if line[:3] in (" 1 ", " 2 ")]
        for racer in "adam", "sgd":
            line = next(line for line in lines if racer in line)
            cells = re.findall(r"(\S+) ± (\S+)( %)?", line)
            for (mean, deviation, percent), column in zip(
                    cells, ("train_loss", "validation_loss", "validation_error")):
                values = [float(ends[racer, str(seed)][column]) * (100 if percent else 1) for seed in range(1, 6)]
                self.assertAlmostEqual(float(mean) / statistics.mean(values), 1, 3)
                self.assertAlmostEqual(float(deviation), statistics.stdev(values), delta=0.02 * statistics.stdev(values))
        ahead = sum(float(ends["adam", str(s)]["validation_error"]) < float(ends["sgd", str(s)]["validation_error"])
                    for s in range(1, 6))
        self.assertIn("With %d of 5 seeds adam ended lower than sgd" % ahead, text)

    def test_seeds_that_cannot_be(self):
        for number in "0", "65", "two":
            self.refuse(*MOONS, "--seeds", number, mentions="seeds from 1 to 64")
        self.refuse(*MOONS, "--seeds", "2", "--checkpoint", "c", mentions="--checkpoint is of one training")
        self.refuse(*MOONS, "--seeds", "2", "--resume", "c", mentions="--resume is of one training")
        self.refuse("--surface", "rosenbrock", "--seeds", "2", mentions="only networks")

    def test_regression_and_layers(self):
        rows = self.rows(self.succeed("--network", "1-16-16-1", "--activation", "tanh", "--data", "sine:noise=0.05",
                                      "--epochs", "300", "--every", "1000", "--optimizer", "adam:lr=0.01", "--layers",
                                      "layers.csv"))
        self.assertEqual({r["train_error"] for r in rows}, {"nan"})
        # half of the noise's variance is the least loss there is
        self.assertLess(float(rows[-1]["train_loss"]), 3 * 0.05 ** 2 / 2)
        layers = self.rows(self.read("layers.csv").decode())
        self.assertEqual(list(layers[0]), ["epoch", "step", "racer", "layer", "weight_norm", "grad_norm",
                                           "activation_rms", "bias_grad_norm", "spread", "update_norm",
                                           "error_rms"])
        self.assertEqual([r["layer"] for r in layers[:3]], ["1", "2", "3"])
        squares = sum(float(r["grad_norm"]) ** 2 + float(r["bias_grad_norm"]) ** 2 for r in layers[:3])
        self.assertAlmostEqual(squares ** 0.5 / float(rows[0]["grad_norm"]), 1, 5)
        self.assertEqual(float(layers[2]["spread"]), 0)  # of one unit

    def test_signals_pass_a_scaled_identity_as_powers(self):
        """Of linear layers s*I: what goes forward, and what comes back, is s times as much from layer to layer."""
        self.succeed("--network", "2-2-2-2-2-2-2", "--activation", "linear", "--init", "identity:scale=0.8", "--data",
                     "moons", "--steps", "1", "--optimizer", "sgd", "--layers", "layers.csv", "--csv", "rows.csv")
        layers = self.rows(self.read("layers.csv").decode())[:6]
        for a, b in zip(layers, layers[1:]):
            self.assertAlmostEqual(float(b["activation_rms"]) / float(a["activation_rms"]), 0.8, 5)
            self.assertAlmostEqual(float(a["bias_grad_norm"]) / float(b["bias_grad_norm"]), 0.8, 5)
            self.assertAlmostEqual(float(a["error_rms"]) / float(b["error_rms"]), 0.8, 5)
        # columns 0.8*e1 and 0.8*e2 are each 0.8/sqrt(2) from their mean
        for layer in layers:
            self.assertAlmostEqual(float(layer["spread"]), 0.8 / 2 ** 0.5, 6)

    def test_updates_are_those_of_the_last_step(self):
        """Plain descent moves each layer by lr times the gradient that the row before tells of."""
        def layers(every):
            self.succeed("--network", "2-7-5-2", "--activation", "tanh", "--data", "moons", "--batch", "16", "--steps",
                         "23", "--every", every, "--optimizer", "sgd:lr=0.1", "--layers", "layers.csv", "--csv", "rows.csv")
            return {(int(r["step"]), r["layer"]): r for r in self.rows(self.read("layers.csv").decode())}
        all_steps, some = layers("1"), layers("5")
        for (step, layer), row in all_steps.items():
            if step == 0:
                self.assertEqual(row["update_norm"], "nan")
                continue
            moved = 0.1 * float(all_steps[step - 1, layer]["grad_norm"])
            self.assertAlmostEqual(float(row["update_norm"]) / moved, 1, 4)
        self.assertEqual({step for step, _ in some}, {0, 5, 10, 15, 20, 23})
        self.assertEqual(some, {key: all_steps[key] for key in some})

    def test_units_that_begin_the_same_stay_the_same(self):
        def spreads(init):
            self.succeed("--network", "2-9-2", "--activation", "tanh", "--init", init, "--data", "moons", "--epochs",
                         "5", "--optimizer", "adam:lr=0.01", "--layers", "layers.csv", "--csv", "rows.csv")
            return [float(r["spread"]) for r in self.rows(self.read("layers.csv").decode()) if r["layer"] == "1"]
        self.assertEqual(set(spreads("zero")), {0.0})
        self.assertLess(max(spreads("constant:value=0.5")), 1e-6)
        self.assertGreater(min(spreads("xavier_uniform")), 0.1)

    def test_diverged_racer_is_reported_and_the_others_go_on(self):
        rows = self.rows(self.succeed(*MOONS, "--epochs", "3", "--optimizer", "sgd:lr=1e30", "--optimizer", "adam"))
        wild = [r for r in rows if r["racer"] == "sgd"]
        self.assertEqual([r["status"] for r in wild], ["running", "diverged"])
        self.assertEqual(len([r for r in rows if r["racer"] == "adam"]), 4)


class Files(Case):
    def test_csv_is_learned(self):
        points = [(x / 10, y / 10) for x in range(-10, 11, 2) for y in range(-10, 11, 2)]
        text = "x,y,side\n" + "".join(f"{x},{y},{'left' if x + 0.05 < y else 'right'}\n" for x, y in points)
        self.write("points.csv", text)
        arguments = ("--network", "2-2", "--epochs", "200", "--optimizer", "adam:lr=0.05")
        rows = self.rows(self.succeed(*arguments, "--data", "points.csv:label=side,test=0,validation=0"))
        self.assertEqual(rows[-1]["train_error"], "0")
        self.assertEqual(rows[-1]["validation_loss"], "nan")
        self.write("points.csv.gz", gzip.compress(text.encode()))
        packed = self.succeed(*arguments, "--data", "points.csv.gz:test=0,validation=0")
        self.assertEqual(self.rows(packed), rows)

    def test_idx(self):
        images, labels = bytearray(), bytearray()
        for i in range(60):
            labels.append(i % 2)
            images += bytes(255 if (column < 2) == (i % 2) else i for row in range(4) for column in range(4))
        self.write("i", struct.pack(">IIII", 0x803, 60, 4, 4) + images)
        self.write("l.gz", gzip.compress(struct.pack(">II", 0x801, 60) + labels))
        rows = self.rows(self.succeed("--network", "16-2", "--data", "./i:labels=l.gz,test=0,validation=0", "--epochs",
                                      "20", "--optimizer", "adam:lr=0.05"))
        self.assertEqual(rows[-1]["train_error"], "0")

    def test_resumed_as_if_there_had_been_no_interruption(self):
        arguments = (*MOONS, "--sampling", "hardest", "--stop", "loss:5")
        whole = self.succeed(*arguments, "--epochs", "6")
        first = self.succeed(*arguments, "--epochs", "2", "--checkpoint", "kept")
        rest = self.succeed(*arguments, "--epochs", "6", "--resume", "kept")
        self.assertEqual(first + rest[rest.index("\n") + 1:], whole)

    def test_interrupted(self):
        arguments = ("--network", "2-64-64-2", "--data", "moons:n=4000", "--batch", "4", "--optimizer", "adam")
        process = subprocess.Popen([SLALOM, "run", *arguments, "--epochs", "10000", "--csv", "rows.csv", "--checkpoint",
                                    "kept"], cwd=self.folder, stderr=subprocess.PIPE)
        while process.poll() is None and not os.path.exists(os.path.join(self.folder, "kept")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        message = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 0)
        self.assertIn("slalom: interrupted; all rows to epoch", message)
        self.assertEqual(sorted(os.listdir(self.folder)), ["kept", "rows.csv"])
        rows = self.read("rows.csv").decode()
        n = len(self.rows(rows))
        self.assertGreaterEqual(n, 1)
        rest = self.succeed(*arguments, "--epochs", str(n), "--resume", "kept")
        whole = self.succeed(*arguments, "--epochs", str(n))
        self.assertEqual(rows + rest[rest.index("\n") + 1:], whole)

    @unittest.skipUnless(os.path.exists(FASHION), "Debian's dataset-fashion-mnist is not here")
    def test_fashion_mnist(self):
        rows = self.rows(self.succeed("--network", "784-16-10", "--data", "fashion-mnist", "--batch", "256", "--steps",
                                      "100", "--every", "100", "--optimizer", "adam:lr=1e-3"))
        self.assertEqual(rows[0]["step"], "0")
        self.assertLess(float(rows[-1]["validation_error"]), 0.35)


class Refused(Case):
    def test_words(self):
        for arguments, mentions in (
            (("--network", "3-2", "--data", "moons"), "moons has 2 inputs, the network 3"),
            (("--network", "2-3", "--data", "moons"), "moons has 2 classes, the network 3 outputs"),
            (("--network", "2-0-2", "--data", "moons"), "a layer may have 1 to"),
            (("--network", "2-1e9-2", "--data", "moons"), "a layer may have 1 to"),
            (("--network", "2", "--data", "moons"), "needs inputs and outputs"),
            (("--network", "2-2"), "--network needs data"),
            (("--data", "moons"), "--data needs a network"),
            ((*MOONS, "--batch", "73"), "a batch of 73 is larger than the 72 examples"),
            ((*MOONS, "--batch", "0"), "--batch: '0' is not a number of examples"),
            ((*MOONS, "--activation", "rely"), "did you mean 'relu'?"),
            ((*MOONS, "--init", "hee"), "did you mean 'he'?"),
            ((*MOONS, "--loss", "squard"), "did you mean 'squared'?"),
            ((*MOONS, "--sampling", "shufle"), "did you mean 'shuffle'?"),
            ((*MOONS, "--epoch", "3"), "did you mean '--epochs'?"),
            ((*MOONS, "--epochs", "-3"), "--epochs: '-3' is not a number of epochs"),
            ((*MOONS, "--every", "0"), "--every: '0' is not a number of steps"),
            ((*MOONS, "--stop", "los"), "did you mean 'loss'?"),
            ((*MOONS, "--dropout", "1"), "dropout is 1"),
            ((*MOONS, "--columns", "loss"), "--columns means nothing to a network"),
            ((*MOONS, "--resume", "nothing"), "nothing: cannot be read"),
            (("--network", "2-2", "--data", "moon"), "did you mean 'moons'?"),
        ):
            with self.subTest(arguments):
                self.refuse(*arguments, mentions=mentions)

    def test_lists(self):
        for subject, names in (
            ("data", "moons circles spirals xor gaussians iris digits fashion-mnist"),
            ("activations", "linear tanh sigmoid relu leaky_relu elu gelu softplus"),
            ("initialisations", "zero constant gaussian uniform xavier_uniform xavier_normal he sparse orthogonal lsuv"),
        ):
            with self.subTest(subject):
                listed = self.succeed("--list", subject)
                self.assertLessEqual(set(names.split()), {line.split(":")[0] for line in listed.splitlines()})
        self.refuse("--list", "datum", mentions="did you mean 'data'?")

    def test_tables(self):
        for text, mentions in (
            ("a,b\n1,x\n,y\n", "t.csv:3:1: the value of 'a' is missing"),
            ("a,b\n1,x\none,y\n", "t.csv:3:1: 'one' in column 'a' is not a number"),
            ("a,b\n1,x\n2\n", "t.csv:3:1: this row has fewer fields"),
            ("a,b\n1,x\n2,y,z\n", "t.csv:3:3: this row has more fields"),
            ("a,b\n1,x\n2,x\n", "all rows are of one class"),
            ("", "the file is empty"),
        ):
            with self.subTest(text):
                self.write("t.csv", text)
                self.refuse("--network", "1-2", "--data", "t.csv", mentions=mentions)

    def test_images(self):
        images = struct.pack(">IIII", 0x803, 2, 1, 2) + bytes(4)
        labels = struct.pack(">II", 0x801, 2) + bytes([0, 1])
        for i, l, mentions in (
            (b"\1" + images[1:], labels, "i: is not an IDX file"),
            (images[:-1], labels, "i: says that it holds 4 values, and ends early: 3"),
            (images[:4] + b"\x80\0\0\0" + images[8:], labels, "i: says that it holds 4294967296 values"),
            (gzip.compress(images)[:-9], labels, "i: the compressed data end in the middle"),
            (images, labels[:-1] + b"\7", "l: label 2 is 7; there are 2 classes"),
        ):
            with self.subTest(mentions):
                self.write("i", i)
                self.write("l", l)
                self.refuse("--network", "2-2", "--data", "./i:labels=l,classes=2", mentions=mentions)

    def test_files_of_other_trainings(self):
        self.succeed(*MOONS, "--epochs", "1", "--checkpoint", "kept")
        kept = self.read("kept")
        self.refuse("--network", "2-9-2", *MOONS[2:], "--resume", "kept", mentions="its network is 2-8-2, not 2-9-2")
        for damaged, mentions in ((kept[:-1], "is damaged"), (kept[:500] + b"?" + kept[501:], "is damaged"),
                                  (kept[:16] + b"\2" + kept[17:], "is of version 2"), (b"text", "is not a training")):
            self.write("kept", damaged)
            self.refuse(*MOONS, "--resume", "kept", mentions=mentions)
            self.assertEqual(self.read("kept"), damaged)


if __name__ == "__main__":
    tap.main()
