/* A training that is watched is the same training: its reports, its weights at every step, whatever the
 * slices, with and without a thread. What it is held against is a Training that nobody watches. */
#include "test.h"

#include "live_states.h"
#include "live_training.h"

#include <math.h>
#include <string.h>

enum { STEPS = 1500, EVERY = 37, BATCH = 8 };

typedef struct Ground {
    Data data;
    RacerSpec racers[3];
} Ground;

static RacerSpec racer(const char *optimizer, double lr) {
    RacerSpec spec = {.optimizer = optimizer_find(optimizer)};
    snprintf(spec.label, sizeof spec.label, "%s", optimizer);
    optimizer_defaults(spec.optimizer, spec.values);
    devices_defaults(spec.devices);
    spec.values[0] = lr;
    return spec;
}

static void begin(Ground *ground) {
    Status status = status_ok();
    if (!data_open(&ground->data, "spirals:n=100", 1, &status)) fail_msg("%s", status.message);
    ground->racers[0] = racer("sgd", 0.1);
    ground->racers[1] = racer("adam", 0.01);
    ground->racers[2] = racer("sgd", 0.1);
    ground->racers[2].devices[DEVICE_EMA] = 0.9; /* one whose averaged weights are used */
}

static SamplingKind sampling = SAMPLING_SHUFFLE; /* of trainings that are made */

static Training *make_training(const Ground *ground, int64_t steps, Pool *pool) {
    Status status = status_ok();
    TrainingSpec spec = {
        .init = {.row = init_find("he")},
        .sampling = {.kind = sampling, .batch = BATCH, .seed = 1},
        .racers = ground->racers,
        .n_racers = 3,
        .steps = steps,
        .every = EVERY,
        .seed = 1,
        .data_text = "spirals",
    };
    spec.network = (MlpSpec){.activation = activation_find("tanh"),
        .loss = loss_find("cross_entropy"),
        .precision = PRECISION_F32};
    if (!mlp_sizes_read(&spec.network, "2-6-2", &status)) fail_msg("%s", status.message);
    Training *training = training_create(&spec, &ground->data, pool, &status);
    if (!training) fail_msg("%s", status.message);
    return training;
}

static LiveTraining *make_live(const Ground *ground, int64_t steps, Pool *pool, bool threaded) {
    Status status = status_ok();
    LiveTraining *live = live_training_create(make_training(ground, steps, pool), threaded, &status);
    if (!live) fail_msg("%s", status.message);
    return live;
}

static void check_report(const TrainingReport *a, const TrainingReport *b) {
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->examples, b->examples);
    assert_int_equal(a->status, b->status);
    assert_memory_equal(&a->training, &b->training, sizeof a->training);
    assert_memory_equal(&a->validation, &b->validation, sizeof a->validation);
    assert_memory_equal(&a->grad_norm, &b->grad_norm, sizeof a->grad_norm);
    assert_memory_equal(&a->lr, &b->lr, sizeof a->lr);
}

/* Every report of `live` against a training that runs by itself. */
static void check_reports(const Ground *ground, const LiveTraining *live, int64_t steps) {
    Training *alone = make_training(ground, steps, NULL);
    int64_t n = 0;
    for (; training_advance(alone) == TRAINING_REPORTED; n++) {
        assert_true(n < live_training_report_count(live));
        for (int i = 0; i < 3; i++) {
            const LiveReport *report = live_training_report(live, n, i);
            check_report(&report->report, training_report(alone, i));
            assert_int_equal(report->is_news, training_is_news(alone, i));
            assert_int_equal(report->evaluations, training_evaluations(alone, i));
            for (int l = 0; l < 2; l++) {
                TrainingLayer layer = training_layer(alone, i, l);
                assert_memory_equal(&live_training_layers(live, n, i)[l], &layer, sizeof layer);
            }
        }
    }
    assert_int_equal(live_training_report_count(live), n);
    training_destroy(alone);
}

static void test_slices_change_nothing(void **state) {
    (void)state;
    Ground ground;
    begin(&ground);
    static const int64_t strides[] = {1, 7, EVERY, 500, STEPS};
    for (int threads = -1; threads < 2; threads++) {
        Pool *pool = threads > 0 ? pool_create(1) : NULL;
        for (size_t k = 0; k < sizeof strides / sizeof *strides; k++) {
            LiveTraining *live = make_live(&ground, STEPS, pool, threads >= 0);
            for (int64_t step = 0; step < STEPS; step += strides[k]) {
                live_training_reach(live, step);
                assert_int_equal(live_training_done(live), step);
                live_training_look(live, step);
                assert_int_equal(live_training_state(live)->step, step);
            }
            live_training_reach(live, INT64_MAX);
            assert_true(live_training_is_over(live));
            assert_int_equal(live_training_done(live), STEPS);
            check_reports(&ground, live, STEPS);
            live_training_destroy(live);
        }
        pool_destroy(pool);
    }
    data_finish(&ground.data);
}

static void check_state(const LiveState *live, Training *alone) {
    Batch batch;
    assert_int_equal(live->step, training_steps_done(alone));
    for (int i = 0; i < 3; i++) assert_true(vec_is_same(&live->weights[i], training_weights(alone, i)));
    training_batch(alone, &batch);
    assert_int_equal(live->batch.size, batch.size);
    assert_memory_equal(live->batch.inputs, batch.inputs, (size_t)(2 * batch.size) * sizeof(float));
    assert_memory_equal(live->batch.labels, batch.labels, (size_t)batch.size * sizeof(int32_t));
}

/* What is kept is how it was, and there is always something near. */
static void test_back(void **state) {
    (void)state;
    Ground ground;
    begin(&ground);
    for (int threaded = 0; threaded < 2; threaded++) {
        LiveTraining *live = make_live(&ground, STEPS, NULL, threaded);
        live_training_reach(live, STEPS);
        Training *alone = make_training(&ground, STEPS, NULL);
        /* 1501 steps in room for 512 are every fourth. */
        int64_t spacing = 1;
        while (STEPS / spacing + 1 > LIVE_KEPT_MAX) spacing *= 2;
        assert_int_equal(spacing, 4);
        for (int64_t step = 0; step <= STEPS; step += 50) {
            live_training_look(live, step);
            int64_t found = live_training_state(live)->step;
            assert_int_equal(found, step - step % spacing);
            while (training_steps_done(alone) < found) training_advance_within(alone, found);
            check_state(live_training_state(live), alone);
        }
        assert_true(live_training_look(live, 4));
        assert_false(live_training_look(live, 5)); /* the same */
        assert_true(live_training_look(live, STEPS + 7));
        assert_int_equal(live_training_state(live)->step, STEPS);
        training_destroy(alone);
        live_training_destroy(live);
    }
    data_finish(&ground.data);
}

/* Without a thread nothing happens but in the slices, and each of them gets somewhere. */
static void test_slices_of_time(void **state) {
    (void)state;
    Ground ground;
    begin(&ground);
    LiveTraining *live = make_live(&ground, STEPS, NULL, false);
    assert_null(live_training_state(live));
    assert_false(live_training_look(live, 0));
    live_training_aim(live, 3);
    assert_true(live_training_is_busy(live));
    assert_int_equal(live_training_done(live), 0);
    for (int i = 0; i < 100 && live_training_is_busy(live); i++) live_training_work(live, 0);
    assert_int_equal(live_training_done(live), 3);
    live_training_work(live, 1); /* there is nothing to do */
    assert_int_equal(live_training_done(live), 3);
    assert_true(live_training_look(live, 3));
    assert_int_equal(live_training_state(live)->step, 3);
    live_training_destroy(live);
    data_finish(&ground.data);
}

/* A race in which nobody is left is over, and can be ended at any moment. */
static void test_ends(void **state) {
    (void)state;
    Ground ground;
    begin(&ground);
    for (int i = 0; i < 3; i++) ground.racers[i] = racer("sgd", 1e38);
    for (int threaded = 0; threaded < 2; threaded++) {
        LiveTraining *live = make_live(&ground, STEPS, NULL, threaded);
        live_training_reach(live, STEPS);
        assert_true(live_training_is_over(live));
        assert_true(live_training_done(live) < STEPS);
        int64_t last = live_training_report_count(live) - 1;
        assert_int_equal(live_training_report(live, last, 0)->report.status, TRAINING_DIVERGED);
        live_training_destroy(live);
        live = make_live(&ground, STEPS, NULL, threaded);
        live_training_aim(live, STEPS);
        live_training_destroy(live); /* in the middle of it */
    }
    data_finish(&ground.data);
}

/* The room is never more than was said, and the oldest and the newest are always there. */
static void test_states_thin_out(void **state) {
    (void)state;
    StateShape shape = {.n_racers = 1, .dim = 1000000, .precision = PRECISION_F32, .n_in = 2};
    LiveStates states;
    assert_true(live_states_create(&states, &shape));
    assert_int_equal(states.room, (int)(LIVE_KEPT_BYTES_MAX / (double)state_bytes(&shape)));
    for (int64_t step = 0; step < 1000; step++) {
        if (live_states_want(&states, step)) {
            live_states_free(&states)->state.step = step;
            live_states_add(&states);
        }
        assert_true(states.n <= states.room);
        const StateRoom *first = live_states_find(&states, 0), *now = live_states_find(&states, step);
        assert_int_equal(first->state.step, 0);
        assert_true(now->state.step <= step && step - now->state.step < states.spacing);
        for (int i = 1; i < states.n; i++)
            assert_true(
                states.rooms[states.order[i - 1]].state.step < states.rooms[states.order[i]].state.step);
    }
    assert_null(live_states_find(&states, -1));
    live_states_destroy(&states);
}

static void check_same(Training *a, Training *b) {
    assert_int_equal(training_steps_done(a), training_steps_done(b));
    for (int i = 0; i < 3; i++) {
        const Vec *x = training_weights(a, i), *y = training_weights(b, i);
        assert_memory_equal(x->data, y->data, x->n * precision_bytes(x->precision));
        check_report(training_report(a, i), training_report(b, i));
    }
}

/* Racers that do not wait for each other at every step take the same steps: with noise of one stream, changes
 * on the way, any order of examples, one that diverges in the middle of it, and where nobody is left. */
static void test_legs_change_nothing(void **state) {
    (void)state;
    Ground ground;
    begin(&ground);
    ground.racers[0].devices[DEVICE_NOISE] = 0.01;
    ground.racers[1].n_changes = 1;
    ground.racers[1].changes[0].step = 50;
    memcpy(ground.racers[1].changes[0].values, ground.racers[1].values, sizeof ground.racers[1].values);
    ground.racers[1].changes[0].values[0] = 0.03;
    for (int diverges = 0; diverges < 3; diverges++) {
        if (diverges > 0) ground.racers[2].values[0] = 1e18;
        if (diverges > 1) ground.racers[0].values[0] = ground.racers[1].values[0] = 1e18;
        if (diverges > 1) ground.racers[1].n_changes = 0;
        for (int kind = 0; kind < SAMPLING_COUNT; kind++) {
            Pool *pool = pool_create(1);
            sampling = (SamplingKind)kind;
            Training *legs = make_training(&ground, 300, pool), *steps = make_training(&ground, 300, NULL);
            for (int64_t step = 1; training_advance_within(steps, step) != TRAINING_ENDED;)
                if (training_steps_done(steps) >= step) step++;
            while (training_advance(legs) != TRAINING_ENDED) continue;
            check_same(legs, steps);
            training_destroy(legs);
            training_destroy(steps);
            pool_destroy(pool);
        }
    }
    sampling = SAMPLING_SHUFFLE;
    data_finish(&ground.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices_change_nothing),
        cmocka_unit_test(test_legs_change_nothing),
        cmocka_unit_test(test_back),
        cmocka_unit_test(test_slices_of_time),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_states_thin_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
