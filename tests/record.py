#!/usr/bin/env python3
"""Black-box tests of what `slalom render` records.

usage: record.py SLALOM

Films are read by ffmpeg, and what needs it is left out where it is not installed.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

import tap

SLALOM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
RACE = ["--surface", "rosenbrock", "--optimizer", "rmsprop:lr=0.01", "--optimizer", "adam:lr=0.03", "--steps", "30"]
HAS_FFMPEG = bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))
needs_ffmpeg = unittest.skipUnless(HAS_FFMPEG, "ffmpeg is not installed")


class Case(unittest.TestCase):
    """One test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="slalom-record-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def files(self):
        return sorted(os.listdir(self.folder))

    def call(self, *arguments, environment=ENVIRONMENT):
        return subprocess.run([SLALOM, "render", *arguments], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=240)

    def render(self, *arguments, **options):
        done = self.call(*arguments, **options)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def refuse(self, *arguments, mentions, code=2, **options):
        """One message; returns it."""
        done = self.call(*arguments, **options)
        message = done.stderr.decode()
        self.assertEqual((done.returncode, done.stdout), (code, b""), message)
        self.assertEqual(len(re.findall("(?m)^slalom: ", message)), 1, message)
        self.assertNotIn("Sanitizer", message)
        for word in mentions:
            self.assertIn(word, message)
        return message

    def with_ffmpeg(self, script):
        """An environment whose ffmpeg is a shell script; $ffmpeg is the real one."""
        folder = tempfile.mkdtemp(dir=self.folder, prefix="bin-")
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "ffmpeg")
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nffmpeg=%s\n%s\n" % (shutil.which("ffmpeg"), script))
        os.chmod(path, stat.S_IRWXU)
        return dict(ENVIRONMENT, PATH=folder + os.pathsep + ENVIRONMENT["PATH"])


def probe(path, *entries):
    """What ffprobe says of the film's stream, by name."""
    text = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=" + ",".join(entries),
                           "-of", "default=noprint_wrappers=1", path], stdout=subprocess.PIPE, check=True, timeout=60)
    return dict(line.split("=", 1) for line in text.stdout.decode().split())


class Films(Case):
    SMALL = [*RACE, "--size", "320x200"]

    @needs_ffmpeg
    def test_a_film_is_what_it_says(self):
        """H.264, VP9 and GIF, as long and as large as was asked for, with its colours named"""
        wanted = {"mp4": "h264", "webm": "vp9", "gif": "gif"}
        for ending, codec in wanted.items():
            with self.subTest(ending=ending):
                self.render(*self.SMALL, "--seconds", "1.2", "--fps", "20", "--output", "race." + ending)
                found = probe(self.path("race." + ending), "codec_name", "width", "height", "nb_read_frames",
                              "avg_frame_rate", "color_space", "color_range")
                self.assertEqual((found["codec_name"], found["width"], found["height"], found["avg_frame_rate"]),
                                 (codec, "320", "200", "20/1"))
                self.assertEqual(int(found["nb_read_frames"]), 24)
                if ending != "gif":
                    self.assertEqual((found["color_space"], found["color_range"]), ("bt709", "tv"))
        self.assertEqual(self.files(), ["race.gif", "race.mp4", "race.webm"])

    @needs_ffmpeg
    def test_frames_are_the_pictures(self):
        """decoded frames equal the pictures of their steps, and those of another conversion, above 38 dB"""
        for size, ending in (("640x360", "mp4"), ("641x359", "mp4"), ("320x200", "webm")):
            film = "race." + ending
            self.render(*RACE, "--size", size, "--seconds", "3.1", "--fps", "10", "--output", film)
            for step in (0, 13, 30):
                picture = "step%d.png" % step
                self.render(*RACE, "--size", size, "--at", str(step), "--output", picture)
                width, height = (int(side) // 2 * 2 for side in size.split("x"))
                crop = "crop=%d:%d:0:0:exact=1" % (width, height)
                done = subprocess.run(
                    ["ffmpeg", "-hide_banner", "-nostdin", "-i", film, "-i", picture, "-lavfi",
                     r"[0:v]select=eq(n\,%d),%s[a];[1:v]%s,scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,"
                     "format=yuv420p[b];[a][b]psnr" % (step, crop, crop), "-f", "null", "-"],
                    cwd=self.folder, stderr=subprocess.PIPE, timeout=60, check=True)
                found = re.search(rb"PSNR y:(\S+) u:(\S+) v:(\S+)", done.stderr)
                for value in found.groups():
                    self.assertGreater(float(value), 38, (size, ending, step))

    @needs_ffmpeg
    def test_films_are_deterministic(self):
        """the frames that are fed are the same bytes on one processor as on all"""
        environment = self.with_ffmpeg("exec cat >frames")
        frames = []
        for processors in (1, os.cpu_count()):
            before = os.sched_getaffinity(0)
            os.sched_setaffinity(0, set(sorted(before)[:processors]))
            try:
                self.render(*self.SMALL, "--seconds", "2", "--fps", "10", "--camera",
                            "0: 2d; 40%: 3d; 70%: turn=40 zoom=2; 100%: 2d leader zoom=3", "--output", "race.mp4",
                            environment=environment)
            finally:
                os.sched_setaffinity(0, before)
            frames.append(self.read("frames"))
        self.assertEqual(len(frames[0]), 20 * 320 * 200 * 3 // 2)
        self.assertEqual(frames[0], frames[1])

    def test_no_ffmpeg(self):
        """without ffmpeg the package is named, and no file is left"""
        for ending in ("mp4", "webm", "gif"):
            self.refuse(*self.SMALL, "--output", "race." + ending, mentions=["ffmpeg", "apt install"], code=1,
                        environment=dict(ENVIRONMENT, PATH=self.folder))
        self.assertEqual(self.files(), [])

    def test_refused(self):
        """what cannot be filmed is said before anything is drawn"""
        for arguments, mentions in (
                (["--size", "16384x16384", "--output", "race.mp4"], ["16384 x 16384", "png"]),
                (["--fps", "60", "--output", "race.gif"], ["50"]),
                (["--pace", "lgo", "--output", "race.mp4"], ["--pace", "'log'"]),
                (["--camera", "orbti", "--output", "race.mp4"], ["--camera", "'orbit'"]),
                (["--camera", "0: 3d; 20: 2d", "--output", "race.mp4"], ["--camera", "'20'"]),
                (["--seconds", "1e9", "--output", "race.mp4"], ["--seconds"]),
                (["--output", "none/race.mp4"], ["none/race.mp4"])):
            self.refuse(*self.SMALL, *arguments, mentions=mentions)
        self.assertEqual(self.files(), [])

    @needs_ffmpeg
    def test_ffmpeg_fails(self):
        """an ffmpeg that fails at once leaves nothing, and its first line is the message"""
        environment = self.with_ffmpeg("echo \"Unknown encoder 'libx264'\" >&2; echo more >&2; exit 1")
        message = self.refuse(*self.SMALL, "--output", "race.mp4", mentions=["libx264"], code=1, environment=environment)
        self.assertNotIn("more", message)
        self.assertEqual([name for name in self.files() if not name.startswith("bin-")], [])

    @needs_ffmpeg
    def test_ffmpeg_is_killed(self):
        """a film whose ffmpeg is killed in the middle can be played up to there, under the name that is told"""
        environment = self.with_ffmpeg('exec 3<&0; (while [ $(wc -c <race.partial.mp4) -lt 100000 ]; do sleep 0.1; done; '
                                       'kill -KILL $$) 3<&- & exec "$ffmpeg" "$@" <&3')
        message = self.refuse(*self.SMALL, "--seconds", "600", "--camera", "orbit", "--output", "race.mp4",
                              mentions=["race.partial.mp4", "signal 9"], code=1, environment=environment)
        self.assertNotIn("race.mp4", self.files(), message)
        self.assertGreater(int(probe(self.path("race.partial.mp4"), "nb_read_frames")["nb_read_frames"]), 20)

    @needs_ffmpeg
    def test_slalom_is_killed(self):
        """where slalom itself ends, what is there can be played"""
        process = subprocess.Popen([SLALOM, "render", *self.SMALL, "--size", "1280x720", "--seconds", "600", "--camera",
                                    "orbit", "--output", "race.mp4"], cwd=self.folder, env=ENVIRONMENT)
        partial = self.path("race.partial.mp4")
        try:
            while process.poll() is None and not (os.path.exists(partial) and os.path.getsize(partial) > 50000):
                subprocess.run(["sleep", "0.1"], check=True)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        for _ in range(100):  # ffmpeg ends by itself, at the end of its input
            found = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                                    "stream=nb_read_frames", "-of", "csv=p=0", partial],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
            if found.stdout.strip().isdigit() and int(found.stdout) > 20:
                break
            subprocess.run(["sleep", "0.1"], check=True)
        self.assertGreater(int(found.stdout), 20)

    @needs_ffmpeg
    def test_a_full_disk(self):
        """a full disk is told, and what was recorded before can be played"""
        small = self.path("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small], stderr=subprocess.DEVNULL,
                          check=False).returncode != 0:
            self.skipTest("a small disk cannot be mounted here")
        try:
            self.refuse(*RACE, "--size", "640x360", "--seconds", "60", "--camera", "orbit", "--output", "small/race.mp4",
                        mentions=["small/race.mp4", "No space left", "small/race.partial.mp4"], code=1)
            self.assertEqual(os.listdir(small), ["race.partial.mp4"])
            self.assertGreater(int(probe(os.path.join(small, "race.partial.mp4"), "nb_read_frames")["nb_read_frames"]),
                               20)
        finally:
            subprocess.run(["umount", small], check=True)


if __name__ == "__main__":
    tap.main()
