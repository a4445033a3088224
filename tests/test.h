/* What every test file needs: cmocka, and comparing numbers by relative error. */
#ifndef SLALOM_TEST_H
#define SLALOM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

/* |actual - expected| relative to |expected|, or absolute below 1. */
static inline double relative_error(double actual, double expected) {
    if (actual == expected) return 0;
    return fabs(actual - expected) / fmax(1, fabs(expected));
}

#define assert_near(actual, expected, tolerance)                                                             \
    do {                                                                                                     \
        double actual_ = (actual), expected_ = (expected);                                                   \
        if (!(relative_error(actual_, expected_) <= (tolerance)))                                            \
            fail_msg("%s is %.17g, not %.17g (off by %.3g, allowed %g)", #actual, actual_, expected_,        \
                relative_error(actual_, expected_), (double)(tolerance));                                    \
    } while (0)

#endif
