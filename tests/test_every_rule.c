/* What single rules promise beside their trajectory: closed forms, the points they ask at, norms, noise. And
 * what holds for every rule: any dimension and precision, no allocation in a step, runs that do not see each
 * other. */
#include "rule_problems.h"

#include "allocations.h"
#include "pool.h"
#include "race.h"

/* Single promises. */

static void constant_gradient(const double *x, double *g) {
    (void)x;
    g[0] = -5;
}

/* Under a constant gradient: how far in units of lr after k steps. */
static double evenly(int k) {
    return k;
}

static double ever_longer(int k) { /* the first step keeps its length */
    return (pow(1.2, k) - 1) / 0.2;
}

static double quasi_hyperbolic(int k) {
    double way = 0;
    for (int t = 1; t <= k; t++) way += 5 * (1 - 0.7 * pow(0.999, t));
    return way;
}

static double averaged(int k) { /* z is at 5 t after t steps; x is the mean of z_0 to z_k */
    return 2.5 * k;
}

static void constant_gradients_give_closed_forms(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double (*way)(int k);
    } forms[] = {
        {"adamax", evenly},
        {"amsgrad", evenly},
        {"qhadam", evenly},
        {"adan", evenly},
        {"lion", evenly},
        {"signsgd", evenly},
        {"signum", evenly},
        {"rprop", ever_longer},
        {"qhm", quasi_hyperbolic},
        {"schedule_free", averaged},
    };
    const Problem problem = {"constant", 1, constant_gradient, NULL, {{0}}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        OptimizerRun *run = run_of(forms[i].name, NULL, 0, 1, PRECISION_F64);
        Asked asked = {.problem = &problem};
        const Evaluator evaluator = {.evaluate = ask, .context = &asked};
        double number[1] = {0};
        Vec x = vec_of_f64(number, 1);
        for (int k = 1; k <= 20; k++) {
            optimizer_run_step(run, &x, &evaluator, 0.01);
            assert_near(number[0] / (0.01 * forms[i].way(k)), 1, 1e-8); /* eps */
        }
        optimizer_run_destroy(run);
    }
}

/* With beta2 = 0 the state h is u*hu, and u can be drawn again. */
static void sophia_asks_the_hessian(void **state) {
    (void)state;
    static const struct {
        Precision precision;
        double tolerance;
    } rows[] = {{PRECISION_F64, 1e-8}, {PRECISION_F32, 2e-3}};
    for (int p = 0; p < 2; p++)
        for (int k = 0; k < 2; k++) {
            const Problem *problem = &problems[p];
            OptimizerRun *run = run_of("sophia", "beta2", 0, problem->n, rows[k].precision);
            Asked asked = {.problem = problem};
            const Evaluator evaluator = {.evaluate = ask, .context = &asked};
            double numbers[N_MAX], hessian[N_MAX][N_MAX], u[N_MAX];
            float narrow[N_MAX];
            Vec x = {.n = problem->n, .precision = rows[k].precision, .f64 = numbers};
            if (rows[k].precision == PRECISION_F32) x.f32 = narrow;
            Rng rng = rng_seed(0);
            for (int t = 1; t <= 21; t++) {
                const int calls = asked.calls, fresh = t % 10 == 1;
                vec_write(&x, problem->starts[1]); /* always asked at the same point */
                optimizer_run_step(run, &x, &evaluator, 1e-3);
                assert_int_equal(asked.calls - calls, fresh ? 3 : 1);
                const uint64_t stream = fresh ? rng_next(&rng) : 0;
                for (size_t i = 0; i < problem->n && fresh; i++)
                    u[i] = normal_oracle(stream, i, rows[k].precision == PRECISION_F64);
                problem->hessian(problem->starts[1], hessian);
                Vec h = optimizer_run_state(run, 1);
                for (size_t i = 0; i < problem->n; i++) {
                    double exact = 0, size = 0;
                    for (size_t j = 0; j < problem->n; j++) exact += u[i] * hessian[i][j] * u[j];
                    for (size_t j = 0; j < problem->n; j++) size += fabs(u[i] * hessian[i][j] * u[j]);
                    assert_true(fabs(vec_get(&h, i) - exact) <= rows[k].tolerance * (1 + size));
                }
            }
            optimizer_run_destroy(run);
        }
}

/* Also where the interval is no whole number: the row's mod and the rule agree on the steps 1, 6, 11. */
static void sophia_asks_at_intervals(void **state) {
    (void)state;
    OptimizerRun *run = run_of("sophia", "every", 2.5, problems[0].n, PRECISION_F64);
    Asked asked = {.problem = &problems[0]};
    const Evaluator evaluator = {.evaluate = ask, .context = &asked};
    double numbers[2] = {1, 2}, before = 0;
    Vec x = vec_of_f64(numbers, 2);
    for (int t = 1; t <= 12; t++) {
        const int calls = asked.calls;
        optimizer_run_step(run, &x, &evaluator, 1e-3);
        assert_int_equal(asked.calls - calls, t % 5 == 1 ? 3 : 1);
        Vec h = optimizer_run_state(run, 1);
        assert_true((vec_get(&h, 0) != before) == (t % 5 == 1));
        before = vec_get(&h, 0);
    }
    optimizer_run_destroy(run);
}

static void sam_asks_at_the_worst_point(void **state) {
    (void)state;
    const Problem *problem = &problems[1];
    OptimizerRun *run = run_of("sam", "rho", 0.3, problem->n, PRECISION_F64);
    Asked asked = {.problem = problem};
    const Evaluator evaluator = {.evaluate = ask, .context = &asked};
    double numbers[N_MAX], g[N_MAX];
    memcpy(numbers, problem->starts[0], sizeof numbers);
    Vec x = vec_of_f64(numbers, problem->n);
    problem->gradient(numbers, g);
    optimizer_run_step(run, &x, &evaluator, 0.01);
    assert_int_equal(asked.calls, 2);
    for (int i = 0; i < N_MAX; i++)
        assert_near(asked.at[i], problem->starts[0][i] + 0.3 * g[i] / length(g, N_MAX), 1e-14);
    vec_fill(&x, 0); /* no gradient: nowhere is up, and x stays */
    optimizer_run_step(run, &x, &evaluator, 0.01);
    for (int i = 0; i < N_MAX; i++) assert_true(asked.at[i] == 0 && numbers[i] == 0);
    optimizer_run_destroy(run);
}

/* Their first step is as long as a share of |x|, whatever the gradient; from the origin they start as Adam
 * and as descent at the rate lr*trust. */
static void layerwise_steps_are_shares_of_the_norm(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double share; /* of |x|, times lr */
    } rows[] = {{"lamb", 1}, {"lars", 0.001}};
    for (int k = 0; k < 2; k++)
        for (int s = 0; s < 2; s++) {
            const double *start = problems[0].starts[s];
            OptimizerRun *run = run_of(rows[k].name, "weight_decay", 0, 2, PRECISION_F64);
            Asked asked = {.problem = &problems[0]};
            const Evaluator evaluator = {.evaluate = ask, .context = &asked};
            double numbers[2] = {start[0], start[1]};
            Vec x = vec_of_f64(numbers, 2);
            optimizer_run_step(run, &x, &evaluator, 0.07);
            double way[2] = {numbers[0] - start[0], numbers[1] - start[1]};
            assert_near(length(way, 2) / (0.07 * rows[k].share * length(start, 2)), 1, 1e-12);
            optimizer_run_reset(run, NULL);
            vec_fill(&x, 0); /* where the gradient is (-2, 0) */
            optimizer_run_step(run, &x, &evaluator, 0.07);
            assert_near(numbers[0], k == 0 ? 0.07 : 0.07 * 0.001 * 2, 1e-6);
            assert_true(numbers[1] == 0);
            optimizer_run_destroy(run);
        }
}

static double give(void *context, const Vec *x, const Vec **gradient) {
    (void)x;
    *gradient = context;
    return 0;
}

/* x is normal with variance temperature/lambda when lr is small: by lr lambda/4 more of it. */
static void sgld_samples_its_distribution(void **state) {
    (void)state;
    enum { N = 500, BURN = 1000, TOTAL = 6000 };
    static double numbers[N], g[N];
    const double lr = 0.02, temperature = 1.7, lambda[2] = {1, 2};
    OptimizerRun *run = run_of("sgld", "temperature", temperature, N, PRECISION_F64);
    optimizer_run_seed(run, 11);
    optimizer_run_reset(run, NULL);
    Vec x = vec_of_f64(numbers, N), gradient = vec_of_f64(g, N);
    double mean[2] = {0}, square[2] = {0};
    for (int t = 0; t < TOTAL; t++) {
        for (int i = 0; i < N; i++) g[i] = lambda[i % 2] * numbers[i];
        const Evaluator evaluator = {.evaluate = give, .context = &gradient};
        optimizer_run_step(run, &x, &evaluator, lr);
        for (int i = 0; i < N && t >= BURN; i++) {
            mean[i % 2] += numbers[i] / (N / 2.0 * (TOTAL - BURN));
            square[i % 2] += numbers[i] * numbers[i] / (N / 2.0 * (TOTAL - BURN));
        }
    }
    for (int k = 0; k < 2; k++) {
        double variance = temperature / lambda[k];
        assert_true(fabs(mean[k]) < 0.03 * sqrt(variance));
        assert_near((square[k] - mean[k] * mean[k]) / variance, 1, 0.03);
    }
    optimizer_run_destroy(run);
}

/* Every rule. */

/* The rows that are formulas; methods are code and have tests of their own. */
static int rules(const Optimizer *rows[64]) {
    int n = 0;
    for (int i = 0; i < optimizer_count; i++)
        if (!optimizer_table[i].method) rows[n++] = &optimizer_table[i];
    assert_true(n > 0 && n < 64);
    return n;
}

/* Half of the sum of (1 + i mod 7) (x_i - 1)^2, of any dimension; from evaluation `spoiled` on (0: never) the
 * gradient is not a number. */
typedef struct Bowls {
    Vec gradient;
    int calls, spoiled;
} Bowls;

static double evaluate_bowls(void *context, const Vec *x, const Vec **gradient) {
    Bowls *bowls = context;
    bool spoiled = ++bowls->calls >= bowls->spoiled && bowls->spoiled > 0;
    for (size_t i = 0; i < x->n; i++)
        vec_set(&bowls->gradient, i, spoiled ? NAN : (double)(1 + i % 7) * (vec_get(x, i) - 1));
    *gradient = &bowls->gradient;
    return 0;
}

static Vec new_vec(size_t n, Precision precision) {
    size_t bytes = (n * precision_bytes(precision) + 63) / 64 * 64;
    return (Vec){.n = n, .precision = precision, .data = aligned_alloc(64, bytes)};
}

/* One run of one rule on bowls, from a start of its own. */
typedef struct Trial {
    OptimizerRun *run;
    double lr;
    Vec x;
    Bowls bowls;
} Trial;

static void trial_begin(Trial *trial, uint64_t seed) {
    trial->bowls.calls = 0;
    optimizer_run_seed(trial->run, seed);
    optimizer_run_reset(trial->run, NULL);
    for (size_t i = 0; i < trial->x.n; i++) vec_set(&trial->x, i, -0.5 - (double)((i + seed) % 5));
}

static Trial trial_of(const Optimizer *optimizer, size_t n, Precision precision, uint64_t seed) {
    Trial trial = {
        .run = run_of(optimizer->name, NULL, 0, n, precision),
        .lr = optimizer->parameters[0].value,
        .x = new_vec(n, precision),
        .bowls = {.gradient = new_vec(n, precision)},
    };
    trial_begin(&trial, seed);
    return trial;
}

static void trial_end(Trial *trial) {
    optimizer_run_destroy(trial->run);
    free(trial->x.data);
    free(trial->bowls.gradient.data);
}

static void trial_step(Trial *trial, int steps) {
    const Evaluator evaluator = {.evaluate = evaluate_bowls, .context = &trial->bowls};
    for (int i = 0; i < steps; i++) optimizer_run_step(trial->run, &trial->x, &evaluator, trial->lr);
}

static void any_dimension_and_precision_without_allocation(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 100000};
    const Optimizer *rows[64];
    int n = rules(rows);
    for (int k = 0; k < n; k++)
        for (int s = 0; s < 2; s++)
            for (int p = 0; p < 2; p++) {
                Trial trial = trial_of(rows[k], sizes[s], p ? PRECISION_F32 : PRECISION_F64, 3);
                double first = vec_get(&trial.x, 0), last = vec_get(&trial.x, sizes[s] - 1);
                const int before = allocations;
                trial_step(&trial, 15);
                assert_int_equal(allocations, before);
                assert_true(isfinite(vec_norm(&trial.x)));
                bool closer = vec_get(&trial.x, 0) > first && vec_get(&trial.x, sizes[s] - 1) > last;
                if (!closer && strcmp(rows[k]->name, "sgld") != 0) /* which is noise */
                    fail_msg("%s on %zu numbers went the wrong way", rows[k]->name, sizes[s]);
                trial_end(&trial);
            }
#ifdef COUNT_ALLOCATIONS
    assert_true(allocations > 0);
#endif
}

/* Threads share long vectors; the bits stay, and nothing is allocated then either. */
static void threads_change_nothing(void **state) {
    (void)state;
    enum { N = 200001, STEPS = 3 };
    const Optimizer *rows[64];
    Status status = status_ok();
    Pool *pool = pool_create(2);
    int n = rules(rows);
    for (int k = 0; k < n; k++)
        for (int p = 0; p < 2; p++) {
            Trial alone = trial_of(rows[k], N, p ? PRECISION_F32 : PRECISION_F64, 3);
            Trial shared = trial_of(rows[k], N, p ? PRECISION_F32 : PRECISION_F64, 3);
            assert_true(optimizer_run_reserve(shared.run, pool, &status));
            optimizer_run_share(shared.run, pool);
            const int before = allocations;
            trial_step(&alone, STEPS);
            trial_step(&shared, STEPS);
            assert_int_equal(allocations, before);
            assert_memory_equal(alone.x.data, shared.x.data, N * precision_bytes(alone.x.precision));
            trial_end(&alone);
            trial_end(&shared);
        }
    pool_destroy(pool);
}

static void interleaved_runs_equal_separate_ones(void **state) {
    (void)state;
    enum { N = 5, ROUNDS = 40 };
    const Optimizer *rows[64];
    int n = rules(rows);
    Trial together[64];
    for (int k = 0; k < n; k++) together[k] = trial_of(rows[k], N, PRECISION_F64, (uint64_t)k);
    for (int t = 0; t < ROUNDS; t++)
        for (int k = 0; k < n; k++) trial_step(&together[k], 1);
    for (int k = 0; k < n; k++) {
        Trial alone = trial_of(rows[k], N, PRECISION_F64, (uint64_t)k);
        trial_step(&alone, ROUNDS);
        assert_memory_equal(alone.x.f64, together[k].x.f64, N * sizeof(double));
        trial_end(&alone);
        trial_end(&together[k]);
    }
}

static void reset_and_seed_begin_again(void **state) {
    (void)state;
    enum { N = 5, ROUNDS = 25 };
    const Optimizer *rows[64];
    int n = rules(rows);
    for (int k = 0; k < n; k++) {
        const char *direction = rows[k]->direction ? rows[k]->direction : "";
        bool random = strstr(rows[k]->update, "randn") || strstr(direction, "randn");
        double ends[3][N];
        Trial trial = trial_of(rows[k], N, PRECISION_F64, 8);
        for (int round = 0; round < 3; round++) {
            static const uint64_t seeds[] = {8, 8, 13}; /* of one start modulo 5 */
            trial_begin(&trial, seeds[round]);
            trial_step(&trial, ROUNDS);
            memcpy(ends[round], trial.x.f64, sizeof ends[round]);
            trial_step(&trial, 3);
        }
        assert_memory_equal(ends[0], ends[1], sizeof ends[0]);
        if (!random) assert_memory_equal(ends[0], ends[2], sizeof ends[0]);
        if (strcmp(rows[k]->name, "sgld") == 0) assert_memory_not_equal(ends[0], ends[2], sizeof ends[0]);
        trial_end(&trial);
    }
}

/* A gradient that is not a number must show, not be swallowed by a sign, a maximum or a comparison. */
static void nan_gradients_spread_to_x(void **state) {
    (void)state;
    const Optimizer *rows[64];
    int n = rules(rows);
    for (int k = 0; k < n; k++)
        for (int spoiled = 1; spoiled <= 9; spoiled += 4) {
            Trial trial = trial_of(rows[k], 5, PRECISION_F64, 2);
            trial.bowls.spoiled = spoiled;
            trial_step(&trial, 9);
            for (size_t i = 0; i < 5; i++)
                if (!isnan(vec_get(&trial.x, i)))
                    fail_msg("%s: x[%zu] is %g", rows[k]->name, i, vec_get(&trial.x, i));
            trial_end(&trial);
        }
}

/* An objective whose loss is always 1, and whose gradient stops being a number. */
typedef struct Broken {
    Objective objective;
    int calls;
} Broken;

static double evaluate_broken(Objective *objective, const Vec *x, const Vec *gradient) {
    Broken *broken = (Broken *)objective;
    broken->calls++;
    if (gradient) vec_fill(gradient, broken->calls > 6 ? NAN : 1);
    (void)x;
    return 1;
}

static void races_call_them_diverged(void **state) {
    (void)state;
    static const ObjectiveType type = {.name = "broken", .evaluate = evaluate_broken};
    const double start[2] = {-1, 2};
    const Optimizer *rows[64];
    int n = rules(rows);
    for (int k = 0; k < n; k++) {
        Broken broken = {.objective = {.type = &type, .dim = 2, .precision = PRECISION_F64}};
        RacerSpec racer = {.optimizer = rows[k]};
        Status status = status_ok();
        optimizer_defaults(rows[k], racer.values);
        devices_defaults(racer.devices);
        Race *race = race_create(&broken.objective, &racer, 1, start, 20, 1, &status);
        assert_non_null(race);
        race_run(race);
        const Trace *trace = race_trace(race, 0);
        assert_int_equal(trace->status[trace->last], RACER_DIVERGED);
        assert_true(trace->last < 20);
        race_destroy(race);
    }
}

/* On a parabola: just under the limit it stays, just above it leaves. */
static void stability_limits_are_limits(void **state) {
    (void)state;
    int limits = 0;
    for (int k = 0; k < optimizer_count; k++) {
        const Optimizer *optimizer = &optimizer_table[k];
        double values[OPTIMIZER_PARAMETERS_MAX];
        if (optimizer->method || optimizer->scaling || !optimizer->stability) continue; /* test_scaling.c */
        optimizer_defaults(optimizer, values);
        for (int side = 0; side < 2; side++) { /* bowls of dimension 1 have curvature 1 */
            Trial trial = trial_of(optimizer, 1, PRECISION_F64, 1);
            trial.lr = optimizer->stability(values) * (side ? 1.02 : 0.98);
            trial_step(&trial, 4000);
            double x = fabs(vec_get(&trial.x, 0));
            if (side ? x < 1e6 : !(x < 100)) fail_msg("%s at %g: x is %g", optimizer->name, trial.lr, x);
            trial_end(&trial);
        }
        limits++;
    }
    assert_true(limits >= 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_gradients_give_closed_forms),
        cmocka_unit_test(sophia_asks_the_hessian),
        cmocka_unit_test(sophia_asks_at_intervals),
        cmocka_unit_test(sam_asks_at_the_worst_point),
        cmocka_unit_test(layerwise_steps_are_shares_of_the_norm),
        cmocka_unit_test(sgld_samples_its_distribution),
        cmocka_unit_test(any_dimension_and_precision_without_allocation),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(interleaved_runs_equal_separate_ones),
        cmocka_unit_test(reset_and_seed_begin_again),
        cmocka_unit_test(nan_gradients_spread_to_x),
        cmocka_unit_test(races_call_them_diverged),
        cmocka_unit_test(stability_limits_are_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
