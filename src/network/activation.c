/* The table of activations and their loops. How a network uses them is mlp_pass.c's affair. */
#include "activation.h"

#include "elementary.h"
#include "loop.h"

#include <string.h>

/* Slopes to the left of 0, as in the papers: Maas et al. 2013. */
#define LEAK 0.01

#define ROOT_HALF 0.70710678118654752440
#define NORMAL_PEAK 0.39894228040143267794 /* 1/sqrt(2 pi) */

/* Of the standard normal distribution: what lies below z, and the density there. */
ELEMENTARY double normal_share(double z) {
    return 0.5 * (1 + elementary_erf_f64(z * ROOT_HALF));
}

ELEMENTARY double normal_density(double z) {
    return NORMAL_PEAK * elementary_exp_f64(-0.5 * z * z);
}

/* sigmoid(z) from a = softplus(z). */
ELEMENTARY double softplus_slope(double a) {
    return 1 - elementary_exp_f64(-a);
}

/* The loops of a row in one precision: f of the sum z, and its derivatives, which are of `given`: the
 * outputs, called a, or the sums, called z. */
#define LOOPS(name, precision, Number, letter, given, value, first, second)                                  \
    LOOP void name##_apply_##precision(const Number *sums, Number *outputs, size_t n) {                      \
        for (size_t i = 0; i < n; i++) {                                                                     \
            const Number z = sums[i];                                                                        \
            outputs[i] = (Number)(value);                                                                    \
        }                                                                                                    \
    }                                                                                                        \
    LOOP void name##_scale_##precision(const Number *sums, const Number *outputs, Number *delta, size_t n) { \
        (void)sums, (void)outputs;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                                     \
            const Number letter = given[i];                                                                  \
            (void)letter;                                                                                    \
            delta[i] *= (Number)(first);                                                                     \
        }                                                                                                    \
    }                                                                                                        \
    LOOP void name##_bend_##precision(const Number *sums, const Number *outputs, Number *curve, size_t n) {  \
        (void)sums, (void)outputs;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                                     \
            const Number letter = given[i];                                                                  \
            (void)letter;                                                                                    \
            curve[i] = (Number)(second);                                                                     \
        }                                                                                                    \
    }

/* Every row, in float32 or float64, with F(exp) that precision's function. What float32 would cancel is
 * worked out in float64. NaN stays NaN. */
#define ACTIVATIONS(precision, Number, F)                                                                    \
    LOOPS(linear, precision, Number, a, outputs, z, 1, 0)                                                    \
    LOOPS(tanh, precision, Number, a, outputs, F(tanh)(z), 1 - a * a, -2 * a * (1 - a * a))                  \
    LOOPS(sigmoid, precision, Number, a, outputs, F(sigmoid)(z), a *(1 - a), a *(1 - a) * (1 - 2 * a))       \
    LOOPS(relu, precision, Number, a, outputs, z <= 0 ? 0 : z, a > 0, 0)                                     \
    LOOPS(leaky_relu, precision, Number, a, outputs, z > 0 ? z : (Number)LEAK * z, a > 0 ? 1 : LEAK, 0)      \
    LOOPS(elu, precision, Number, a, outputs, z > 0 ? (double)z : elementary_exp_f64((double)z) - 1,         \
        a > 0 ? 1 : a + 1, a > 0 ? 0 : a + 1)                                                                \
    LOOPS(gelu, precision, Number, z, sums, (double)z *normal_share((double)z),                              \
        normal_share((double)z) + (double)z * normal_density((double)z),                                     \
        normal_density((double)z) * (2 - (double)z * (double)z))                                             \
    LOOPS(softplus, precision, Number, a, outputs, F(softplus)(z), softplus_slope((double)a),                \
        softplus_slope((double)a) * (1 - softplus_slope((double)a)))

#define F32(function) elementary_##function##_f32
#define F64(function) elementary_##function##_f64
ACTIVATIONS(f32, float, F32)
ACTIVATIONS(f64, double, F64)

#define ROW(row)                                                                                             \
    .name = #row, .f32 = {row##_apply_f32, row##_scale_f32, row##_bend_f32},                                 \
    .f64 = {row##_apply_f64, row##_scale_f64, row##_bend_f64}

const Activation activation_table[] = {
    {ROW(linear), .title = "Linear", .formula = "z"},
    {ROW(tanh), .title = "Hyperbolic tangent", .formula = "tanh(z)"},
    {ROW(sigmoid), .title = "Sigmoid", .formula = "sigmoid(z)"},
    {ROW(relu), .title = "ReLU", .formula = "relu(z)"},
    {ROW(leaky_relu), .title = "Leaky ReLU", .formula = "z > 0 ? z : 0.01*z"},
    {ROW(elu), .title = "ELU", .formula = "z > 0 ? z : exp(z) - 1"},
    {ROW(gelu), .title = "GELU", .formula = "z/2*(1 + erf(z/sqrt(2)))", .keeps_sums = true},
    {ROW(softplus), .title = "Softplus", .formula = "softplus(z)"},
};

const int activation_count = sizeof activation_table / sizeof activation_table[0];

const Activation *activation_find(const char *name) {
    for (int i = 0; i < activation_count; i++)
        if (strcmp(activation_table[i].name, name) == 0) return &activation_table[i];
    return NULL;
}
