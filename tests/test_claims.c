/* Claims against what is known in closed form: gradient descent on a quadratic, x_t = (1 - lr kappa)^t x_0.
 */
#include "test.h"

#include "claims.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 100, ACTS = 4, SEEDS = 3 };
static const double X = -4, Y = 1, KAPPA = 20, RATE = 0.08;

typedef struct Stage {
    Scene scenes[ACTS];
    Act acts[ACTS];
    Claims *claims;
    Status status;
} Stage;

static void add_racers(Scene *scene, const char *const *racers) {
    Status status = status_ok();
    scene_clear_racers(scene);
    for (; *racers; racers++)
        if (!scene_add_racer(scene, *racers, &status)) fail_msg("%s", status.message);
}

static void set(bool good, const Status *status) {
    if (!good) fail_msg("%s", status->message);
}

/* As it opens a ravine; after the steps a saddle, a network and a field. */
static int open_stage(void **state) {
    Stage *stage = calloc(1, sizeof *stage);
    Status status = status_ok();
    static const char *const names[ACTS] = {"", "saddle", "net", "wide"};
    for (int i = 0; i < ACTS; i++) {
        stage->scenes[i] = scene_default();
        stage->scenes[i].steps = STEPS;
        stage->acts[i] = (Act){names[i], &stage->scenes[i]};
    }
    Scene *ravine = &stage->scenes[0];
    set(scene_add_setting(ravine, "kappa=20", &status), &status);
    set(scene_set_start(ravine, "-4,1", &status), &status);
    add_racers(ravine, (const char *const[]){"sgd:lr=0.08", "sgd:lr=0.11,label=fast", "adam:lr=0.1",
                           "sgd:lr=0.01,noise=1,label=blurred one", "newton", NULL});
    Scene *saddle = &stage->scenes[1];
    scene_set_surface(saddle, strdup("strict_saddle"));
    set(scene_set_start(saddle, "1,0", &status), &status);
    add_racers(saddle, (const char *const[]){"sgd:lr=0.5", "sgd:lr=0.5,noise=0.1,label=noisy", NULL});
    Scene *net = &stage->scenes[2];
    set(mlp_sizes_read(&net->network.mlp, "2-6-2", &status), &status);
    net->network.data = strdup("moons:n=120");
    net->network.epochs = 4;
    net->network.every = 2;
    add_racers(net, (const char *const[]){"adam:lr=0.05", "sgd:lr=1e30,label=wild", NULL});
    Scene *wide = &stage->scenes[3];
    scene_set_surface(wide, strdup("quadratic"));
    wide->dim = 50;
    add_racers(wide, (const char *const[]){"lbfgs", NULL});
    stage->claims = claims_create(stage->acts, ACTS);
    stage->status = status_ok();
    *state = stage;
    return 0;
}

static int close_stage(void **state) {
    Stage *stage = *state;
    claims_destroy(stage->claims);
    for (int i = 0; i < ACTS; i++) scene_finish(&stage->scenes[i]);
    free(stage);
    return 0;
}

/* Reading. */

static void refused_with(Stage *stage, const char *text, const char *a, const char *b) {
    Status status = status_ok();
    if (claims_add(stage->claims, text, false, &status) >= 0) fail_msg("taken: %s", text);
    if (status.code != STATUS_BAD_INPUT || !strstr(status.message, a) || !strstr(status.message, b))
        fail_msg("of '%s' it is said: %s", text, status.message);
}

static void what_is_wrong_is_said_with_its_column(void **state) {
    static const struct Case {
        const char *text, *where, *what;
    } cases[] = {
        {"", "expectation", "nothing in it"},
        {"sgd.loss(100) < ", ":1:16:", "a number, a racer or a function"},
        {"sgd.los(100) < 1", ":1:5:", "did you mean 'loss'"},
        {"sdg.loss(100) < 1", ":1:1:", "did you mean 'sgd'"},
        {"sgdd.loss < 1", ":1:1:", "blurred one"},
        {"saddle.adam.loss < 1", ":1:8:", "after the step saddle there is no racer"},
        {"sgd.loss(101) < 1", ":1:10:", "100 steps"},
        {"sgd.loss(1.5) < 1", ":1:10:", "whole number"},
        {"sgd.loss(epoch 2) < 1", ":1:10:", "epochs"},
        {"sgd.loss(100)", ":1:1:", "a claim is wanted"},
        {"sgd.loss < 1 and 3", ":1:18:", "a claim is wanted"},
        {"not sgd.loss", ":1:5:", "a claim is wanted"},
        {"(sgd.loss < 1) + 2 > 3", ":1:1:", "a number is wanted"},
        {"sgd.status > diverged", ":1:12:", "== or !="},
        {"sgd.status == divergde", ":1:15:", "did you mean 'diverged'"},
        {"sgd.status == 1", ":1:15:", "words"},
        {"1 + sgd.status < 2", ":1:5:", "a word"},
        {"sgd.loss = 1", ":1:10:", "written =="},
        {"sgd.loss ~ 1", ":1:13:", "within"},
        {"sgd.end near valley", ":1:14:", "minimum, saddle"},
        {"sgd.end < 1", ":1:9:", "near"},
        {"net.adam.end near minimum", ":1:19:", "minimum_distance"},
        {"net.adam.layer(3).grad_norm > 0", ":1:16:", "1 to 2"},
        {"sgd.layer(1).grad_norm > 0", ":1:5:", "only a network has layers"},
        {"net.adam.layer(1).loss > 0", ":1:19:", "a layer has no quantity"},
        {"rate(3, 1, 2) < 1", ":1:6:", "changes from step to step"},
        {"rate(sgd.loss, 1) < 1", ":1:17:", "last step"},
        {"rate(sgd.loss < 1) < 1", ":1:6:", "a number is wanted"},
        {"all(sgd.loss)", ":1:5:", "a claim is wanted"},
        {"share(share(sgd.loss < 1) > 0) > 0", ":1:13:", "seeds"},
        {"max(max(max(sgd.loss))) > 0", ":1:13:", "twice"},
        {"step < 1", ":1:1:", "over steps"},
        {"sgd.loss < 1 sgd", ":1:14:", "too much"},
        {"'blurred one.loss < 1", ":1:1:", "not closed"},
        {"sgd.loss < 1e999", ":1:12:", "too large"},
        {"sgd.loss & 1", ":1:10:", "cannot stand"},
        {"sgd.steps_to < 3", ":1:14:", "loss to arrive at"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused_with(*state, cases[i].text, cases[i].where, cases[i].what);
    Text deep = {0};
    for (int i = 0; i < 1000; i++) text_append(&deep, "(");
    refused_with(*state, text_string(&deep), "expectation", "too deep");
    text_clear(&deep);
    text_append(&deep, "1");
    for (int i = 0; i < 900; i++) text_append(&deep, "^2");
    refused_with(*state, text_string(&deep), "expectation", "too deep");
    text_clear(&deep);
    text_append(&deep, "1");
    for (int i = 0; i < 900; i++) text_append(&deep, "+2");
    refused_with(*state, text_string(&deep), "expectation", "too");
    text_finish(&deep);
}

static void two_of_a_name_need_labels(void **state) {
    Stage *stage = *state;
    set(scene_add_racer(&stage->scenes[0], "sgd:lr=0.02", &stage->status), &stage->status);
    refused_with(stage, "sgd.loss < 1", ":1:1:", "give them labels");
}

/* Values. */

typedef struct Known {
    const char *text;
    double value;
} Known;

static void check_values(Stage *stage, const Known *known, int n, double tolerance) {
    for (int i = 0; i < n; i++)
        if (claims_add(stage->claims, known[i].text, true, &stage->status) != i)
            fail_msg("%s", stage->status.message);
    set(claims_run(stage->claims, 1, SEEDS, NULL, &stage->status), &stage->status);
    for (int i = 0; i < n; i++) {
        double value = claims_value(stage->claims, i, 1);
        if (isnan(known[i].value) ? isnan(value) : relative_error(value, known[i].value) <= tolerance)
            continue;
        fail_msg("%s is %.17g, not %.17g", known[i].text, value, known[i].value);
    }
}

static double descended(double t) {
    const double x = X * pow(1 - RATE, t), y = Y * pow(1 - RATE * KAPPA, t);
    return 0.5 * (x * x + KAPPA * y * y);
}

static void quantities_of_descent_on_a_quadratic(void **state) {
    const double first = ceil(log(1 / 8.0) / (2 * log(1 - RATE))); /* y has gone by then: 0.5 x^2 = 1 */
    double sum = 0;
    for (int t = 0; t <= 100; t++) sum += descended(t);
    const Known known[] = {
        {"sgd.loss(0)", descended(0)},
        {"sgd.loss(7)", descended(7)},
        {"sgd.loss", descended(100)},
        {"sgd.loss(end)", descended(100)},
        {"sgd.loss(best)", descended(100)},
        {"sgd.x(10)", X * pow(1 - RATE, 10)},
        {"sgd.y(9)", Y * pow(1 - RATE * KAPPA, 9)},
        {"sgd.grad_norm(0)", hypot(X, KAPPA * Y)},
        {"sgd.norm(3)", hypot(X * pow(1 - RATE, 3), Y * pow(1 - RATE * KAPPA, 3))},
        {"sgd.distance(3) - sgd.norm(3)", 0},
        {"sgd.condition(5)", KAPPA},
        {"sgd.evaluations(12)", 12},
        {"rate(abs(sgd.x), 20, 100)", 1 - RATE},
        {"rate(sgd.loss, 60, 100)", (1 - RATE) * (1 - RATE)},
        {"slope(log(abs(sgd.x)), 5, 50)", log(1 - RATE)},
        {"slope(3*step + sgd.x*0)", 3},
        {"power(step^2.5 + 0*sgd.x, 1, 90)", 2.5},
        {"crossings(sgd.y, 0, 30)", 30},
        {"crossings(sgd.x)", 0},
        {"max(sgd.loss)", descended(0)},
        {"min(sgd.loss, 10, 20)", descended(20)},
        {"argmin(sgd.loss, 10, 20)", 20},
        {"argmax(sgd.loss)", 0},
        {"sum(sgd.loss)", sum},
        {"mean(sgd.loss)", sum / 101},
        {"mean(step + 0*sgd.x, 10, 20)", 15},
        {"spread(step + 0*sgd.x, 0, 2)", 1},
        {"count(sgd.y > 0, 0, 9)", 5},
        {"first(sgd.loss <= 1)", first},
        {"last(sgd.y > 0, 0, 9)", 8},
        {"first(sgd.loss < 0)", INFINITY},
        {"last(sgd.loss < 0)", -INFINITY},
        {"sgd.steps_to(1)", first},
        {"sgd.evaluations_to(1)", first},
        {"sgd.evaluations_to(-1)", INFINITY},
        {"all(sgd.x(step) < 0)", 1},
        {"all(sgd.loss(step + 1) < sgd.loss, 20, 99)", 1},
        {"any(sgd.y(step) < -0.9)", 0},
        {"max(sgd.y(step + 1)/sgd.y, 0, 10)", 1 - RATE * KAPPA},
        {"max(sgd.loss, 20, 10)", NAN},
        {"max(sgd.loss(step - 1))", NAN},
        {"sgd.loss(101 - 0)", NAN},
        {"sgd.loss(3/2)", descended(1)},
        {"newton.steps_to(1e-20)", 1},
        {"1 + 2*3 - 4/2", 5},
        {"2^3^2", 512},
        {"-2^2", -4},
        {"2^-1", 0.5},
        {"sqrt(16) + log(exp(3)) + abs(-2) + hypot(3, 4) + larger(1, 2) - smaller(1, 2)", 15},
        {"1 < 2 <= 2 < 3", 1},
        {"1 < 2 < 2", 0},
        {"1 > 2 or not 2 != 2 and 3 >= 3", 1},
        {"sqrt(-1) < 1", NAN},
        {"not sqrt(-1) < 1", NAN},
        {"sqrt(-1) < 1 or 1 < 2", 1},
        {"sqrt(-1) < 1 and 1 > 2", 0},
        {"105 ~ 100 within 5 %", 1},
        {"106 ~ 100 within 5 %", 0},
        {"1.2 ~ 1 within 0.1", 0},
        {"fast.status == running", 1},
        {"sgd.end near minimum", 1},
        {"sgd.at(0) near (-4, 1)", 1},
        {"sgd.at(0) near (-3, 1)", 0},
        {"sgd.at(0) near (-3, 1) within 1.01", 1},
        {"sgd.best near (0, 0) within 0.01", 1},
        {"saddle.sgd.end near saddle", 1},
        {"saddle.sgd.end near minimum", 0},
        {"saddle.sgd.y", 0},
        {"saddle.sgd.saddle_distance(2)", 0.25},
        {"saddle.sgd.status == stalled", 1},
        {"wide.lbfgs.end near minimum within 1e-6", 1},
    };
    check_values(*state, known, sizeof known / sizeof known[0], 1e-9);
}

static void what_only_lessons_ask_for(void **state) {
    Stage *stage = *state;
    Scene *bowl = &stage->scenes[1]; /* x_t = (1 - 1.5)^t x_0: on the other side after every odd step */
    scene_set_surface(bowl, strdup("bowl"));
    set(scene_set_start(bowl, "-3,0", &stage->status), &stage->status);
    add_racers(bowl, (const char *const[]){"sgd:lr=1.5", "sgd:lr=0.1,noise=2,label=noisy", NULL});
    Surface *surface = scene_surface(bowl, &stage->status);
    const Box box = surface->box;
    surface_destroy(surface);
    set(scene_set_start(&stage->scenes[0], "-40,1", &stage->status), &stage->status);
    Surface *ravine = scene_surface(&stage->scenes[0], &stage->status);
    const Box wide = ravine->box;
    surface_destroy(ravine);
    assert_true(box.x_min < -3 && box.x_max > 3);
    const Known known[] = {
        {"saddle.sgd.crossing_share(1, 0)", 1},
        {"saddle.sgd.crossing_share(2, 0)", 0},
        {"saddle.sgd.gradient_spread(0)", 0},
        {"saddle.noisy.gradient_spread(3) ~ 2*sqrt(2) within 10 %", 1}, /* 2 in each coordinate */
        {"saddle.sgd.outside(0)", 0},
        {"sgd.outside(0)", (wide.x_min + 40) / (wide.x_max - wide.x_min)},
        {"saddle.sgd.saddle_distance(0)", NAN}, /* there is none on a bowl */
        {"saddle.sgd.saddle_share(0, 1)", 0},   /* nor on a line */
        {"saddle.sgd.saddle_share(0, 2) > 0.3 and saddle.sgd.saddle_share(0, 2) < 0.7", 1},
    };
    check_values(stage, known, sizeof known / sizeof known[0], 1e-12);
}

static void whoever_diverged_has_its_last_numbers(void **state) {
    Stage *stage = *state;
    add_racers(&stage->scenes[0], (const char *const[]){"sgd:lr=30", NULL}); /* y grows 599-fold a step */
    const Known known[] = {
        {"sgd.status == diverged", 1},
        {"sgd.status(2) == diverged", 0},
        {"sgd.y(end) == sgd.y(100)", 1},
        {"argmax(sgd.status == diverged) > 0", NAN},
    };
    check_values(stage, known, 3, 0);
}

static void a_training_is_known_by_its_reports(void **state) {
    const Known known[] = {
        {"net.adam.step(0)", 0},
        {"net.adam.step(5)", 4},       /* a report every 2 steps */
        {"net.adam.step(epoch 1)", 2}, /* 3 steps of up to 32 examples for 72 of them */
        {"net.adam.epoch(epoch 2)", 2},
        {"net.adam.epoch", 4},
        {"net.adam.train_loss(end) < net.adam.train_loss(0)", 1},
        {"net.adam.validation_loss(best) == min(net.adam.validation_loss)", 1},
        {"net.wild.status == diverged", 1},
        {"net.adam.layer(2).weight_norm < net.adam.weight_norm", 1},
        {"hypot(net.adam.layer(1).weight_norm, net.adam.layer(2).weight_norm) - net.adam.weight_norm", 0},
        {"net.adam.test_error >= 0", 1},
        {"net.adam.steps_to(net.adam.train_loss(0))", 0},
        {"net.adam.examples_to(net.adam.train_loss(0))", 0},
        {"net.adam.class_error(end, 0) <= 1", 1},
        {"net.adam.permuted_loss ~ net.adam.train_loss within 1e-6", 1},
    };
    check_values(*state, known, sizeof known / sizeof known[0], 1e-12);
}

/* Seeds. */

static void seeds_are_gathered(void **state) {
    const Known known[] = {
        {"average('blurred one'.y)", NAN}, /* of those below */
        {"deviation('blurred one'.y)", NAN},
        {"share('blurred one'.y > 0)", NAN},
        {"lowest('blurred one'.y)", NAN},
        {"highest('blurred one'.y)", NAN},
        {"'blurred one'.y", NAN},
        {"deviation(sgd.y)", 0},
        {"share(sgd.x < 0 and 'blurred one'.loss >= 0)", 1},
    };
    Stage *stage = *state;
    for (int i = 0; i < 8; i++)
        assert_int_equal(claims_add(stage->claims, known[i].text, true, &stage->status), i);
    set(claims_run(stage->claims, 1, SEEDS, NULL, &stage->status), &stage->status);
    double y[SEEDS], mean = 0, square = 0, share = 0;
    for (int i = 0; i < SEEDS; i++) {
        y[i] = claims_value(stage->claims, 5, i);
        mean += y[i] / SEEDS;
        share += (y[i] > 0) / (double)SEEDS;
    }
    for (int i = 0; i < SEEDS; i++) square += (y[i] - mean) * (y[i] - mean) / (SEEDS - 1);
    assert_true(y[0] != y[1] && y[1] != y[2]);
    for (int i = 0; i < SEEDS; i++) { /* the same whichever seed asks */
        assert_near(claims_value(stage->claims, 0, i), mean, 1e-12);
        assert_near(claims_value(stage->claims, 1, i), sqrt(square), 1e-12);
        assert_near(claims_value(stage->claims, 2, i), share, 1e-12);
        assert_near(claims_value(stage->claims, 3, i), fmin(y[0], fmin(y[1], y[2])), 0);
        assert_near(claims_value(stage->claims, 4, i), fmax(y[0], fmax(y[1], y[2])), 0);
        assert_near(claims_value(stage->claims, 6, i), 0, 0);
        assert_near(claims_value(stage->claims, 7, i), 1, 0);
    }
}

static void threads_change_nothing(void **state) {
    Stage *stage = *state;
    static const char *const texts[] = {"'blurred one'.loss", "net.adam.train_loss", "saddle.noisy.y"};
    double alone[3][SEEDS];
    for (int i = 0; i < 3; i++) claims_add(stage->claims, texts[i], true, &stage->status);
    set(claims_run(stage->claims, 5, SEEDS, NULL, &stage->status), &stage->status);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < SEEDS; k++) alone[i][k] = claims_value(stage->claims, i, k);
    Pool *pool = pool_create(3);
    set(claims_run(stage->claims, 5, SEEDS, pool, &stage->status), &stage->status);
    pool_destroy(pool);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < SEEDS; k++) assert_true(claims_value(stage->claims, i, k) == alone[i][k]);
}

static void a_claim_holds_on_every_seed_or_not(void **state) {
    Stage *stage = *state;
    int seed;
    claims_add(stage->claims, "sgd.loss < 1e-3", false, &stage->status);
    claims_add(stage->claims, "sgd.loss > 1", false, &stage->status);
    claims_add(stage->claims, "sgd.loss < sqrt(-1)", false, &stage->status);
    set(claims_run(stage->claims, 1, SEEDS, NULL, &stage->status), &stage->status);
    assert_true(claims_holds(stage->claims, 0, &seed));
    assert_false(claims_holds(stage->claims, 1, &seed));
    assert_int_equal(seed, 0);
    assert_false(claims_is_unknown(stage->claims, 1, seed));
    assert_false(claims_holds(stage->claims, 2, &seed));
    assert_true(claims_is_unknown(stage->claims, 2, seed));
    Text told = {0};
    claims_measured(stage->claims, 1, 0, &told);
    assert_non_null(strstr(text_string(&told), "sgd.loss is "));
    text_finish(&told);
}

/* Opposites. */

static void opposites_are_written_out(void **state) {
    Stage *stage = *state;
    static const struct Case {
        const char *claim, *opposite, *of_shares;
    } cases[] = {
        {"sgd.loss(5) < 3*adam.loss", "sgd.loss(5) >= 3*adam.loss", NULL},
        {"sgd.status == diverged", "sgd.status != diverged", NULL},
        {"sgd.loss > 1 and sgd.x != 2", "(sgd.loss <= 1 or sgd.x == 2)", NULL},
        {"not sgd.loss > 1", "sgd.loss > 1", NULL},
        {"sgd.end near minimum", "not (sgd.end near minimum)", NULL},
        {"sgd.x ~ 3 within 5 %", "not (sgd.x ~ 3 within 5 %)", NULL},
        {"all(sgd.x <= 0, 3, 9)", "any(sgd.x > 0, 3, 9)", NULL},
        {"0 < sgd.loss < 1", "(0 >= sgd.loss or sgd.loss >= 1)", NULL},
        {"share(sgd.x < 0) >= 0.9", "share(sgd.x < 0) < 0.9", "share(sgd.x >= 0) >= 0.9"},
        {"2*share(sgd.x < 0) > share(not sgd.y < 0)", "2*share(sgd.x < 0) <= share(not sgd.y < 0)",
            "2*share(sgd.x >= 0) > share(sgd.y < 0)"},
        {"average(sgd.x) > -9", "average(sgd.x) <= -9", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int claim = claims_add(stage->claims, cases[i].claim, false, &stage->status), opposites[2];
        if (claim < 0) fail_msg("%s", stage->status.message);
        claims_add_opposites(stage->claims, claim, opposites, &stage->status);
        if (opposites[0] < 0) fail_msg("%s", stage->status.message);
        assert_string_equal(claims_text(stage->claims, opposites[0]), cases[i].opposite);
        assert_int_equal(opposites[1] >= 0, cases[i].of_shares != NULL);
        if (cases[i].of_shares)
            assert_string_equal(claims_text(stage->claims, opposites[1]), cases[i].of_shares);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_with_its_column, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(two_of_a_name_need_labels, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(quantities_of_descent_on_a_quadratic, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_only_lessons_ask_for, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(whoever_diverged_has_its_last_numbers, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_training_is_known_by_its_reports, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(seeds_are_gathered, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(threads_change_nothing, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_claim_holds_on_every_seed_or_not, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(opposites_are_written_out, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
