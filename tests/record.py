#!/usr/bin/env python3
"""Black-box tests of what `slalom render` records.

usage: record.py SLALOM

Films are read by ffmpeg, and what needs it is left out where it is not installed.
"""

import math
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

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


def chunks(data):
    """Kind and body of each chunk of a PNG."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def png(*parts):
    """A PNG of chunks with right checksums."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(body)) + kind + body +
                                           struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts)


def rgba(data):
    """Width, height and rows of (r, g, b, a) of a PNG whose rows have the filters None or Sub."""
    found = dict((kind, body) for kind, body in chunks(data) if kind != b"IDAT")
    width, height, _, colour = struct.unpack(">IIBB", found[b"IHDR"][:10])
    step = {2: 3, 6: 4}[colour]
    packed = zlib.decompress(b"".join(body for kind, body in chunks(data) if kind == b"IDAT"))
    rows = []
    for y in range(height):
        at = y * (width * step + 1)
        row = bytearray(packed[at + 1:at + 1 + width * step])
        for i in range(step, len(row) if packed[at] == 1 else 0):
            row[i] = (row[i] + row[i - step]) & 255
        rows.append([(*row[x:x + 3], row[x + 3] if step == 4 else 255) for x in range(0, len(row), step)])
    return width, height, rows


class Pictures(Case):
    IHDR = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))

    def test_a_picture_makes_itself_again(self):
        """a PNG carries its scene and its look, from which it is drawn again, the same bytes"""
        for options in ([], ["--size", "640x400", "--scale", "1.5"], ["--panels", "none", "--view", "3d", "--orbit", "20,40"],
                        ["--theme", "light", "--at", "13", "--text-size", "120"], ["--view", "3d", "--transparent"],
                        ["--seed", "5", "--box", "-1,1,-1,1", "--think", "2"]):
            self.render(*RACE, *options, "--output", "race.png")
            self.render("race.png", "--output", "again.png")
            self.assertEqual(self.read("race.png"), self.read("again.png"), options)
        texts = [body for kind, body in chunks(self.read("race.png")) if kind == b"iTXt"]
        self.assertTrue(texts[0].startswith(b"slalom\0\0\0\0\0slalom: 1\n"), texts[0])
        self.assertIn(b"seed: 5\n", texts[0])
        # What is said beside it counts more.
        self.render("race.png", "--size", "320x200", "--output", "small.png")
        self.assertEqual(rgba(self.read("small.png"))[:2], (320, 200))

    def test_scale(self):
        """twice the size at twice the scale is the same picture with twice the pixels"""
        self.render(*RACE, "--size", "240x180", "--output", "once.png")
        self.render(*RACE, "--size", "480x360", "--scale", "2", "--output", "twice.png")
        (width, height, once), (_, _, twice) = rgba(self.read("once.png")), rgba(self.read("twice.png"))
        far = 0
        for y in range(height):
            for x in range(width):
                for c in range(3):
                    mean = sum(twice[2 * y + j][2 * x + i][c] for j in (0, 1) for i in (0, 1)) / 4
                    far += abs(mean - once[y][x][c]) > 40
        self.assertLess(far, 0.03 * 3 * width * height)

    def test_transparent(self):
        """over the theme's background a transparent picture is the opaque one"""
        look = ["--size", "240x180", "--view", "3d", "--panels", "none"]
        self.render(*RACE, *look, "--output", "opaque.png")
        self.render(*RACE, *look, "--transparent", "--output", "clear.png")
        width, height, opaque = rgba(self.read("opaque.png"))
        clear = rgba(self.read("clear.png"))[2]
        background = opaque[0][0]
        self.assertEqual(clear[0][0][3], 0)
        self.assertEqual(clear[height // 2][width // 2][3], 255)
        for y in range(height):
            for x in range(width):
                *colour, alpha = clear[y][x]
                for c in range(3):
                    over = (colour[c] * alpha + background[c] * (255 - alpha)) / 255
                    self.assertLess(abs(over - opaque[y][x][c]), 3.5, (x, y))
        self.refuse(*RACE, "--transparent", "--output", "race.mp4", mentions=["background"])

    def test_hostile_pictures(self):
        """a picture of somebody else's is refused with one message, whatever its chunks say"""
        text = b"slalom\0\0\0\0\0surface: bowl\n"
        bomb = b"slalom\0\1\0\0\0" + zlib.compress(b" " * (64 << 20))
        good = png(self.IHDR, (b"iTXt", text), (b"IDAT", b""), (b"IEND", b""))
        for name, data in {
                "no text": png(self.IHDR, (b"IDAT", b""), (b"IEND", b"")),
                "nothing": png(),
                "cut off": good[:60],
                "a wrong checksum": good[:60] + b"?" + good[61:],
                "a huge length": png(self.IHDR) + struct.pack(">I", 0x7fffffff) + b"iTXt" + text,
                "a bomb": png(self.IHDR, (b"iTXt", bomb), (b"IDAT", b""), (b"IEND", b"")),
                "no scene": png(self.IHDR, (b"iTXt", b"slalom\0\0\0\0\0surface: [1"), (b"IDAT", b"")),
                "many chunks": png(self.IHDR, *[(b"tEXt", b"a\0b")] * 5000, (b"IDAT", b"")),
        }.items():
            with open(self.path("hostile.png"), "wb") as file:
                file.write(data)
            with self.subTest(name):
                self.refuse("hostile.png", "--output", "again.png", mentions=["hostile.png"])
                self.assertEqual(self.files(), ["hostile.png"])
        # A look that makes no sense is not looked at; the scene is.
        with open(self.path("hostile.png"), "wb") as file:
            file.write(png(self.IHDR, (b"iTXt", text), (b"iTXt", b"slalom picture\0\0\0\0\0size=1x99999 scale=1e9"),
                           (b"IDAT", b"")))
        self.render("hostile.png", "--output", "again.png")
        self.assertEqual(rgba(self.read("again.png"))[:2], (1280, 800))

    def test_a_sheet(self):
        """a grid of pictures in one; each is that of its values, and the sheet makes itself again"""
        race = ["--surface", "ravine", "--optimizer", "momentum", "--steps", "40"]
        self.render(*race, "--size", "700x500", "--grid", "lr=0.005,0.01", "--grid", "momentum=0,0.9", "--output", "sheet.png")
        self.render("sheet.png", "--output", "again.png")
        self.assertEqual(self.read("sheet.png"), self.read("again.png"))
        # The same cells come of the same values, whichever way they are said.
        width, height, rows = rgba(self.read("sheet.png"))
        self.render(*race, "--all", "lr=0.01", "--size", "700x500", "--grid", "lr=0.005,0.01", "--grid", "momentum=0.9,0.9",
                    "--output", "other.png")
        other = rgba(self.read("other.png"))[2]
        half = height // 2 + 30
        self.assertEqual([row[130:] for row in rows[half:]], [row[130:] for row in other[half:]])
        self.assertNotEqual([row[130:] for row in rows[60:height // 2 - 20]], [row[130:] for row in other[60:height // 2 - 20]])
        # One direction; keys of the scene, of the surface; values with commas.
        for grid in (["seed=1,2,3"], ["kappa=5,50,200"], ["start=-4,1;1,2"], ["surface=bowl,ravine", "start=1,1;2,2"]):
            self.render(*race, "--size", "500x400", *[word for one in grid for word in ("--grid", one)],
                        "--output", "sheet.png")
        for ending, begins in (("svg", b"<svg"), ("pdf", b"%PDF")):
            self.render(*race, "--size", "500x400", "--grid", "lr=0.005,0.01", "--output", "sheet." + ending)
            self.assertIn(begins, self.read("sheet." + ending)[:200])
        self.assertEqual(self.read("sheet.svg").count(b"lr = 0.0"), 2)
        for grid, mentions in (("lr", ["KEY=VALUE"]), ("rl=1,2", ["rl"]), ("lr=a", ["lr"]), ("seed=-1", ["seed"]),
                               ("steps=" + ",".join("1" * 33), ["32"]), ("start=1,2", ["start"])):
            self.refuse(*race, "--grid", grid, "--output", "none.png", mentions=["--grid", *mentions])
        self.refuse(*race, *["--grid", "lr=1"] * 3, "--output", "none.png", mentions=["--grid"])
        self.refuse(*race, "--grid", "lr=0.1", "--output", "none.mp4", mentions=["--grid"])
        self.refuse(*race, "--size", "100x100", "--grid", "lr=0.1,0.2,0.3", "--output", "none.png", mentions=["--size"])
        self.assertNotIn("none.png", self.files())

    def test_a_sequence(self):
        """numbered pictures, each of which is the one of its step"""
        self.render(*RACE, "--size", "320x200", "--seconds", "3.1", "--fps", "20", "--output", "race-%03d.png")
        self.assertEqual(self.files(), ["race-%03d.png" % i for i in range(62)])
        for step in (0, 17, 30):
            self.render(*RACE, "--size", "320x200", "--at", str(step), "--output", "one.png")
            frame = next(i for i in range(62) if math.floor(i / 61 * 30 + 1e-9) == step)
            self.assertEqual(self.read("race-%03d.png" % frame), self.read("one.png"))
        self.refuse(*RACE, "--output", "none/race-%d.png", mentions=["none/race-0.png"])


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
