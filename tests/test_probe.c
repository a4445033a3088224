/* What is asked of a training beside its reports: errors of classes against those of all, minibatches
 * against the population that they are drawn from or are not. */
#include "test.h"

#include "training_probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Course {
    Data data;
    RacerSpec racer;
    Training *training;
} Course;

static void begin(Course *course, const char *data, const char *init, SamplingKind sampling, uint64_t seed) {
    Status status = status_ok();
    course->racer = (RacerSpec){.optimizer = optimizer_find("adam"), .label = "adam"};
    optimizer_defaults(course->racer.optimizer, course->racer.values);
    devices_defaults(course->racer.devices);
    TrainingSpec spec = {
        .network = {.activation = activation_find("tanh"),
            .loss = loss_find("cross_entropy"),
            .precision = PRECISION_F32},
        .sampling = {.kind = sampling, .batch = 10, .seed = seed},
        .racers = &course->racer,
        .n_racers = 1,
        .epochs = 40,
        .every = 100,
        .seed = seed,
        .data_text = data,
    };
    assert_true(mlp_sizes_read(&spec.network, "2-12-2", &status) && init_read(&spec.init, init, &status));
    if (!data_open(&course->data, data, seed, &status)) fail_msg("%s", status.message);
    course->training = training_create(&spec, &course->data, NULL, &status);
    if (!course->training) fail_msg("%s", status.message);
}

static void end(Course *course) {
    training_destroy(course->training);
    data_finish(&course->data);
}

static void errors_of_classes_make_up_the_error_of_all(void **state) {
    (void)state;
    Course course;
    begin(&course, "moons:n=400,noise=0.3,rare=0.2,validation=0.5,test=0", "zero", SAMPLING_SHUFFLE, 1);
    assert_int_equal(training_advance(course.training), TRAINING_REPORTED);
    /* All outputs are 0, and the first of equal ones wins. */
    assert_true(training_class_error(course.training, 0, 0) == 0);
    assert_true(training_class_error(course.training, 0, 1) == 1);
    assert_true(isnan(training_class_error(course.training, 0, 2)));
    end(&course);
    begin(&course, "moons:n=400,noise=0.3,rare=0.2,validation=0.5,test=0", "xavier_uniform", SAMPLING_SHUFFLE,
        1);
    while (training_advance(course.training) == TRAINING_REPORTED) {
        const double a = training_class_error(course.training, 0, 0),
                     b = training_class_error(course.training, 0, 1);
        /* Of 200 validation examples 40 are of the rare class. */
        assert_near(0.8 * a + 0.2 * b, training_report(course.training, 0)->validation.error, 1e-12);
    }
    end(&course);
}

static void minibatches_of_a_stream_agree_with_the_population(void **state) {
    (void)state;
    enum { SEEDS = 12 };
    double squares = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Course course;
        begin(&course, "moons:n=60,noise=0.3,validation=0,test=0", "xavier_uniform", SAMPLING_ENDLESS, seed);
        while (training_advance(course.training) == TRAINING_REPORTED) {
        }
        const double gap = training_gradient_gap(course.training, 0);
        assert_true(gap < 3);
        squares += gap * gap / SEEDS;
        end(&course);
    }
    assert_true(squares > 0.3 && squares < 2); /* 1 is what is expected of it */
}

static void minibatches_of_learned_examples_do_not(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        Course course;
        begin(&course, "moons:n=60,noise=0.3,validation=0,test=0", "xavier_uniform", SAMPLING_SHUFFLE, seed);
        while (training_advance(course.training) == TRAINING_REPORTED) {
        }
        assert_true(training_gradient_gap(course.training, 0) > 4);
        end(&course);
    }
}

/* Of all that an epoch takes once the mean is that of all; of what is left out or taken more often it is not.
 */
static void only_whole_epochs_are_without_bias(void **state) {
    (void)state;
    static const struct {
        SamplingKind kind;
        double min, max;
    } rows[] = {{SAMPLING_SHUFFLE, 0, 1e-5}, {SAMPLING_ONCE, 0, 1e-5}, {SAMPLING_NEVER, 0, 1e-5},
        {SAMPLING_REPLACEMENT, 1e-5, 0.1}, {SAMPLING_BALANCED, 0.3, 100}, {SAMPLING_HARDEST, 0.3, 100}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        Course course;
        begin(
            &course, "moons:n=205,noise=0.3,rare=0.1,validation=0,test=0", "xavier_uniform", rows[r].kind, 5);
        assert_int_equal(training_advance(course.training), TRAINING_REPORTED);
        const double bias = training_gradient_bias(course.training, 0);
        if (!(bias >= rows[r].min && bias <= rows[r].max))
            fail_msg("%s: %g", sampling_table[rows[r].kind].name, bias);
        end(&course);
    }
}

/* Asking changes nothing of what follows. */
static void the_training_does_not_know(void **state) {
    (void)state;
    static const SamplingKind kinds[] = {
        SAMPLING_SHUFFLE, SAMPLING_NEVER, SAMPLING_BALANCED, SAMPLING_HARDEST, SAMPLING_ENDLESS};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        Course asked, left_alone;
        begin(&asked, "moons:n=100", "xavier_uniform", kinds[k], 2);
        begin(&left_alone, "moons:n=100", "xavier_uniform", kinds[k], 2);
        Batch batch;
        training_batch(asked.training, &batch); /* even before it begins */
        assert_int_equal(batch.size, 10);
        for (;;) {
            const TrainingProgress progress = training_advance(asked.training);
            assert_int_equal(training_advance(left_alone.training), progress);
            if (progress != TRAINING_REPORTED) break;
            const TrainingReport *a = training_report(asked.training, 0),
                                 *b = training_report(left_alone.training, 0);
            assert_true(a->training.loss == b->training.loss && a->grad_norm == b->grad_norm);
            assert_true(training_gradient_gap(asked.training, 0) >= 0);
            training_class_error(asked.training, 0, 1);
            training_gradient_bias(asked.training, 0);
            training_curvature(asked.training, 0);
        }
        end(&asked);
        end(&left_alone);
    }
}

/* By the losses of three points on a line: no line curves more than the largest eigenvalue says, and none
 * less than the smallest. */
static void curvature_bounds_every_line(void **state) {
    (void)state;
    Course course;
    begin(&course, "moons:n=100,validation=0,test=0", "xavier_uniform", SAMPLING_SHUFFLE, 2);
    assert_int_equal(training_advance(course.training), TRAINING_REPORTED);
    const HessianExtremes extremes = training_curvature(course.training, 0);
    const Vec *weights = training_weights(course.training, 0);
    MlpSpec spec = *training_network(course.training);
    Status status = status_ok();
    spec.precision = PRECISION_F64;
    Mlp *mlp = mlp_create(&spec, &status);
    assert_non_null(mlp);
    const Batch all = dataset_batch(course.data.dataset, 0, course.data.dataset->n);
    mlp_set_batch(mlp, &all, 0);
    double numbers[100], smallest = INFINITY, largest = -INFINITY;
    assert_in_range(weights->n, 1, 100);
    const Vec x = vec_of_f64(numbers, weights->n);
    Objective *objective = mlp_objective(mlp);
    for (size_t i = 0; i < weights->n; i++) {
        const double h = 1e-4;
        double losses[3];
        for (int side = -1; side <= 1; side++) {
            vec_read(weights, numbers);
            numbers[i] += side * h;
            losses[side + 1] = objective->type->evaluate(objective, &x, NULL);
        }
        const double curvature = (losses[0] - 2 * losses[1] + losses[2]) / (h * h);
        smallest = fmin(smallest, curvature);
        largest = fmax(largest, curvature);
    }
    assert_true(extremes.largest > largest && extremes.smallest < smallest);
    assert_true(extremes.largest < 20 * largest);
    mlp_destroy(mlp);
    end(&course);
}

/* From both sides the same, none to itself, and no lower than what another network says of the middle. */
static void barriers_stand_between_two(void **state) {
    (void)state;
    Status status = status_ok();
    Data data;
    RacerSpec racers[2];
    for (int i = 0; i < 2; i++) {
        racers[i] = (RacerSpec){.optimizer = optimizer_find(i ? "adam" : "sgd")};
        snprintf(racers[i].label, sizeof racers[i].label, "%d", i);
        optimizer_defaults(racers[i].optimizer, racers[i].values);
        devices_defaults(racers[i].devices);
        racers[i].values[0] = i ? 0.03 : 0.5; /* the rate */
    }
    TrainingSpec spec = {
        .network = {.activation = activation_find("tanh"),
            .loss = loss_find("cross_entropy"),
            .precision = PRECISION_F32,
            .batch_max = 400},
        .sampling = {.kind = SAMPLING_SHUFFLE, .batch = 10, .seed = 1},
        .racers = racers,
        .n_racers = 2,
        .epochs = 60,
        .every = 100,
        .seed = 1,
        .data_text = "spirals",
    };
    assert_true(mlp_sizes_read(&spec.network, "2-8-8-1", &status) && init_read(&spec.init, "he", &status));
    spec.network.loss = loss_find("logistic");
    if (!data_open(&data, "spirals:n=200,validation=0,test=0", 1, &status)) fail_msg("%s", status.message);
    Training *training = training_create(&spec, &data, NULL, &status);
    Mlp *mlp = mlp_create(&spec.network, &status);
    if (!training || !mlp) fail_msg("%s", status.message);
    assert_int_equal(training_advance(training), TRAINING_REPORTED);
    assert_true(training_barrier(training, 0, 1) == 0); /* both are where they began */
    while (training_advance(training) == TRAINING_REPORTED) continue;
    const double barrier = training_barrier(training, 0, 1);
    assert_near(training_barrier(training, 1, 0), barrier, 1e-5 * barrier);
    assert_near(training_barrier(training, 1, 1), 0, 1e-6);
    assert_true(isnan(training_barrier(training, 0, 2)));
    const Batch all = dataset_batch(data.dataset, data.split.training.first, data.split.training.n);
    const Vec *from = training_weights(training, 0), *to = training_weights(training, 1);
    Vec middle = {.n = from->n, .precision = from->precision, .data = malloc(from->n * sizeof(float))};
    for (size_t i = 0; i < from->n; i++) middle.f32[i] = 0.5f * from->f32[i] + 0.5f * to->f32[i];
    const double ends = fmax(mlp_score(mlp, from, &all).loss, mlp_score(mlp, to, &all).loss);
    const double there = mlp_score(mlp, &middle, &all).loss - ends;
    assert_true(there > 0.02 && barrier >= there - 1e-6 && barrier < 10 * there);
    free(middle.data);
    mlp_destroy(mlp);
    training_destroy(training);
    data_finish(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(barriers_stand_between_two),
        cmocka_unit_test(errors_of_classes_make_up_the_error_of_all),
        cmocka_unit_test(minibatches_of_a_stream_agree_with_the_population),
        cmocka_unit_test(minibatches_of_learned_examples_do_not),
        cmocka_unit_test(only_whole_epochs_are_without_bias),
        cmocka_unit_test(curvature_bounds_every_line),
        cmocka_unit_test(the_training_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
