/* Races of networks: what the optimizers do there is what plain loops do, on any number of threads. */
#include "networks.h"

#include "allocations.h"
#include "race.h"

enum { RACERS = 6, STEPS = 20, BATCHES = 7 };

static RacerSpec racer(const char *optimizer, double lr) {
    RacerSpec spec = {.optimizer = optimizer_find(optimizer)};
    snprintf(spec.label, sizeof spec.label, "%s", optimizer);
    optimizer_defaults(spec.optimizer, spec.values);
    devices_defaults(spec.devices);
    spec.values[0] = lr;
    return spec;
}

/* Some batches that come again and again, and how often they were asked for. */
typedef struct Feed {
    Batch batches[BATCHES];
    int taken;
} Feed;

static void take(void *context, uint64_t step, Batch *batch) {
    Feed *feed = context;
    *batch = feed->batches[step % BATCHES];
    feed->taken++;
}

/* A race of networks with all that belongs to it. */
typedef struct Training {
    MlpSpec spec;
    Feed feed;
    int n;
    Mlp *networks[RACERS];
    Vec start;
    Pool *pool;
    Race *race;
} Training;

static Training training_create(const MlpSpec *spec, int n, int batch, int workers) {
    Training training = {.spec = *spec, .n = n};
    for (int i = 0; i < BATCHES; i++) training.feed.batches[i] = random_batch(spec, batch, 50 + (uint64_t)i);
    if (workers >= 0) training.pool = pool_create(workers);
    return training;
}

static void training_begin(Training *training, const RacerSpec *racers) {
    Objective *objectives[RACERS];
    Status status = status_ok();
    for (int i = 0; i < training->n; i++) {
        training->networks[i] = mlp_create(&training->spec, &status);
        mlp_set_source(training->networks[i], (BatchSource){.take = take, .context = &training->feed});
        objectives[i] = mlp_objective(training->networks[i]);
    }
    training->start = random_parameters(training->networks[0], 8);
    training->race = race_create_apart(
        objectives, racers, training->n, &training->start, STEPS, 1, training->pool, &status);
    if (!training->race) fail_msg("%s", status.message);
}

static void training_end(Training *training) {
    race_destroy(training->race);
    for (int i = 0; i < training->n; i++) mlp_destroy(training->networks[i]);
    for (int i = 0; i < BATCHES; i++) batch_free(&training->feed.batches[i]);
    pool_destroy(training->pool);
    free(training->start.data);
}

/* Descent, momentum and Nesterov's momentum in plain float64 loops; loss[s] is what step s begins with. */
static void plain_training(const Training *training, const char *rule, double lr, double *x, double *loss) {
    const size_t n = training->start.n;
    double *v = calloc(n, sizeof *v), *g = malloc(n * sizeof *g), *at = malloc(n * sizeof *at);
    vec_read(&training->start, x);
    const double alpha = strcmp(rule, "sgd") == 0 ? 0 : 0.9;
    for (int s = 0; s < STEPS; s++) {
        for (size_t i = 0; i < n; i++) at[i] = x[i] + (strcmp(rule, "nesterov") == 0 ? alpha * v[i] : 0);
        loss[s] = plain_perceptron(&training->spec, at, &training->feed.batches[s % BATCHES], g);
        for (size_t i = 0; i < n; i++) {
            v[i] = alpha * v[i] - lr * g[i];
            x[i] += v[i];
        }
    }
    free(v), free(g), free(at);
}

static void rows_and_weights_are_those_of_plain_loops(void **state) {
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        const MlpSpec spec = network("5-9-3", "tanh", "cross_entropy", wide ? PRECISION_F64 : PRECISION_F32);
        const double tolerance = wide ? 1e-12 : 1e-5;
        const RacerSpec racers[] = {racer("sgd", 0.1), racer("momentum", 0.1), racer("nesterov", 0.1)};
        Training training = training_create(&spec, 3, 10, 1);
        training_begin(&training, racers);
        race_run(training.race);
        /* One evaluation a step, and the batch of a step is that of every racer. */
        assert_int_equal(training.feed.taken, 3 * STEPS);
        for (int r = 0; r < 3; r++) {
            double x[9 * 6 + 3 * 10], loss[STEPS];
            plain_training(&training, racers[r].label, 0.1, x, loss);
            const Trace *trace = race_trace(training.race, r);
            assert_int_equal(trace->last, STEPS);
            assert_int_equal(trace->evaluations[STEPS], STEPS);
            assert_null(trace->x);
            for (int s = 0; s < STEPS; s++) assert_near(trace->loss[s], loss[s], tolerance);
            assert_true(isnan(trace->loss[STEPS]) && isnan(trace->grad_norm[STEPS]));
            for (size_t i = 0; i < training.start.n; i++)
                assert_near(vec_get(race_x(training.race, r), i), x[i], tolerance);
        }
        training_end(&training);
    }
}

/* Several racers on some threads, or one large racer's batch on them: the same bits as alone. */
static void threads_change_nothing(void **state) {
    (void)state;
    const RacerSpec plain_racers[RACERS] = {racer("adam", 0.01), racer("sgd", 0.1), racer("rmsprop", 0.01),
        racer("nesterov", 0.1), racer("sophia", 0.01), racer("sam", 0.1)};
    for (int large = 0; large < 3; large++) {
        MlpSpec spec =
            network(large == 1 ? "784-256-256-10" : "5-16-3", "relu", "cross_entropy", PRECISION_F32);
        spec.batch_max = large == 1 ? 96 : 16;
        spec.dropout = 0.2;
        RacerSpec racers[RACERS];
        memcpy(racers, plain_racers, sizeof racers);
        racers[1].devices[DEVICE_ACCUMULATE] = large == 2 ? 3 : 1;
        const int n = large == 1 ? 1 : RACERS;
        double losses[RACERS][STEPS];
        Vec ends[RACERS];
        for (int workers = -1; workers < 4; workers++) {
            Training training = training_create(&spec, n, spec.batch_max, workers);
            training_begin(&training, racers);
            race_run(training.race);
            for (int r = 0; r < n; r++) {
                const Vec *x = race_x(training.race, r);
                const double *loss = race_trace(training.race, r)->loss;
                if (workers < 0) {
                    ends[r] = vec_like(x);
                    vec_copy(&ends[r], x);
                    memcpy(losses[r], loss, sizeof losses[r]);
                } else {
                    assert_true(vec_is_same(x, &ends[r]));
                    assert_memory_equal(loss, losses[r], sizeof losses[r]);
                }
            }
            training_end(&training);
        }
        for (int r = 0; r < n; r++) free(ends[r].data);
    }
}

static void a_restart_is_the_same_race(void **state) {
    (void)state;
    const MlpSpec spec = network("5-9-3", "gelu", "cross_entropy", PRECISION_F32);
    RacerSpec racers[] = {racer("adam", 0.05), racer("sgld", 0.01)};
    racers[0].devices[DEVICE_NOISE] = 0.1;
    racers[0].devices[DEVICE_EMA] = 0.9;
    Training training = training_create(&spec, 2, 10, 1);
    training_begin(&training, racers);
    race_run(training.race);
    Vec ends[2];
    for (int r = 0; r < 2; r++) {
        ends[r] = vec_like(race_x(training.race, r));
        vec_copy(&ends[r], race_x(training.race, r));
    }
    const Vec average = vec_like(&ends[0]);
    vec_copy(&average, race_average(training.race, 0));
    assert_null(race_average(training.race, 1));
    race_restart_apart(training.race, &training.start);
    const int before = allocations;
    race_run(training.race);
    assert_int_equal(allocations, before);
    for (int r = 0; r < 2; r++) assert_true(vec_is_same(race_x(training.race, r), &ends[r]));
    assert_true(vec_is_same(race_average(training.race, 0), &average));
    free(ends[0].data), free(ends[1].data), free(average.data);
    training_end(&training);
}

/* The moving average of the iterates, and their mean. */
static void averages_are_of_the_iterates(void **state) {
    (void)state;
    const MlpSpec spec = network("5-9-3", "tanh", "cross_entropy", PRECISION_F64);
    RacerSpec racers[] = {racer("sgd", 0.5), racer("sgd", 0.5)};
    racers[0].devices[DEVICE_EMA] = 0.8;
    racers[1].devices[DEVICE_POLYAK] = 1;
    Training training = training_create(&spec, 2, 10, 1);
    training_begin(&training, racers);
    const size_t n = training.start.n;
    double *moving = malloc(n * sizeof *moving), *sum = calloc(n, sizeof *sum);
    vec_read(&training.start, moving);
    for (int s = 1; race_step(training.race); s++) {
        for (size_t i = 0; i < n; i++) {
            const double x = vec_get(race_x(training.race, 0), i);
            moving[i] = 0.8 * moving[i] + 0.2 * x;
            sum[i] += x;
            assert_near(vec_get(race_average(training.race, 0), i), moving[i], 1e-13);
            assert_near(vec_get(race_average(training.race, 1), i), sum[i] / s, 1e-13);
        }
    }
    free(moving), free(sum);
    training_end(&training);
}

/* One that diverges says so; the others do what they do without it. */
static void a_diverging_racer_stops_alone(void **state) {
    (void)state;
    const MlpSpec spec = network("5-9-3", "relu", "squared_class", PRECISION_F32);
    const RacerSpec racers[] = {racer("sgd", 1e9), racer("sgd", 0.01)};
    Training training = training_create(&spec, 2, 10, 1), alone = training_create(&spec, 1, 10, -1);
    training_begin(&training, racers);
    training_begin(&alone, &racers[1]);
    race_run(training.race);
    race_run(alone.race);
    const Trace *trace = race_trace(training.race, 0);
    assert_true(trace->last < STEPS);
    assert_int_equal(trace->status[trace->last], RACER_DIVERGED);
    assert_string_equal(race_reason(training.race, 0), "the loss is not finite");
    assert_true(vec_is_same(race_x(training.race, 1), race_x(alone.race, 0)));
    training_end(&training);
    training_end(&alone);
}

/* Every optimizer that there is goes down, in float32 and in float64, and a step allocates nothing. */
static void every_optimizer_trains(void **state) {
    (void)state;
    for (int i = 0; i < optimizer_count; i++)
        for (int wide = 0; wide < 2; wide++) {
            const char *name = optimizer_table[i].name;
            const MlpSpec spec =
                network("5-9-3", "tanh", "cross_entropy", wide ? PRECISION_F64 : PRECISION_F32);
            RacerSpec of = racer(name, optimizer_table[i].parameters[0].value);
            if (strcmp(name, "newton") == 0) of.values[1] = of.values[2] = 1; /* damped, and past saddles */
            if (strcmp(name, "sgld") == 0) of.values[1] = 1e-4;               /* cold */
            Training training = training_create(&spec, 1, 12, -1);
            for (int b = 1; b < BATCHES; b++) {
                batch_free(&training.feed.batches[b]);
                training.feed.batches[b] = training.feed.batches[0];
            }
            training_begin(&training, &of);
            race_step(training.race);
            const int before = allocations;
            race_run(training.race);
            assert_int_equal(allocations, before);
            const Trace *trace = race_trace(training.race, 0);
            const double first = trace->loss[0];
            const double last =
                mlp_score(training.networks[0], race_x(training.race, 0), &training.feed.batches[0]).loss;
            if (!(last < first))
                fail_msg("%s goes from %g to %g (%s)", name, first, last, race_reason(training.race, 0));
            for (int b = 1; b < BATCHES; b++) training.feed.batches[b] = (Batch){0};
            training_end(&training);
        }
}

static void too_large_a_state_is_refused(void **state) {
    (void)state;
    const MlpSpec spec = network("784-256-128-10", "relu", "cross_entropy", PRECISION_F32);
    const RacerSpec racers[] = {racer("newton", 1), racer("bfgs", 1)};
    for (int r = 0; r < 2; r++) {
        Status status = status_ok();
        Mlp *mlp = mlp_create(&spec, &status);
        Objective *objective = mlp_objective(mlp);
        const Vec start = random_parameters(mlp, 1);
        assert_null(race_create_apart(&objective, &racers[r], 1, &start, 5, 1, NULL, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_non_null(strstr(status.message, "on 235146 parameters would take"));
        free(start.data);
        mlp_destroy(mlp);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_weights_are_those_of_plain_loops),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_restart_is_the_same_race),
        cmocka_unit_test(averages_are_of_the_iterates),
        cmocka_unit_test(a_diverging_racer_stops_alone),
        cmocka_unit_test(every_optimizer_trains),
        cmocka_unit_test(too_large_a_state_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
