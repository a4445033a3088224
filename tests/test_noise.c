/* Normal and Student's numbers: their definition by the C library, the same bits on every instruction set,
 * moments, and the distance of Kolmogorov and Smirnov from the true distribution. */
#include "test.h"

#include "noise.h"
#include "normal_oracle.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWS = 1000000 };

static Vec new_vec(size_t n, Precision precision) {
    return (Vec){.n = n, .precision = precision, .data = malloc(n * precision_bytes(precision))};
}

static void numbers_are_their_definition(void **state) {
    (void)state;
    static const double tolerances[] = {[PRECISION_F64] = 1e-14, [PRECISION_F32] = 1e-6};
    for (int precision = 0; precision < 2; precision++) {
        Vec vec = new_vec(1000, (Precision)precision);
        noise_fill(&vec, 77, 64);
        for (size_t i = 0; i < vec.n; i++)
            assert_near(vec_get(&vec, i), normal_oracle(77, 64 + i, precision == PRECISION_F64),
                tolerances[precision]);
        free(vec.data);
    }
}

/* A part of a stream, from any block on and of any length. */
static void a_stream_can_be_had_in_parts(void **state) {
    (void)state;
    for (int precision = 0; precision < 2; precision++) {
        Vec all = new_vec(300, (Precision)precision);
        const size_t bytes = precision_bytes((Precision)precision);
        noise_fill(&all, 5, 0);
        for (size_t first = 0; first < 300; first += NOISE_BLOCK)
            for (size_t n = 1; first + n <= 300; n += 13) {
                Vec part = new_vec(n, (Precision)precision);
                noise_fill(&part, 5, first);
                assert_memory_equal(part.data, (char *)all.data + first * bytes, n * bytes);
                free(part.data);
            }
        free(all.data);
    }
}

static void every_instruction_set_has_the_same_bits(void **state) {
    (void)state;
    static const char *const sets[] = {"avx2", "avx512"};
    for (int precision = 0; precision < 2; precision++)
        for (int s = 0; s < 2; s++) {
            Vec a = new_vec(100000, (Precision)precision), b = new_vec(100000, (Precision)precision);
            assert_true(noise_fill_by("baseline", &a, 123, 32));
            if (noise_fill_by(sets[s], &b, 123, 32))
                assert_memory_equal(a.data, b.data, a.n * precision_bytes(a.precision));
            free(a.data);
            free(b.data);
        }
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest distance between the draws' distribution and the true one, times the root of their number:
 * above 1.95 once in a thousand. */
static double kolmogorov_smirnov(double *draws, size_t n, double (*cumulative)(double)) {
    double largest = 0;
    qsort(draws, n, sizeof *draws, compare);
    for (size_t i = 0; i < n; i++) {
        double at = cumulative(draws[i]);
        largest = fmax(largest, fmax(at - (double)i / (double)n, (double)(i + 1) / (double)n - at));
    }
    return largest * sqrt((double)n);
}

static double normal_cumulative(double x) {
    return 0.5 * erfc(-x / sqrt(2));
}

static double student_cumulative(double x) {
    return 0.5 + x / (2 * sqrt(2 + x * x));
}

static void normal_numbers_are_normal(void **state) {
    (void)state;
    static const double expected[] = {0, 1, 0, 3, 0, 15};
    double *draws = malloc(DRAWS * sizeof *draws);
    for (int precision = 0; precision < 2; precision++)
        for (uint64_t stream = 1; stream <= 3; stream++) {
            Vec vec = new_vec(DRAWS, (Precision)precision);
            noise_fill(&vec, stream, 0);
            double moments[6] = {0}, next = 0, partner = 0;
            for (size_t i = 0; i < DRAWS; i++) {
                draws[i] = vec_get(&vec, i);
                for (int k = 0; k < 6; k++) moments[k] += pow(draws[i], k + 1) / DRAWS;
            }
            for (size_t i = 0; i + 16 < DRAWS; i++) {
                next += draws[i] * draws[i + 1] / DRAWS;
                partner += draws[i] * draws[i + 16] / DRAWS; /* the other of its pair */
            }
            /* Five standard errors: the variance of x^k is that of moment 2k less the square. */
            static const double variance[] = {1, 2, 15, 96, 945, 10170};
            for (int k = 0; k < 6; k++)
                assert_true(fabs(moments[k] - expected[k]) < 5 * sqrt(variance[k] / DRAWS));
            assert_true(fabs(next) < 5e-3 && fabs(partner) < 5e-3);
            assert_true(kolmogorov_smirnov(draws, DRAWS, normal_cumulative) < 1.95);
            /* 0.57 of a million are expected beyond 5, 3.4 beyond 4.7. */
            assert_true(draws[DRAWS - 1] > 4.2 && draws[DRAWS - 1] < 6.5);
            free(vec.data);
        }
    free(draws);
}

static void students_numbers_are_students(void **state) {
    (void)state;
    double *draws = malloc(DRAWS * sizeof *draws);
    for (size_t i = 0; i < DRAWS; i++) draws[i] = noise_student(9, i);
    assert_true(kolmogorov_smirnov(draws, DRAWS, student_cumulative) < 1.95);
    free(draws);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_their_definition),
        cmocka_unit_test(a_stream_can_be_had_in_parts),
        cmocka_unit_test(every_instruction_set_has_the_same_bits),
        cmocka_unit_test(normal_numbers_are_normal),
        cmocka_unit_test(students_numbers_are_students),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
