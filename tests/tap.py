"""Runs unittest cases and prints the Test Anything Protocol, which tests/count.py counts."""

import sys
import unittest


class TapResult(unittest.TestResult):
    def _print(self, verdict, test, note=""):
        # What went wrong comes first, as a comment, so that a reader finds it above the verdict.
        for line in note.rstrip().splitlines():
            print("# " + line)
        name = test.shortDescription() or test.id().split(".", 1)[1]
        print("%s %d - %s" % (verdict, self.testsRun, name), flush=True)

    def addSuccess(self, test):
        self._print("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._print("not ok", test, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        # A fixture of a whole class that failed is no test of its own, but it is a failure.
        self.testsRun += isinstance(test, unittest.suite._ErrorHolder)
        self._print("not ok", test, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._print("not ok", subtest, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print("ok %d # SKIP %s: %s" % (self.testsRun, test.id(), reason), flush=True)


def main(module="__main__"):
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    print("1..%d" % suite.countTestCases(), flush=True)
    result = suite.run(TapResult())
    sys.exit(0 if result.wasSuccessful() else 1)
