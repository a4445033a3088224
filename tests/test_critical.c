/* Critical points of random functions against what the theory of Gaussian processes says of them. */
#include "test.h"

#include "critical.h"
#include "noise.h"

/* The share of saddles by the formula of Kac and Rice: at a critical point the Hessian of such a process is
 * distributed as G - f I, G with normal numbers of variance 2 on the diagonal and 1 beside it, f normal,
 * weighted by |det|. */
static double expected_saddles(int n) {
    enum { DRAWS = 100000 };
    double all = 0, saddles = 0;
    Rng rng = rng_seed(11);
    for (int draw = 0; draw < DRAWS; draw++) {
        double h[CRITICAL_DIM_MAX][CRITICAL_DIM_MAX], f = noise_normal(&rng), determinant = 1;
        int negative = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                h[i][j] = h[j][i] = noise_normal(&rng) * (i == j ? sqrt(2) : 1) - (i == j ? f : 0);
        for (int k = 0; k < n; k++) { /* elimination keeps the number of negative pivots */
            determinant *= h[k][k];
            negative += h[k][k] < 0;
            for (int i = k + 1; i < n; i++)
                for (int j = k + 1; j < n; j++) h[i][j] -= h[i][k] * h[k][j] / h[k][k];
        }
        all += fabs(determinant);
        if (negative > 0 && negative < n) saddles += fabs(determinant);
    }
    return saddles / all;
}

static CriticalSurvey survey_of(int n, uint64_t seed) {
    static CriticalPoint points[CRITICAL_POINTS_MAX];
    const int found = critical_points(n, 40, 40, seed, points);
    return critical_survey(n, points, found);
}

static void saddles_are_as_many_as_theory_says(void **state) {
    (void)state;
    assert_near(expected_saddles(2), 0.5, 0.01); /* in the plane as many as minima and maxima: Euler */
    for (int n = 1; n <= CRITICAL_DIM_MAX; n++) {
        const CriticalSurvey survey = survey_of(n, 3);
        assert_true(survey.found > 100);
        assert_near(survey.saddles, expected_saddles(n), 0.05);
    }
}

static void high_points_curve_down_in_more_directions(void **state) {
    (void)state;
    for (int n = 1; n <= CRITICAL_DIM_MAX; n++) assert_true(survey_of(n, 5).correlation > 0.55);
}

static void the_survey_is_what_it_says(void **state) {
    (void)state;
    const CriticalPoint points[] = {{-1, 0}, {0, 1}, {1, 2}, {2, 3}};
    CriticalSurvey survey = critical_survey(3, points, 4);
    assert_int_equal(survey.found, 4);
    assert_near(survey.saddles, 0.5, 1e-15);
    assert_near(survey.correlation, 1, 1e-12);
    survey = critical_survey(2, points, 1);
    assert_true(survey.saddles == 0 && isnan(survey.correlation));
    assert_true(isnan(critical_survey(2, points, 0).saddles));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saddles_are_as_many_as_theory_says),
        cmocka_unit_test(high_points_curve_down_in_more_directions),
        cmocka_unit_test(the_survey_is_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
