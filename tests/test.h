/* What every test file needs: cmocka, and comparing numbers by relative error. */
#ifndef SLALOM_TEST_H
#define SLALOM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether fewer points are enough, since this only looks for what a sanitizer sees: SLALOM_TEST_QUICK. */
static inline bool is_quick(void) {
    return getenv("SLALOM_TEST_QUICK") != NULL;
}

/* Whether the i-th of many combinations is left out where fewer are enough, which takes one of `one_in`. */
static inline bool is_left_out(size_t i, size_t one_in) {
    return is_quick() && i % one_in != 0;
}

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
