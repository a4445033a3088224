#!/usr/bin/env python3
"""How much of ffmpeg's speed a film has: `slalom render` beside an ffmpeg that is fed the same frames ready-made.

usage: bench_film.py SLALOM [PAIRS [SECONDS]]

1280x720, five racers, MP4. Both run in turn, PAIRS times; what counts is the median of the ratios of each pair. The
frames lie in memory where there is such a folder. Without ffmpeg nothing is measured.
"""

import os
import resource
import shutil
import stat
import statistics
import subprocess
import sys
import tempfile
import time

SLALOM = os.path.abspath(sys.argv[1])
PAIRS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 20
FPS = 30
RACE = ["--surface", "rosenbrock", "--optimizer", "sgd:lr=0.0005", "--optimizer", "momentum:lr=0.0001", "--optimizer",
        "adagrad:lr=0.3", "--optimizer", "rmsprop:lr=0.01", "--optimizer", "adam:lr=0.03"]


def timed(arguments, **options):
    """Seconds by the clock, and of the processors, of all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(arguments, check=True, **options)
    passed = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return passed, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def record(folder):
    """What ffmpeg would be given: its arguments and its frames."""
    fake = os.path.join(folder, "ffmpeg")
    with open(fake, "w", encoding="ascii") as file:
        file.write('#!/bin/sh\nprintf "%%s\\n" "$@" >%s/arguments\nexec cat >%s/frames\n' % (folder, folder))
    os.chmod(fake, stat.S_IRWXU)
    environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"])
    subprocess.run(command(folder), check=True, env=environment)
    os.remove(fake)
    with open(os.path.join(folder, "arguments"), encoding="ascii") as file:
        return file.read().splitlines()


def command(folder):
    return [SLALOM, "render", *RACE, "--steps", str(round(SECONDS * FPS)), "--size", "1280x720", "--seconds", str(SECONDS),
            "--fps", str(FPS), "--output", os.path.join(folder, "film.mp4")]


def main():
    if not shutil.which("ffmpeg"):
        print("ffmpeg is not installed: nothing was measured")
        return
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        arguments = record(folder)
        clock, processors, speeds = [], [], []
        for _ in range(PAIRS):
            ours = timed(command(folder))
            with open(os.path.join(folder, "frames"), "rb") as frames:
                theirs = timed(["ffmpeg", *arguments], stdin=frames)
            clock.append(theirs[0] / ours[0])
            processors.append(theirs[1] / ours[1])
            speeds.append((SECONDS * FPS / ours[0], SECONDS * FPS / theirs[0]))
    print("film 1280x720, %d frames: slalom %.1f frames/s, ffmpeg on ready-made frames %.1f; of its speed, paired: "
          "%.2f (%.2f to %.2f); by processor time %.2f" %
          (round(SECONDS * FPS), statistics.median(s[0] for s in speeds), statistics.median(s[1] for s in speeds),
           statistics.median(clock), min(clock), max(clock), statistics.median(processors)))


if __name__ == "__main__":
    main()
