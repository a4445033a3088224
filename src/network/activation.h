/* What the units of hidden layers do with the sum of their inputs: one row each. */
#ifndef SLALOM_ACTIVATION_H
#define SLALOM_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

/* One precision's loops over n numbers. z: the sum of the inputs; a: what the unit makes of it. Where the
 * row's `keeps_sums` is false the derivatives are of `a` alone and z may be NULL. Arrays are either the same
 * or apart. */
#define ACTIVATION_LOOPS(Number, name)                                                                       \
    typedef struct name {                                                                                    \
        void (*apply)(const Number *z, Number *a, size_t n);                                                 \
        /* delta *= f'(z) */                                                                                 \
        void (*scale)(const Number *z, const Number *a, Number *delta, size_t n);                            \
        /* curve = f''(z) */                                                                                 \
        void (*bend)(const Number *z, const Number *a, Number *curve, size_t n);                             \
    } name;
ACTIVATION_LOOPS(float, ActivationLoopsF32)
ACTIVATION_LOOPS(double, ActivationLoopsF64)
#undef ACTIVATION_LOOPS

typedef struct Activation {
    const char *name;    /* on the command line */
    const char *title;   /* for people */
    const char *formula; /* of z, in the language of formulas */
    bool keeps_sums;     /* the derivatives need z */
    ActivationLoopsF32 f32;
    ActivationLoopsF64 f64;
} Activation;

extern const Activation activation_table[];
extern const int activation_count;
const Activation *activation_find(const char *name); /* NULL where there is none */

#endif
