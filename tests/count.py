#!/usr/bin/env python3
"""Counts the tests in the logs that `meson test` leaves in build folders, one case at a time.

usage: count.py BUILD_FOLDER...

A test program that speaks TAP (`ok 1 - name`) counts as its cases, any other as one. A program that crashed,
timed out or left before its last case has failed at least once more; one that was skipped does not count. A
log that is not there means that its build failed. Prints what failed, then one line: N passed, N failed.
"""

import json
import os
import re
import sys

CASE = re.compile(r"^(not )?ok \d+(?: -)? ?(.*)$", re.MULTILINE)
PLAN = re.compile(r"^1\.\.(\d+)$", re.MULTILINE)


def count_program(test):
    """The number of cases that passed, and the names of those that did not."""
    output = test.get("stdout") or ""
    passed, failed, skipped = 0, [], 0
    for is_failure, name in CASE.findall(output):
        if name.startswith("# SKIP"):
            skipped += 1
        elif is_failure:
            failed.append(name)
        else:
            passed += 1
    if test["result"] == "OK":
        return passed + (not passed and not skipped), failed
    lost = sum(map(int, PLAN.findall(output))) - passed - len(failed) - skipped
    failed += ["(not reached)"] * max(0, lost)
    return passed, failed or ["(the program: %s, exit status %s)" % (test["result"], test.get("returncode"))]


def main(builds):
    n_passed = n_failed = 0
    for build in builds:
        try:
            with open(os.path.join(build, "meson-logs", "testlog.json"), encoding="utf-8") as log:
                tests = [json.loads(line) for line in log]
        except FileNotFoundError:
            tests = []
        if not tests:
            n_failed += 1
            print("failed: %s: no test ran" % build)
        for test in tests:
            if test["result"] == "SKIP":
                print("skipped: %s: %s" % (build, test["name"]))
                continue
            passed, failed = count_program(test)
            n_passed += passed
            n_failed += len(failed)
            for name in failed:
                print("failed: %s: %s: %s" % (build, test["name"], name))
    print("%d passed, %d failed" % (n_passed, n_failed))
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
