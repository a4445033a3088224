/* The elementary functions of formulas, a float64 and a float32 version of every operation.
 *
 * Each is branch-free C over IEEE + - * / sqrt, comparisons and bit work, so that a plain loop over it
 * becomes SIMD code, and gives the same bits with every compiler and instruction set as long as nothing is
 * contracted into a fused multiply-add (-ffp-contract=off). float64: within 2 ulp (tests/test_elementary.c
 * states what was found); float32 within 1 ulp or so: basics, exp and log in float32, the others by way of
 * float64. NaN operands give NaN (its payload is not specified) except for comparisons and where C's pow and
 * hypot say otherwise. */
#ifndef SLALOM_ELEMENTARY_H
#define SLALOM_ELEMENTARY_H

#include "elementary_core.h"
#include "elementary_exp.h"
#include "elementary_f32.h"
#include "elementary_hyperbolic.h"
#include "elementary_trig.h"

/* The operations by number of operands, as X(OPERATION, function). The trigonometric three have a slow path
 * for large arguments and are apart. MULTIPLY_ADD and its kin, which only programs use, round twice. */
// clang-format off
#define ELEMENTARY_UNARY(X)                                                                                    \
    X(NEGATE, negate) X(EXP, exp) X(LOG, log) X(LOG10, log10) X(SQRT, sqrt) X(ABS, abs) X(SIGN, sign)          \
    X(ASIN, asin) X(ACOS, acos) X(ATAN, atan) X(SINH, sinh) X(COSH, cosh) X(TANH, tanh) X(SIGMOID, sigmoid)    \
    X(SOFTPLUS, softplus) X(RELU, relu) X(FLOOR, floor) X(ERF, erf)
#define ELEMENTARY_TRIG(X) X(SIN, sin) X(COS, cos) X(TAN, tan)
#define ELEMENTARY_BINARY(X)                                                                                   \
    X(ADD, add) X(SUBTRACT, subtract) X(MULTIPLY, multiply) X(DIVIDE, divide) X(POWER, power) X(LESS, less)    \
    X(LESS_EQUAL, less_equal) X(EQUAL, equal) X(NOT_EQUAL, not_equal) X(ATAN2, atan2) X(MIN, min) X(MAX, max)  \
    X(MOD, mod) X(HYPOT, hypot)
#define ELEMENTARY_TERNARY(X) X(SELECT, select)
#define ELEMENTARY_FUSED_BINARY(X) X(ADD_ROOT, add_root)
#define ELEMENTARY_FUSED(X)                                                                                    \
    X(MULTIPLY_ADD, multiply_add) X(MULTIPLY_SUBTRACT, multiply_subtract) X(SUBTRACT_PRODUCT, subtract_product) \
    X(MULTIPLY_TWICE, multiply_twice) X(SUBTRACT_QUOTIENT, subtract_quotient)

/* Those that read the same in either precision. */
#define ELEMENTARY_BASICS(T, p, absolute, root)                                                                \
    ELEMENTARY T elementary_negate_##p(T a) { return -a; }                                                     \
    ELEMENTARY T elementary_sqrt_##p(T a) { return root(a); }                                                  \
    ELEMENTARY T elementary_abs_##p(T a) { return absolute(a); }                                               \
    ELEMENTARY T elementary_sign_##p(T a) { return a > 0 ? 1 : (a < 0 ? -1 : a); }                             \
    ELEMENTARY T elementary_relu_##p(T a) { return a <= 0 ? 0 : a; }                                           \
    ELEMENTARY T elementary_add_##p(T a, T b) { return a + b; }                                                \
    ELEMENTARY T elementary_subtract_##p(T a, T b) { return a - b; }                                           \
    ELEMENTARY T elementary_multiply_##p(T a, T b) { return a * b; }                                           \
    ELEMENTARY T elementary_divide_##p(T a, T b) { return a / b; }                                             \
    ELEMENTARY T elementary_less_##p(T a, T b) { return a < b ? 1 : 0; }                                       \
    ELEMENTARY T elementary_less_equal_##p(T a, T b) { return a <= b ? 1 : 0; }                                \
    ELEMENTARY T elementary_equal_##p(T a, T b) { return a == b ? 1 : 0; }                                     \
    ELEMENTARY T elementary_not_equal_##p(T a, T b) { return a != b ? 1 : 0; }                                 \
    ELEMENTARY T elementary_min_##p(T a, T b) {                                                                \
        T smaller = a < b ? a : b;                                                                             \
        return a != a ? a : smaller;                                                                           \
    }                                                                                                          \
    ELEMENTARY T elementary_max_##p(T a, T b) {                                                                \
        T larger = a > b ? a : b;                                                                              \
        return a != a ? a : larger;                                                                            \
    }                                                                                                          \
    ELEMENTARY T elementary_mod_##p(T a, T b) { return a - b * elementary_floor_##p(a / b); }                  \
    ELEMENTARY T elementary_select_##p(T condition, T a, T b) { return condition != 0 ? a : b; }               \
    ELEMENTARY T elementary_multiply_add_##p(T a, T b, T c) { return a * b + c; }                              \
    ELEMENTARY T elementary_multiply_subtract_##p(T a, T b, T c) { return a * b - c; }                         \
    ELEMENTARY T elementary_subtract_product_##p(T a, T b, T c) { return c - a * b; }                          \
    ELEMENTARY T elementary_multiply_twice_##p(T a, T b, T c) { return a * b * c; }                            \
    ELEMENTARY T elementary_subtract_quotient_##p(T a, T b, T c) { return c - a / b; }                         \
    ELEMENTARY T elementary_add_root_##p(T a, T b) { return root(a) + b; }

// clang-format on

ELEMENTARY_BASICS(double, f64, fabs, sqrt)
ELEMENTARY_BASICS(float, f32, fabsf, sqrtf)
#undef ELEMENTARY_BASICS

#define ELEMENTARY_NARROW(name)                                                                              \
    ELEMENTARY float elementary_##name##_f32(float a) {                                                      \
        return (float)elementary_##name##_f64(a);                                                            \
    }
ELEMENTARY_NARROW(log10)
ELEMENTARY_NARROW(asin)
ELEMENTARY_NARROW(acos)
ELEMENTARY_NARROW(atan)
ELEMENTARY_NARROW(sinh)
ELEMENTARY_NARROW(cosh)
ELEMENTARY_NARROW(tanh)
ELEMENTARY_NARROW(sigmoid)
ELEMENTARY_NARROW(softplus)
ELEMENTARY_NARROW(erf)
#undef ELEMENTARY_NARROW

#define ELEMENTARY_NARROW(name)                                                                              \
    ELEMENTARY float elementary_##name##_f32(float a, float b) {                                             \
        return (float)elementary_##name##_f64(a, b);                                                         \
    }
ELEMENTARY_NARROW(power)
ELEMENTARY_NARROW(atan2)
ELEMENTARY_NARROW(hypot)
#undef ELEMENTARY_NARROW

#define ELEMENTARY_NARROW(name)                                                                              \
    ELEMENTARY float elementary_##name##_small_f32(float a) {                                                \
        return (float)elementary_##name##_small(a);                                                          \
    }                                                                                                        \
    ELEMENTARY float elementary_##name##_f32(float a) {                                                      \
        return (float)elementary_##name##_f64(a);                                                            \
    }
ELEMENTARY_NARROW(sin)
ELEMENTARY_NARROW(cos)
ELEMENTARY_NARROW(tan)
#undef ELEMENTARY_NARROW

#endif
