/* Curvature of a training that is watched: which states it is of, that slices and threads change nothing, and
 * the edge of stability (Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the edge
 * of stability"): under full-batch gradient descent the sharpness rises to 2/lr and stays there. */
#include "test.h"

#include "live_curvature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RACERS = 2 };

typedef struct Ground {
    Data data;
    RacerSpec racers[RACERS];
    LiveTraining *live;
    LiveCurvature *curvature;
} Ground;

static RacerSpec racer(const char *optimizer, double lr) {
    RacerSpec spec = {.optimizer = optimizer_find(optimizer)};
    snprintf(spec.label, sizeof spec.label, "%s %g", optimizer, lr);
    optimizer_defaults(spec.optimizer, spec.values);
    devices_defaults(spec.devices);
    spec.values[0] = lr;
    return spec;
}

/* Full batches. lr: of both racers. */
static void begin_with(Ground *ground, const char *optimizer, const char *sizes, int64_t steps,
    const double lr[RACERS], bool threaded) {
    Status status = status_ok();
    if (!data_open(&ground->data, "spirals:n=100,noise=0.05", 1, &status)) fail_msg("%s", status.message);
    const Part part = ground->data.split.training;
    for (int i = 0; i < RACERS; i++) ground->racers[i] = racer(optimizer, lr[i]);
    TrainingSpec spec = {
        .network = {.activation = activation_find("tanh"),
            .loss = loss_find("squared_class"),
            .precision = PRECISION_F32},
        .init = {.row = init_find("he")},
        .sampling = {.kind = SAMPLING_SHUFFLE, .batch = part.n, .seed = 1},
        .racers = ground->racers,
        .n_racers = RACERS,
        .steps = steps,
        .every = 50,
        .seed = 1,
        .data_text = "spirals",
    };
    if (!mlp_sizes_read(&spec.network, sizes, &status)) fail_msg("%s", status.message);
    Training *training = training_create(&spec, &ground->data, NULL, &status);
    if (!training) fail_msg("%s", status.message);
    ground->live = live_training_create(training, threaded, &status);
    if (!ground->live) fail_msg("%s", status.message);
    const Batch examples = dataset_batch(ground->data.dataset, part.first, part.n);
    ground->curvature = live_curvature_create(ground->live, &examples, threaded, &status);
    if (!ground->curvature) fail_msg("%s", status.message);
}

/* Gradient descent. */
static void begin(Ground *ground, const char *sizes, int64_t steps, const double lr[RACERS], bool threaded) {
    begin_with(ground, "sgd", sizes, steps, lr, threaded);
}

static void end(Ground *ground) {
    live_curvature_destroy(ground->curvature);
    live_training_destroy(ground->live);
    data_finish(&ground->data);
}

static CurvatureWish wish_of(int64_t step) {
    return (CurvatureWish){.step = step, .racers = {true, true}, .chosen = 1};
}

static void check_same_extremes(const HessianExtremes *a, const HessianExtremes *b) {
    assert_memory_equal(a, b, sizeof *a);
}

static void check_same_curve(const CurvatureCurve *a, const CurvatureCurve *b) {
    assert_int_equal(a->n, b->n);
    for (int i = 0; i < a->n; i++) {
        assert_int_equal(a->points[i].step, b->points[i].step);
        check_same_extremes(&a->points[i].extremes, &b->points[i].extremes);
    }
}

static void check_same_spread(const CurvatureSpread *a, const CurvatureSpread *b) {
    assert_int_equal(a->step, b->step);
    check_same_extremes(&a->extremes, &b->extremes);
    assert_int_equal(a->spread.n, b->spread.n);
    assert_memory_equal(a->spread.ritz, b->spread.ritz, (size_t)a->spread.n * sizeof *a->spread.ritz);
}

static void test_nothing_depends_on_threads(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.1, 0.3};
    static CurvatureCurve curves[RACERS];
    static CurvatureSpread spread;
    for (int threaded = 0; threaded < 2; threaded++) {
        Ground ground;
        begin(&ground, "2-8-1", 2000, lr, threaded);
        live_training_reach(ground.live, 1500);
        const CurvatureWish wish = wish_of(700);
        live_curvature_finish(ground.curvature, &wish);
        assert_false(live_curvature_is_behind(ground.curvature));
        const CurvatureSpread *found = live_curvature_spread(ground.curvature);
        assert_int_equal(found->racer, 1);
        for (int i = 0; i < RACERS; i++) {
            const CurvatureCurve *curve = live_curvature_curve(ground.curvature, i);
            assert_true(curve->n > 96 && curve->n < 200);
            assert_int_equal(curve->points[0].step, 0);
            assert_true(curve->points[curve->n - 1].step >= 1500 - 1500 / 96 - 4);
            bool has_shown = false;
            for (int k = 0; k < curve->n; k++) {
                has_shown = has_shown || curve->points[k].step == found->step;
                assert_true(curve->points[k].known);
                if (k > 0)
                    assert_in_range(curve->points[k].step - curve->points[k - 1].step, 1, 1500 / 96 + 5);
            }
            assert_true(has_shown);
            if (threaded) check_same_curve(curve, &curves[i]);
            curves[i] = *curve;
        }
        assert_in_range(found->step, 696, 700);
        if (threaded) check_same_spread(found, &spread);
        spread = *found;
        end(&ground);
    }
}

/* Against a network that is asked at once. */
static void test_is_of_the_state(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.1, 0.3};
    Status status = status_ok();
    Ground ground;
    begin(&ground, "2-8-1", 400, lr, false);
    live_training_reach(ground.live, 300);
    const CurvatureWish wish = wish_of(300);
    live_curvature_finish(ground.curvature, &wish);
    const Part part = ground.data.split.training;
    const Batch examples = dataset_batch(ground.data.dataset, part.first, part.n);
    Hessian *hessian = hessian_create(live_training_network(ground.live), &examples, &status);
    if (!hessian) fail_msg("%s", status.message);
    for (int i = 0; i < RACERS; i++) {
        const CurvatureCurve *curve = live_curvature_curve(ground.curvature, i);
        for (int k = 0; k < curve->n; k += 10) {
            const CurvaturePoint *point = &curve->points[k];
            assert_int_equal(
                live_training_copy_kept(ground.live, point->step, i, hessian_at(hessian)), point->step);
            hessian_begin(hessian, HESSIAN_EXTREMES);
            while (hessian_advance(hessian)) continue;
            const HessianExtremes extremes = hessian_extremes(hessian);
            check_same_extremes(&extremes, &point->extremes);
        }
    }
    hessian_destroy(hessian);
    end(&ground);
}

/* First what is looked at and the ends, then halves, quarters. */
static void test_coarse_first(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.1, 0.3};
    Ground ground;
    begin(&ground, "2-8-1", 512, lr, false);
    live_training_reach(ground.live, 500);
    const CurvatureWish wish = wish_of(120);
    int64_t gap = 0;
    live_curvature_follow(ground.curvature, &wish);
    for (int round = 0; round < 8; round++) {
        live_curvature_work(ground.curvature, INFINITY);
        live_curvature_follow(ground.curvature, &wish);
        const CurvatureCurve *curve = live_curvature_curve(ground.curvature, 0);
        int64_t before = 0, widest = 0;
        for (int k = 0; k < curve->n; k++) {
            if (!curve->points[k].known) continue;
            if (curve->points[k].step - before > widest) widest = curve->points[k].step - before;
            before = curve->points[k].step;
        }
        if (round == 0) {
            assert_int_equal(before, 500);
            assert_int_equal(live_curvature_spread(ground.curvature)->step, 120);
        } else {
            assert_true(widest <= gap);
        }
        gap = widest;
    }
    assert_true(gap < 500 / 12);
    end(&ground);
}

/* Another step is looked at, another racer chosen, one hidden: what was found stays. */
static void test_wishes_change(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.1, 0.3};
    Ground ground;
    begin(&ground, "2-8-1", 512, lr, true);
    live_training_reach(ground.live, 200);
    CurvatureWish wish = wish_of(120);
    wish.racers[0] = false;
    live_curvature_finish(ground.curvature, &wish);
    assert_int_equal(live_curvature_curve(ground.curvature, 0)->n, 0);
    const int n = live_curvature_curve(ground.curvature, 1)->n;
    live_training_reach(ground.live, 512);
    wish = wish_of(401);
    wish.chosen = 0;
    live_curvature_finish(ground.curvature, &wish);
    assert_int_equal(live_curvature_spread(ground.curvature)->racer, 0);
    assert_in_range(live_curvature_spread(ground.curvature)->step, 400, 401);
    assert_true(live_curvature_curve(ground.curvature, 1)->n > n);
    assert_true(live_curvature_curve(ground.curvature, 0)->n > 50);
    end(&ground);
}

static void test_edge_of_stability(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.1, 0.2};
    enum { STEPS = 6000, SETTLED = 4000 };
    Ground ground;
    begin(&ground, "2-16-16-1", STEPS, lr, false);
    live_training_reach(ground.live, STEPS);
    const CurvatureWish wish = wish_of(STEPS);
    live_curvature_finish(ground.curvature, &wish);
    for (int i = 0; i < RACERS; i++) {
        const CurvatureCurve *curve = live_curvature_curve(ground.curvature, i);
        const double edge = 2 / lr[i];
        double largest = 0;
        assert_true(curve->points[0].extremes.largest < 0.6 * edge);
        for (int k = 0; k < curve->n; k++) {
            const double sharpness = curve->points[k].extremes.largest;
            largest = fmax(largest, sharpness);
            if (curve->points[k].step >= SETTLED && !(fabs(sharpness / edge - 1) < 0.1))
                fail_msg("lr %g, step %d: a sharpness of %g, not about %g", lr[i], (int)curve->points[k].step,
                    sharpness, edge);
        }
        assert_true(largest > edge);
    }
    end(&ground);
}

/* The same of Adam, whose scaling P follows the gradients (Cohen et al. 2022, "Adaptive gradient methods at
 * the edge of stability", figure 1): the largest eigenvalue of P^-1 H rises to 38/lr and stays there. */
static void test_edge_of_stability_of_adam(void **state) {
    (void)state;
    static const double lr[RACERS] = {0.003, 0.006};
    enum { STEPS = 3000, SETTLED = 2000 };
    Ground ground;
    begin_with(&ground, "adam", "2-16-16-1", STEPS, lr, false);
    assert_true(live_training_scales(ground.live, 0));
    live_training_reach(ground.live, STEPS);
    const CurvatureWish wish = wish_of(STEPS);
    live_curvature_finish(ground.curvature, &wish);
    for (int i = 0; i < RACERS; i++) {
        const CurvatureCurve *curve = live_curvature_curve(ground.curvature, i);
        const double edge = 38 / lr[i];
        assert_true(isnan(curve->points[0].extremes.scaled));
        assert_true(curve->points[1].extremes.scaled < 0.2 * edge);
        for (int k = 0; k < curve->n; k++) {
            const double scaled = curve->points[k].extremes.scaled;
            if (curve->points[k].step >= SETTLED && !(fabs(scaled / edge - 1) < 0.15))
                fail_msg("lr %g, step %d: %g, not about %g", lr[i], (int)curve->points[k].step, scaled, edge);
        }
    }
    end(&ground);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_depends_on_threads),
        cmocka_unit_test(test_is_of_the_state),
        cmocka_unit_test(test_coarse_first),
        cmocka_unit_test(test_wishes_change),
        cmocka_unit_test(test_edge_of_stability),
        cmocka_unit_test(test_edge_of_stability_of_adam),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
