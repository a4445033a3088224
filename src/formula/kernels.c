/* The kernels, generated from the lists in elementary.h. This file is compiled once for each instruction set;
 * the baseline's copy also chooses among them. What to run in which order is left to program.c. */
#include "kernels.h"

#include "elementary.h"
#include "elementary_normal.h"
#include "noise.h"

#include <string.h>

// clang-format off

#define SLOW_LOOP(T, expression)                                                                               \
    {                                                                                                          \
        T *out = out_;                                                                                         \
        const T *a = a_;                                                                                       \
        for (size_t i = 0; i < n; i++) out[i] = expression;                                                    \
    }
#define LOOP(T, expression)                                                                                    \
    {                                                                                                          \
        T *out = out_;                                                                                         \
        const T *a = a_, *b = b_, *c = c_;                                                                     \
        const size_t end = n / KERNEL_GROUP * KERNEL_GROUP;                                                    \
        (void)a, (void)b, (void)c;                                                                             \
        KERNEL_INDEPENDENT                                                                                     \
        for (size_t i = 0; i < end; i++) out[i] = expression;                                                  \
    }
#define KERNEL(name) static void name(void *out_, const void *a_, const void *b_, const void *c_, size_t n)

/* An operand that is one number is read before the loop: `out` might be its place as far as C knows. */
#define SCALAR(T, x) const T x##0 = *(const T *)x##_;

#define UNARY(T, p, function)                                                                                  \
    KERNEL(function##_##p##_v) LOOP(T, elementary_##function##_##p(a[i]))

/* Every number of a block goes the slow way where one has to: the same function for all. */
#define TRIG(T, p, function, small)                                                                            \
    KERNEL(function##_##p##_v) {                                                                               \
        const T *numbers = a_;                                                                                 \
        int large = 0;                                                                                         \
        for (size_t i = 0; i < n; i++) large |= elementary_trig_is_large(numbers[i]);                          \
        if (large) SLOW_LOOP(T, elementary_##function##_##p(a[i]))                                             \
        else LOOP(T, elementary_##function##_##small(a[i]))                                                    \
    }

#define BINARY(T, p, function)                                                                                 \
    KERNEL(function##_##p##_vv) LOOP(T, elementary_##function##_##p(a[i], b[i]))                               \
    KERNEL(function##_##p##_sv) { SCALAR(T, a) LOOP(T, elementary_##function##_##p(a0, b[i])) }                \
    KERNEL(function##_##p##_vs) { SCALAR(T, b) LOOP(T, elementary_##function##_##p(a[i], b0)) }

#define TERNARY(T, p, function)                                                                                \
    KERNEL(function##_##p##_vvv) LOOP(T, elementary_##function##_##p(a[i], b[i], c[i]))                        \
    KERNEL(function##_##p##_svv) { SCALAR(T, a) LOOP(T, elementary_##function##_##p(a0, b[i], c[i])) }         \
    KERNEL(function##_##p##_vsv) { SCALAR(T, b) LOOP(T, elementary_##function##_##p(a[i], b0, c[i])) }         \
    KERNEL(function##_##p##_vvs) { SCALAR(T, c) LOOP(T, elementary_##function##_##p(a[i], b[i], c0)) }         \
    KERNEL(function##_##p##_ssv) {                                                                             \
        SCALAR(T, a) SCALAR(T, b) LOOP(T, elementary_##function##_##p(a0, b0, c[i]))                           \
    }                                                                                                          \
    KERNEL(function##_##p##_svs) {                                                                             \
        SCALAR(T, a) SCALAR(T, c) LOOP(T, elementary_##function##_##p(a0, b[i], c0))                           \
    }                                                                                                          \
    KERNEL(function##_##p##_vss) {                                                                             \
        SCALAR(T, b) SCALAR(T, c) LOOP(T, elementary_##function##_##p(a[i], b0, c0))                           \
    }

#define COPY(T, p)                                                                                             \
    KERNEL(copy_##p##_v) LOOP(T, a[i])                                                                         \
    KERNEL(copy_##p##_s) { SCALAR(T, a) LOOP(T, a0) }

#define UNARY_F64(name, function) UNARY(double, f64, function)
#define UNARY_F32(name, function) UNARY(float, f32, function)
#define TRIG_F64(name, function) TRIG(double, f64, function, small)
#define TRIG_F32(name, function) TRIG(float, f32, function, small_f32)
#define BINARY_F64(name, function) BINARY(double, f64, function)
#define BINARY_F32(name, function) BINARY(float, f32, function)
#define TERNARY_F64(name, function) TERNARY(double, f64, function)
#define TERNARY_F32(name, function) TERNARY(float, f32, function)

COPY(double, f64)
COPY(float, f32)
ELEMENTARY_UNARY(UNARY_F64)
ELEMENTARY_UNARY(UNARY_F32)
ELEMENTARY_TRIG(TRIG_F64)
ELEMENTARY_TRIG(TRIG_F32)
ELEMENTARY_BINARY(BINARY_F64)
ELEMENTARY_BINARY(BINARY_F32)
KERNEL(divide_by_one_f32) { SCALAR(float, b) const float factor = 1 / b0; LOOP(float, a[i] * factor) }
ELEMENTARY_TERNARY(TERNARY_F64)
ELEMENTARY_TERNARY(TERNARY_F32)
ELEMENTARY_FUSED_BINARY(BINARY_F64)
ELEMENTARY_FUSED_BINARY(BINARY_F32)
ELEMENTARY_FUSED(TERNARY_F64)
ELEMENTARY_FUSED(TERNARY_F32)

/* The first half of a block are the cosines of its pairs, the second the sines. */
enum { PAIRS = NOISE_BLOCK / 2 };

static void normal_f64(void *out_, uint64_t stream, uint64_t first, size_t n) {
    double *out = out_;
    for (uint64_t block = first; block < first + n; block++, out += NOISE_BLOCK) {
        const uint64_t state = stream + (2 * block * PAIRS + 1) * ELEMENTARY_RANDOM_STEP;
        KERNEL_INDEPENDENT
        for (uint64_t i = 0; i < PAIRS; i++) {
            const uint64_t at = state + 2 * i * ELEMENTARY_RANDOM_STEP;
            elementary_normal_f64(
                elementary_mix(at), elementary_mix(at + ELEMENTARY_RANDOM_STEP), &out[i], &out[PAIRS + i]);
        }
    }
}

/* So many pairs are worked out in one part after the other. */
enum { PAIRS_AT_ONCE = 32 * PAIRS };

static void normal_f32(void *out_, uint64_t stream, uint64_t first, size_t n) {
    float *out = out_;
    uint32_t high[PAIRS_AT_ONCE], low[PAIRS_AT_ONCE];
    float radius[PAIRS_AT_ONCE];
    uint64_t state = stream + (first * PAIRS + 1) * ELEMENTARY_RANDOM_STEP;
    for (size_t pairs = n * PAIRS; pairs > 0;) {
        const size_t here = pairs < PAIRS_AT_ONCE ? pairs : PAIRS_AT_ONCE;
        for (size_t i = 0; i < here; i++) {
            const uint64_t bits = elementary_mix(state + i * ELEMENTARY_RANDOM_STEP);
            high[i] = (uint32_t)(bits >> 32);
            low[i] = (uint32_t)bits;
        }
        for (size_t i = 0; i < here; i++) radius[i] = elementary_normal_radius_f32(high[i]);
        for (size_t block = 0; block < here; block += PAIRS, out += NOISE_BLOCK) {
            KERNEL_INDEPENDENT
            for (size_t i = 0; i < PAIRS; i++)
                elementary_normal_f32(radius[block + i], low[block + i], &out[i], &out[PAIRS + i]);
        }
        state += here * ELEMENTARY_RANDOM_STEP;
        pairs -= here;
    }
}

#define UNARY_ROW(code, function, p) [code] = {[0] = function##_##p##_v},
#define BINARY_ROW(code, function, p)                                                                          \
    [code] = {[0] = function##_##p##_vv, [SHAPE_A] = function##_##p##_sv, [SHAPE_B] = function##_##p##_vs},
#define TERNARY_ROW(code, function, p)                                                                         \
    [code] = {[0] = function##_##p##_vvv,                                                                      \
        [SHAPE_A] = function##_##p##_svv,                                                                      \
        [SHAPE_B] = function##_##p##_vsv,                                                                      \
        [SHAPE_C] = function##_##p##_vvs,                                                                      \
        [SHAPE_A + SHAPE_B] = function##_##p##_ssv,                                                            \
        [SHAPE_A + SHAPE_C] = function##_##p##_svs,                                                            \
        [SHAPE_B + SHAPE_C] = function##_##p##_vss},
#define UNARY_ROW_F64(name, function) UNARY_ROW(OPERATION_##name, function, f64)
#define UNARY_ROW_F32(name, function) UNARY_ROW(OPERATION_##name, function, f32)
#define BINARY_ROW_F64(name, function) BINARY_ROW(OPERATION_##name, function, f64)
#define BINARY_ROW_F32(name, function) BINARY_ROW(OPERATION_##name, function, f32)
#define TERNARY_ROW_F64(name, function) TERNARY_ROW(OPERATION_##name, function, f64)
#define TERNARY_ROW_F32(name, function) TERNARY_ROW(OPERATION_##name, function, f32)
#define FUSED_BINARY_ROW_F64(name, function) BINARY_ROW(OPCODE_##name, function, f64)
#define FUSED_BINARY_ROW_F32(name, function) BINARY_ROW(OPCODE_##name, function, f32)
#define FUSED_ROW_F64(name, function) TERNARY_ROW(OPCODE_##name, function, f64)
#define FUSED_ROW_F32(name, function) TERNARY_ROW(OPCODE_##name, function, f32)
#define TABLE(variable, label, instructions)                                                                   \
    const KernelSet variable = {                                                                               \
        .name = label,                                                                                         \
        .set = instructions,                                                                                   \
        .normal = {[PRECISION_F64] = normal_f64, [PRECISION_F32] = normal_f32},                                \
        .kernels[PRECISION_F64] = {[OPCODE_COPY] = {copy_f64_v, copy_f64_s},                                   \
            [OPCODE_DIVIDE_BY_ONE] = {[SHAPE_B] = divide_f64_vs},                                              \
            ELEMENTARY_UNARY(UNARY_ROW_F64) ELEMENTARY_TRIG(UNARY_ROW_F64) ELEMENTARY_BINARY(BINARY_ROW_F64)   \
                ELEMENTARY_TERNARY(TERNARY_ROW_F64) ELEMENTARY_FUSED_BINARY(FUSED_BINARY_ROW_F64) ELEMENTARY_FUSED(FUSED_ROW_F64)},                          \
        .kernels[PRECISION_F32] = {[OPCODE_COPY] = {copy_f32_v, copy_f32_s},                                   \
            [OPCODE_DIVIDE_BY_ONE] = {[SHAPE_B] = divide_by_one_f32},                                          \
            ELEMENTARY_UNARY(UNARY_ROW_F32) ELEMENTARY_TRIG(UNARY_ROW_F32) ELEMENTARY_BINARY(BINARY_ROW_F32)   \
                ELEMENTARY_TERNARY(TERNARY_ROW_F32) ELEMENTARY_FUSED_BINARY(FUSED_BINARY_ROW_F32) ELEMENTARY_FUSED(FUSED_ROW_F32)},                          \
    };

// clang-format on

extern const KernelSet kernels_baseline, kernels_avx2, kernels_avx512;

#if defined(KERNELS_AVX512)
TABLE(kernels_avx512, "avx512", SET_AVX512)
#elif defined(KERNELS_AVX2)
TABLE(kernels_avx2, "avx2", SET_AVX2)
#else
TABLE(kernels_baseline, "baseline", SET_BASELINE)

/* Everything that kernels_avx512 is compiled for. */
static bool has(const KernelSet *set) {
#if defined(__x86_64__)
    if (set == &kernels_avx2) return __builtin_cpu_supports("avx2");
    if (set == &kernels_avx512) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    }
#endif
    return set == &kernels_baseline;
}

#if defined(__x86_64__)
static const KernelSet *const sets[] = {&kernels_avx512, &kernels_avx2, &kernels_baseline};
#else
static const KernelSet *const sets[] = {&kernels_baseline};
#endif
enum { SETS = sizeof sets / sizeof sets[0] };

const KernelSet *kernel_set_best(void) {
    for (int i = 0; i < SETS; i++) {
        if (has(sets[i])) return sets[i];
    }
    return &kernels_baseline;
}

const KernelSet *kernel_set_find(const char *name) {
    for (int i = 0; i < SETS; i++) {
        if (strcmp(sets[i]->name, name) == 0) return has(sets[i]) ? sets[i] : NULL;
    }
    return NULL;
}
#endif
