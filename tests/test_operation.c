/* The operation table is sane, and one operation on constants gives what its row says. */
#include "test.h"

#include "elementary.h"
#include "evaluate.h"
#include "kernels.h"
#include "operation.h"
#include "rng.h"

#include <ctype.h>
#include <string.h>

static void test_rows(void **state) {
    (void)state;
    for (int i = 0; i < OPERATION_COUNT; i++) {
        const OperationRow *row = &operation_table[i];
        assert_non_null(row->spelling);
        assert_true(row->spelling[0] != '\0');
        assert_true(row->meaning[0] != '\0');
        assert_true(row->arity >= 0 && row->arity <= 3);
        assert_int_equal(row->arity == 0, row->category == CATEGORY_LEAF);
        if (row->category != CATEGORY_FUNCTION) continue;
        assert_true(isalpha((unsigned char)row->spelling[0]));
        for (const char *c = row->spelling; *c; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c));
        for (int k = 0; k < i; k++) assert_true(strcmp(operation_table[k].spelling, row->spelling) != 0);
    }
}

/* Each operation has its kernels for every shape but the one without a vector, in both precisions. */
static void test_kernels(void **state) {
    (void)state;
    const char *const names[] = {"baseline", "avx2", "avx512"};
    assert_null(kernel_set_find("sse9"));
    assert_non_null(kernel_set_find("baseline"));
    for (int s = 0; s < 3; s++) {
        const KernelSet *set = kernel_set_find(names[s]);
        if (!set) continue;
        assert_string_equal(set->name, names[s]);
        for (int i = 0; i < OPERATION_COUNT; i++) {
            const int arity = i == OPERATION_CLAMP ? 0 : operation_table[i].arity;
            for (int shape = 0; shape < SHAPE_COUNT; shape++) {
                const bool expected = arity > 0 && shape < (1 << arity) - 1;
                assert_int_equal(set->kernels[PRECISION_F64][i][shape] != NULL, expected);
                assert_int_equal(set->kernels[PRECISION_F32][i][shape] != NULL, expected);
            }
        }
    }
}

static void test_apply(void **state) {
    (void)state;
    const struct {
        Operation operation;
        double a, b, c, expected;
    } rows[] = {
        {OPERATION_NEGATE, 3, 0, 0, -3},
        {OPERATION_ADD, 3, 4, 0, 7},
        {OPERATION_SUBTRACT, 3, 4, 0, -1},
        {OPERATION_MULTIPLY, 3, 4, 0, 12},
        {OPERATION_DIVIDE, 3, 4, 0, 0.75},
        {OPERATION_POWER, 3, 4, 0, 81},
        {OPERATION_POWER, 2, -2, 0, 0.25},
        {OPERATION_POWER, 9, 0.5, 0, 3},
        {OPERATION_POWER, 2, 100, 0, 0x1p100},
        {OPERATION_POWER, 5, 0, 0, 1},
        {OPERATION_LESS, 1, 2, 0, 1},
        {OPERATION_LESS, 2, 2, 0, 0},
        {OPERATION_LESS_EQUAL, 2, 2, 0, 1},
        {OPERATION_EQUAL, 2, 2, 0, 1},
        {OPERATION_NOT_EQUAL, 2, 2, 0, 0},
        {OPERATION_SELECT, 1, 5, 6, 5},
        {OPERATION_SELECT, 0, 5, 6, 6},
        {OPERATION_EXP, 0, 0, 0, 1},
        {OPERATION_LOG, 1, 0, 0, 0},
        {OPERATION_LOG10, 100, 0, 0, 2},
        {OPERATION_SQRT, 16, 0, 0, 4},
        {OPERATION_ABS, -2, 0, 0, 2},
        {OPERATION_SIGN, -2, 0, 0, -1},
        {OPERATION_SIN, 0, 0, 0, 0},
        {OPERATION_COS, 0, 0, 0, 1},
        {OPERATION_TAN, 0, 0, 0, 0},
        {OPERATION_ASIN, 0, 0, 0, 0},
        {OPERATION_ACOS, 1, 0, 0, 0},
        {OPERATION_ATAN, 0, 0, 0, 0},
        {OPERATION_ATAN2, 0, 1, 0, 0},
        {OPERATION_SINH, 0, 0, 0, 0},
        {OPERATION_COSH, 0, 0, 0, 1},
        {OPERATION_TANH, 0, 0, 0, 0},
        {OPERATION_SIGMOID, 0, 0, 0, 0.5},
        {OPERATION_SOFTPLUS, -1000, 0, 0, 0},
        {OPERATION_RELU, -3, 0, 0, 0},
        {OPERATION_MIN, 3, 4, 0, 3},
        {OPERATION_MAX, 3, 4, 0, 4},
        {OPERATION_FLOOR, -0.5, 0, 0, -1},
        {OPERATION_MOD, -7, 3, 0, 2},
        {OPERATION_HYPOT, 3, 4, 0, 5},
        {OPERATION_HYPOT, 3 * 0x1p600, 4 * 0x1p600, 0, 5 * 0x1p600},
        {OPERATION_ERF, 0, 0, 0, 0},
        {OPERATION_CLAMP, 5, 0, 2, 2},
        {OPERATION_CLAMP, -5, 0, 2, 0},
        {OPERATION_CLAMP, 1, 0, 2, 1},
    };
    bool seen[OPERATION_COUNT] = {[OPERATION_CONSTANT] = true, [OPERATION_SYMBOL] = true};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const double actual = operation_apply(rows[i].operation, rows[i].a, rows[i].b, rows[i].c);
        seen[rows[i].operation] = true;
        assert_true(actual == rows[i].expected);
    }
    for (int i = 0; i < OPERATION_COUNT; i++) assert_true(seen[i]);
}

/* Numbers that matter and numbers that are drawn. */
static void fill(double *numbers, size_t n, uint64_t seed) {
    static const double odd[] = {
        0, -0.0, 1, INFINITY, -INFINITY, NAN, 0x1p-1074, -0x1p-1060, 1e300, 1e8, 1e20};
    Rng rng = rng_seed(seed);
    for (size_t i = 0; i < n; i++) {
        const uint64_t kind = rng_next(&rng) % 8, pick = rng_next(&rng);
        numbers[i] = rng_uniform(&rng, -4, 4);
        if (kind == 0) numbers[i] = odd[pick % (sizeof odd / sizeof odd[0])];
        if (kind == 1) numbers[i] *= 100;
        if (kind == 2) numbers[i] = ldexp(numbers[i], (int)(pick % 2000) - 1000);
    }
}

static uint64_t mix(uint64_t hash, uint64_t bits) {
    hash = (hash ^ bits) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

/* Every kernel of a set over the same numbers, as one number. */
static uint64_t fingerprint(const KernelSet *set) {
    enum { N = 1024 };
    static double in[3][N], out[N];
    static float in_f32[3][N], out_f32[N];
    uint64_t hash = 0;
    for (int k = 0; k < 3; k++) fill(in[k], N, (uint64_t)k + 1);
    for (int k = 0; k < 3 * N; k++) in_f32[k / N][k % N] = (float)in[k / N][k % N];
    for (int i = 0; i < OPCODE_COUNT * SHAPE_COUNT; i++) {
        Kernel *kernel = set->kernels[PRECISION_F64][i / SHAPE_COUNT][i % SHAPE_COUNT];
        if (!kernel) continue;
        kernel(out, in[0], in[1], in[2], N);
        set->kernels[PRECISION_F32][i / SHAPE_COUNT][i % SHAPE_COUNT](
            out_f32, in_f32[0], in_f32[1], in_f32[2], N);
        for (int k = 0; k < N; k++) hash = mix(hash, isnan(out[k]) ? 1 : elementary_bits(out[k]));
        for (int k = 0; k < N; k++) hash = mix(hash, isnan(out_f32[k]) ? 1 : elementary_bits_f32(out_f32[k]));
    }
    return hash;
}

/* The same bits from every instruction set and, since the number stands here, from every compiler. */
static void test_bits(void **state) {
    (void)state;
    const char *const names[] = {"baseline", "avx2", "avx512"};
    for (int s = 0; s < 3; s++) {
        const KernelSet *set = kernel_set_find(names[s]);
        if (set) assert_int_equal(fingerprint(set), UINT64_C(0xc66f3a4c8a8f94c3));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_apply),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
