"""A virtual display with one window on it: what is on the screen, and a person's hands (xdotool)."""

import mmap
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap


def main():
    """Runs the tests of the file that calls it; leaves with 77 (skipped) where Xvfb or xdotool is missing."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        print("Xvfb and xdotool are needed to test the window")
        sys.exit(77)
    tap.main()


class Screen:
    """Xvfb on a free display, its pixels mapped from the file in which it keeps them."""

    def __init__(self, width, height):
        self.folder = tempfile.TemporaryDirectory(prefix="slalom-screen-")
        read_end, write_end = os.pipe()
        # The server picks a free display by itself and writes its number to the pipe. Without -noreset it
        # would start anew whenever its last window closes, and refuse a window that comes just then.
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "%dx%dx24" % (width, height), "-fbdir",
             self.folder.name, "-nolisten", "tcp", "-noreset"],
            pass_fds=[write_end], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        try:
            if not select.select([read_end], [], [], 30)[0]:
                raise TimeoutError("Xvfb does not start")
            # To the end of the line: the server dies of a pipe that is closed too soon.
            with open(read_end, encoding="ascii", closefd=False) as pipe:
                number = pipe.readline().strip()
            if not number:
                raise RuntimeError("Xvfb does not start")
        except Exception:
            self.close()
            raise
        finally:
            os.close(read_end)
        self.environment = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
        self.environment.update(DISPLAY=":" + number, SDL_VIDEODRIVER="x11")
        # SDL closes the libraries of X11 at its end, and what these keep then looks like a leak of unknown origin.
        self.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        with open(os.path.join(self.folder.name, "Xvfb_screen0"), "rb") as file:
            self.pixels = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # The XWD format: a header of 25 numbers, then a colour table of 12 bytes a row, then the rows.
        header = struct.unpack(">25I", self.pixels[:100])
        self.row_bytes = header[12]
        self.first_byte = header[0] + 12 * header[19]

    def close(self):
        self.server.terminate()
        self.server.wait()
        self.folder.cleanup()

    def xdotool(self, *words):
        done = subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.stdout.decode()

    def picture(self, width, height):
        """The top left of the screen: (height, width) pixels of 32 bits, 0x00RRGGBB."""
        starts = range(self.first_byte, self.first_byte + height * self.row_bytes, self.row_bytes)
        pixels = bytearray(b"".join(self.pixels[start:start + 4 * width] for start in starts))
        pixels[3::4] = bytes(width * height)  # whatever the server leaves there
        return memoryview(pixels).cast("I")


def count_differences(a, b):
    """How many pixels differ between two pictures of one size."""
    return sum(p != q for p, q in zip(a, b)) if a != b else 0


def count_far(a, b, far=12):
    """How many pixels differ by more than rounding: in a channel by more than `far` of 255."""
    if a == b:
        return 0
    return sum(p != q and any(abs((p >> shift & 255) - (q >> shift & 255)) > far for shift in (0, 8, 16))
               for p, q in zip(a, b))


class Patience:
    """How long a window has had to do something: time in which it ran, or slept since there was nothing to do. What it, or
    the screen, waited for a processor that others kept busy does not count, so that what is seen in so many seconds does
    not depend on how busy the machine is."""

    def __init__(self, *pids):
        self.pids = pids
        self.seconds = 0
        self.last = self._look()

    def _look(self):
        """Now; seconds that all threads ran and that they waited to run; whether one could run now."""
        ran = waited = 0
        ready = False
        for pid in self.pids:
            try:
                for thread in os.listdir("/proc/%d/task" % pid):
                    with open("/proc/%d/task/%s/schedstat" % (pid, thread), encoding="ascii") as file:
                        nanoseconds = file.read().split()
                    with open("/proc/%d/task/%s/stat" % (pid, thread), encoding="ascii") as file:
                        ready = ready or file.read().rsplit(")", 1)[1].split()[0] in "RD"
                    ran += int(nanoseconds[0]) * 1e-9
                    waited += int(nanoseconds[1]) * 1e-9
            except (OSError, IndexError):
                pass  # it has ended, or this system does not tell
        return time.monotonic(), ran, waited, ready

    def spent(self):
        """Seconds until now. Where it takes long from call to call, what is counted is less than it was."""
        now, ran, waited, ready = self._look()
        passed = now - self.last[0]
        if ready and ran:
            passed = min(passed, ran - self.last[1])
        self.seconds += max(0, passed - max(0, waited - self.last[2]))
        self.last = now, ran, waited, ready
        return self.seconds


class Window:
    """slalom in a window in the screen's top left corner."""

    def __init__(self, screen, program, folder, *arguments):
        self.screen = screen
        # What was on screen last is kept for each folder by itself.
        self.state = os.path.join(screen.folder.name, os.path.basename(folder))
        self.process = subprocess.Popen([program, *arguments], cwd=folder,
                                        env=dict(screen.environment, XDG_STATE_HOME=self.state),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.wait_until(self._take, "slalom has a window")
            self.wait_until_still()
        except Exception:
            self.kill()
            raise

    def _take(self):
        """Puts the window in its corner and gives it the keyboard; False while it is not there. The first one
        that appears may still be replaced, so that everything here may have to be done once more."""
        if self.process.poll() is not None:
            raise RuntimeError("slalom left at once: " + self.process.stderr.read().decode())
        try:
            self.id = self.screen.xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()[-1]
            self.screen.xdotool("windowmove", self.id, 0, 0, "windowfocus", self.id)
        except (subprocess.CalledProcessError, IndexError):
            return False
        return True

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def leave(self, key="ctrl+q"):
        """Quits by a key: what the process returns, and what it has to say."""
        self.screen.xdotool("key", key)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors.decode()

    def size(self):
        words = self.screen.xdotool("getwindowgeometry", "--shell", self.id).split()
        geometry = dict(word.split("=") for word in words)
        return int(geometry["WIDTH"]), int(geometry["HEIGHT"])

    def resize(self, width, height):
        self.screen.xdotool("windowsize", self.id, width, height)
        self.wait_until(lambda: self.size() == (width, height), "the window has its new size")

    def picture(self):
        return self.screen.picture(*self.size())

    def patience(self):
        return Patience(self.process.pid, self.screen.server.pid)

    def wait_until(self, condition, what, seconds=20):
        patience = self.patience()
        latest = time.monotonic() + 10 * seconds
        while not condition():
            if patience.spent() > seconds or time.monotonic() > latest:
                raise AssertionError("not after %d s: %s" % (seconds, what))
            time.sleep(0.02)

    def is_moving(self, seconds=0.5):
        """Whether the picture changes by itself."""
        patience = self.patience()
        latest = time.monotonic() + 20 * seconds
        before = self.picture()
        while patience.spent() < seconds and time.monotonic() < latest:
            time.sleep(0.05)
            if self.picture() != before:
                return True
        return False

    def wait_until_still(self, seconds=5, still_s=0.3):
        """Waits for the effects of the last input; a race that is playing never stands still. Whether it does."""
        patience = self.patience()
        while self.is_moving(still_s):
            if patience.spent() > seconds:
                return False
        return True

    def key(self, *names):
        self.screen.xdotool("key", *names)
        self.wait_until_still()
        return self.picture()

    def point(self, x, y):
        self.screen.xdotool("mousemove", round(x), round(y))

    def drag(self, path, seconds_each=0.016):
        """Presses at the first point and moves along the others, without letting go."""
        words = ["mousemove", *path[0], "sleep", 0.05, "mousedown", 1]
        for x, y in path[1:]:
            words += ["sleep", seconds_each, "mousemove", x, y]
        self.screen.xdotool(*words)

    def release(self):
        self.screen.xdotool("mouseup", 1)
        self.wait_until_still()
        return self.picture()

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.process.pid, encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kilobytes(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def read_png(data):
    """Width, height and pixels (0x00RRGGBB, as Screen.picture gives them) of a PNG of 8-bit RGB or RGBA."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    if depth != 8 or colour not in (2, 6):
        raise ValueError("a PNG of depth %d and colour type %d" % (depth, colour))
    step = 3 if colour == 2 else 4
    rows = _unfilter(zlib.decompress(packed), width * step, step, height)
    pixels = bytearray(4 * width * height)
    for channel in range(3):
        pixels[2 - channel::4] = rows[channel::step]
    return width, height, memoryview(pixels).cast("I")


def _unfilter(data, row_bytes, step, height):
    """The bytes of the rows without the filters of PNG (its specification, section 9)."""
    result = bytearray()
    above = bytearray(row_bytes)
    for y in range(height):
        at = y * (row_bytes + 1)
        row = bytearray(data[at + 1:at + 1 + row_bytes])
        kind = data[at]
        if kind == 1:
            for i in range(step, row_bytes):
                row[i] = (row[i] + row[i - step]) & 255
        elif kind == 2:
            for i in range(row_bytes):
                row[i] = (row[i] + above[i]) & 255
        elif kind == 3:
            for i in range(row_bytes):
                left = row[i - step] if i >= step else 0
                row[i] = (row[i] + (left + above[i]) // 2) & 255
        elif kind == 4:
            for i in range(row_bytes):
                left, corner = (row[i - step], above[i - step]) if i >= step else (0, 0)
                up = above[i]
                to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
                nearest = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
                row[i] = (row[i] + nearest) & 255
        result += row
        above = row
    return bytes(result)
