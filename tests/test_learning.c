/* Networks in training: what a report says, that it depends on nothing but the words, that it can be
 * interrupted, and that networks learn what they should. */
#include "test.h"

#include "allocations.h"
#include "training_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line through points, by full batches of gradient descent, beside the same in plain arithmetic. */
static void test_reports_say_what_happened(void **state) {
    (void)state;
    static const char *const words[] = {"network", "1-1", "data", "polynomial:n=40,validation=0.25,test=0",
        "batch", "full", "epochs", "6", "loss", "squared", "precision", "float64", "racer",
        "sgd:lr=0.3,schedule=0.3/t", NULL};
    Run run = prepare(words);
    open_run(&run);
    const Dataset *dataset = run.data.dataset;
    size_t n = run.data.split.training.n;
    assert_int_equal(n, 30);
    double w = NAN, b = 0;
    for (int epoch = 0; epoch <= 6; epoch++) {
        assert_int_equal(training_advance(run.training), TRAINING_REPORTED);
        const TrainingReport *report = training_report(run.training, 0);
        if (epoch == 0) w = training_layer(run.training, 0, 0).weight_norm; /* up to its sign */
        double losses[2] = {0, 0}, slopes[2] = {0, 0};
        for (int sign = 0; sign < 2 && epoch == 0; sign++) {
            for (size_t i = 0; i < n; i++) {
                double y = (sign ? -w : w) * (double)dataset->inputs[i], d = y - (double)dataset->targets[i];
                losses[sign] += 0.5 * d * d / (double)n;
            }
        }
        if (epoch == 0 && fabs(losses[1] - report->training.loss) < fabs(losses[0] - report->training.loss))
            w = -w;
        double loss = 0, validation = 0;
        for (size_t i = 0; i < 40; i++) {
            double x = (double)dataset->inputs[i], d = w * x + b - (double)dataset->targets[i];
            if (i >= n) validation += 0.5 * d * d / 10;
            if (i >= n) continue;
            loss += 0.5 * d * d / (double)n;
            slopes[0] += d * x / (double)n;
            slopes[1] += d / (double)n;
        }
        assert_near(report->training.loss, loss, 1e-12);
        assert_near(report->validation.loss, validation, 1e-12);
        assert_true(isnan(report->training.error));
        assert_near(report->grad_norm, hypot(slopes[0], slopes[1]), 1e-12);
        assert_near(training_layer(run.training, 0, 0).grad_norm, fabs(slopes[0]), 1e-12);
        assert_near(training_layer(run.training, 0, 0).weight_norm, fabs(w), 1e-12);
        assert_int_equal(report->step, epoch);
        assert_int_equal(report->examples, epoch * 30);
        assert_near(report->lr, 0.3 / (epoch > 0 ? epoch : 1), 1e-15);
        w -= 0.3 / (epoch + 1) * slopes[0];
        b -= 0.3 / (epoch + 1) * slopes[1];
    }
    assert_int_equal(training_advance(run.training), TRAINING_ENDED);
    finish_run(&run);
}

static const char *const field[] = {"network", "2-7-5-2", "activation", "tanh", "data", "moons:n=90", "batch",
    "16", "epochs", "5", "every", "3", "dropout", "0.2", "label-noise", "0.05", "l2", "1e-3", "racer",
    "adam:lr=0.01", "racer", "sgd:lr=0.1,polyak=1", "racer", "lbfgs", "racer", "bfgs", "racer",
    "conjugate_gradient", "racer", "prodigy", "racer", "sophia", "racer", "sgld:lr=1e-4", "racer",
    "momentum:lr=0.05,noise=0.1,own_noise=1,ema=0.9", "racer", "sgd:lr=1e30,label=wild", NULL};

static Text whole_field(const char *sampling, int workers) {
    Text all = {0};
    Run run = prepare(field);
    say(&run, "sampling", sampling);
    run.pool = workers >= 0 ? pool_create(workers) : NULL;
    open_run(&run);
    append_run(&all, run.training, 1000);
    finish_run(&run);
    return all;
}

static void test_threads_make_no_difference(void **state) {
    (void)state;
    for (int k = 0; k < SAMPLING_COUNT; k++) {
        Text none = whole_field(sampling_table[k].name, -1);
        assert_non_null(strstr(text_string(&none), "diverged"));
        for (int workers = 0; workers <= 3; workers += 3) {
            Text some = whole_field(sampling_table[k].name, workers);
            assert_string_equal(text_string(&none), text_string(&some));
            text_finish(&some);
        }
        text_finish(&none);
    }
}

/* Who diverges says so once; the others are as they would be without. */
static void test_divergence_is_reported_and_others_go_on(void **state) {
    (void)state;
    static const char *const both[] = {"network", "2-8-2", "data", "moons", "epochs", "4", "racer",
        "sgd:lr=1e30", "racer", "adam:lr=0.01", NULL};
    static const char *const one[] = {
        "network", "2-8-2", "data", "moons", "epochs", "4", "racer", "adam:lr=0.01", NULL};
    Run a = prepare(both), b = prepare(one);
    open_run(&a);
    open_run(&b);
    int told = 0;
    while (training_advance(a.training) == TRAINING_REPORTED) {
        assert_int_equal(training_advance(b.training), TRAINING_REPORTED);
        told +=
            training_is_news(a.training, 0) && training_report(a.training, 0)->status == TRAINING_DIVERGED;
        const TrainingReport *x = training_report(a.training, 1), *y = training_report(b.training, 0);
        assert_true(x->training.loss == y->training.loss && x->grad_norm == y->grad_norm);
    }
    assert_int_equal(told, 1);
    assert_string_equal(training_report(a.training, 0)->reason, "the loss is not finite");
    assert_true(isnan(training_test(a.training, 0).loss));
    assert_int_equal(training_report(a.training, 1)->status, TRAINING_RUNNING);
    finish_run(&a);
    finish_run(&b);
}

static void test_stops_early_with_the_best_weights(void **state) {
    (void)state;
    /* A rate at which each step makes everything worse: the start is the best. */
    static const char *const words[] = {"network", "1-1", "data", "sine:n=60", "batch", "full", "epochs",
        "50", "precision", "float64", "stop", "loss:3", "racer", "sgd:lr=8", NULL};
    Run run = prepare(words);
    open_run(&run);
    assert_int_equal(training_advance(run.training), TRAINING_REPORTED);
    MlpScore first = training_test(run.training, 0);
    double least = training_report(run.training, 0)->validation.loss;
    int reports = 1;
    while (training_advance(run.training) == TRAINING_REPORTED) {
        reports++;
        assert_true(training_report(run.training, 0)->validation.loss > least);
    }
    assert_int_equal(reports, 4);
    assert_int_equal(training_report(run.training, 0)->status, TRAINING_STOPPED);
    assert_int_equal(training_best(run.training, 0)->step, 0);
    assert_true(training_test(run.training, 0).loss == first.loss);
    finish_run(&run);
}

/* Files. */

static void make_path(char path[64], const char *name) {
    snprintf(path, 64, "test_learning_%s_%ld", name, (long)getpid());
}

static void test_resumes_bit_for_bit(void **state) {
    (void)state;
    char path[64];
    make_path(path, "resume");
    for (int k = 0; k < SAMPLING_COUNT; k++) {
        Text whole = whole_field(sampling_table[k].name, 1), parts = {0};
        Status status = status_ok();
        for (int part = 0; part < 3; part++) {
            Run run = prepare(field);
            say(&run, "sampling", sampling_table[k].name);
            open_run(&run);
            if (part > 0 && !training_resume(run.training, path, &status)) fail_msg("%s", status.message);
            append_run(&parts, run.training, part < 2 ? 3 : 1000);
            if (!training_save(run.training, path, &status)) fail_msg("%s", status.message);
            finish_run(&run);
        }
        assert_string_equal(text_string(&parts), text_string(&whole));
        text_finish(&whole);
        text_finish(&parts);
    }
    unlink(path);
}

typedef struct Leaving {
    Training *training;
    int ticks;
} Leaving;

static void leave_now_and_then(void *context) {
    Leaving *leaving = context;
    if (++leaving->ticks % 2 == 0) training_leave_off(leaving->training);
}

/* Left off within an epoch, kept, and gone on with. */
static void test_interrupted_anywhere(void **state) {
    (void)state;
    static const char *const words[] = {"network", "2-6-2", "data", "moons:n=300", "batch", "2", "epochs",
        "3", "sampling", "hardest", "stop", "error:2", "racer", "adam:lr=0.001", "racer", "momentum:lr=1e-3",
        "racer", "lbfgs", NULL};
    char path[64];
    make_path(path, "interrupted");
    Run run = prepare(words);
    Text whole = {0}, parts = {0};
    open_run(&run);
    append_run(&whole, run.training, 1000);
    close_run(&run);
    int left_off = 0;
    Status status = status_ok();
    TrainingProgress progress;
    do {
        open_run(&run);
        if (left_off > 0 && !training_resume(run.training, path, &status)) fail_msg("%s", status.message);
        Leaving leaving = {.training = run.training};
        training_on_tick(run.training, leave_now_and_then, &leaving);
        while ((progress = training_advance(run.training)) == TRAINING_REPORTED)
            append_reports(&parts, run.training);
        if (progress == TRAINING_LEFT_OFF) left_off++;
        if (!training_save(run.training, path, &status)) fail_msg("%s", status.message);
        close_run(&run);
    } while (progress == TRAINING_LEFT_OFF);
    assert_true(left_off > 3);
    assert_string_equal(text_string(&parts), text_string(&whole));
    text_finish(&whole);
    text_finish(&parts);
    unlink(path);
    finish_run(&run);
}

static void refuse(const char *path, const char *const *words, const char *message) {
    Run run = prepare(words);
    Status status = status_ok();
    open_run(&run);
    assert_false(training_resume(run.training, path, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    if (!strstr(status.message, message)) fail_msg("'%s' does not say '%s'", status.message, message);
    finish_run(&run);
}

static void write_file(const char *path, const uint8_t *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void test_refuses_other_files(void **state) {
    (void)state;
    static const char *const mine[] = {"network", "2-3-2", "data", "moons", "racer", "adam:lr=0.01", NULL};
    static const char *const wide[] = {"network", "2-4-2", "data", "moons", "racer", "adam:lr=0.01", NULL};
    static const char *const rate[] = {"network", "2-3-2", "data", "moons", "racer", "adam:lr=0.02", NULL};
    static const char *const more[] = {
        "network", "2-3-2", "data", "moons", "racer", "adam:lr=0.01", "racer", "sgd", NULL};
    static const char *const other[] = {"network", "2-3-2", "data", "circles", "racer", "adam:lr=0.01", NULL};
    static const char *const shorter[] = {
        "network", "2-3-2", "data", "moons", "epochs", "1", "racer", "adam:lr=0.01", NULL};
    char path[64];
    make_path(path, "other");
    Run run = prepare(mine);
    Status status = status_ok();
    Text ignored = {0};
    open_run(&run);
    append_run(&ignored, run.training, 4);
    text_finish(&ignored);
    assert_true(training_save(run.training, path, &status));
    finish_run(&run);
    refuse(path, wide, "is of another training: its network is 2-3-2, not 2-4-2");
    refuse(path, rate, "is of another training: its racer is adam adam");
    refuse(path, more, "is of another training: its number of racers is 1, not 2");
    refuse(path, other, "is of another training: its data is moons, not circles");
    refuse(path, shorter, "is it already longer than the 10 steps of this one?");
    Bytes bytes;
    assert_true(bytes_load(&bytes, path, &status));
    for (size_t size = 0; size < bytes.size; size += size < 100 ? 7 : 501) {
        write_file(path, bytes.data, size);
        refuse(path, mine,
            size < 16   ? "is not a training"
            : size < 36 ? "ends early"
                        : "is damaged or not whole");
    }
    for (size_t at = 40; at < bytes.size; at += 97) {
        bytes.data[at] ^= 4;
        write_file(path, bytes.data, bytes.size);
        refuse(path, mine, "is damaged or not whole");
        bytes.data[at] ^= 4;
    }
    bytes.data[16] = 9;
    write_file(path, bytes.data, bytes.size);
    refuse(path, mine, "is of version 9; this is slalom's version 1");
    bytes_finish(&bytes);
    unlink(path);
    refuse("no/such/file", mine, "no/such/file: cannot be read");
}

static void test_refuses_what_does_not_fit(void **state) {
    (void)state;
    static const struct {
        const char *words[12], *message;
    } rows[] = {
        {{"network", "3-2", "data", "moons"}, "moons has 2 inputs, the network 3"},
        {{"network", "2-3", "data", "moons"}, "moons has 2 classes, the network 3 outputs"},
        {{"network", "2-2", "data", "moons", "loss", "squared"}, "the loss squared is for numbers"},
        {{"network", "1-1", "data", "sine", "loss", "cross_entropy"}, "cross_entropy"},
        {{"network", "2-2", "data", "moons:validation=0", "stop", "loss"}, "stopping early needs validation"},
        {{"network", "1-1", "data", "sine", "stop", "error"}, "there is no error of classes to stop by"},
        {{"network", "2-2", "data", "moons", "batch", "1000"}, "a batch of 1000 is larger than"},
        {{"network", "2-2", "data", "moons", "dropout", "1"}, "dropout is 1"},
        {{"network", "2-2", "data", "moons", "epochs", "1e12"}, "steps are more than"},
        {{"network", "2-2"}, "--network needs data"},
        {{"data", "moons"}, "--data needs a network"},
        {{"network", "2-2", "data", "iris", "sampling", "endless"}, ""},
        {{"network", "4-3", "data", "iris", "sampling", "endless"},
            "endless sampling needs data that are made"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Run run = prepare(rows[i].words);
        Status status = status_ok();
        OwnOptimizer *own;
        assert_true(racer_read("adam", &run.racers[run.n_racers++], &own, &status));
        assert_false(try_open(&run, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        if (!strstr(status.message, rows[i].message))
            fail_msg("'%s' does not say '%s'", status.message, rows[i].message);
        assert_null(run.data.dataset);
        finish_run(&run);
    }
}

#ifdef COUNT_ALLOCATIONS
static void test_steps_allocate_nothing(void **state) {
    (void)state;
    Run run = prepare(field);
    say(&run, "sampling", "hardest");
    open_run(&run);
    training_advance(run.training);
    const int before = allocations;
    while (training_advance(run.training) == TRAINING_REPORTED) {
    }
    assert_int_equal(allocations, before);
    finish_run(&run);
}
#endif

/* Learning. */

/* Out of ten seeds, how many learn every training example within 500 epochs. */
static int learned(const char *data, const char *sizes, const char *racer, const char *activation) {
    const char *const words[] = {"network", sizes, "data", data, "epochs", "500", "every", "100",
        "activation", activation, "batch", "32", "racer", racer, NULL};
    int n = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        Run run = prepare(words);
        run.seed = seed;
        open_run(&run);
        bool zero = false;
        while (!zero && training_advance(run.training) == TRAINING_REPORTED)
            zero = training_report(run.training, 0)->training.error == 0;
        n += zero;
        finish_run(&run);
    }
    return n;
}

static void test_small_problems_are_learned(void **state) {
    (void)state;
    assert_in_range(learned("moons", "2-16-16-2", "adam:lr=0.01", "tanh"), 9, 10);
    assert_in_range(learned("xor", "2-8-2", "adam:lr=0.01", "tanh"), 9, 10);
    assert_in_range(learned("spirals", "2-32-32-2", "adam:lr=0.01", "tanh"), 9, 10);
}

static void test_digits_are_learned(void **state) {
    (void)state;
    static const char *const words[] = {"network", "64-64-10", "data", "digits:validation=0,test=0.2",
        "epochs", "30", "batch", "32", "racer", "adam:lr=0.002", NULL};
    Run run = prepare(words);
    open_run(&run);
    while (training_advance(run.training) == TRAINING_REPORTED) {
    }
    assert_true(training_test(run.training, 0).error < 0.03);
    finish_run(&run);
}

/* What is shown to who says no more than a network and data: racers and a length with which all of them learn
 * two spirals, in less than half of it. */
static void test_a_first_race_learns(void **state) {
    (void)state;
    Status status = status_ok();
    Scene scene = scene_default();
    SceneDraft draft = scene_draft(&scene, NULL);
    if (!scene_draft_read(&draft, scene_key_find("network"), "2-16-16-1", &status) ||
        !scene_draft_read(&draft, scene_key_find("data"), "spirals", &status) ||
        !scene_draft_settle(&draft, &status))
        fail_msg("%s", status.message);
    assert_true(scene.n_racers >= 4);
    Data data;
    Training *training =
        network_scene_open(&scene.network, scene.racers, scene.n_racers, scene.seed, NULL, &data, &status);
    if (!training) fail_msg("%s", status.message);
    while (training_advance_within(training, training_steps(training) / 2) == TRAINING_REPORTED) continue;
    for (int i = 0; i < scene.n_racers; i++) assert_true(training_best(training, i)->validation.error < 0.05);
    training_destroy(training);
    data_finish(&data);
    /* Data that are not made have enough of fewer. */
    const double epochs = network_scene_usual_epochs(&scene.network);
    free(scene.network.data);
    scene.network.data = strdup("digits");
    assert_true(network_scene_usual_epochs(&scene.network) < epochs);
    scene_finish(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reports_say_what_happened),
        cmocka_unit_test(test_threads_make_no_difference),
        cmocka_unit_test(test_divergence_is_reported_and_others_go_on),
        cmocka_unit_test(test_stops_early_with_the_best_weights),
        cmocka_unit_test(test_resumes_bit_for_bit),
        cmocka_unit_test(test_interrupted_anywhere),
        cmocka_unit_test(test_refuses_other_files),
        cmocka_unit_test(test_refuses_what_does_not_fit),
#ifdef COUNT_ALLOCATIONS
        cmocka_unit_test(test_steps_allocate_nothing),
#endif
        cmocka_unit_test(test_small_problems_are_learned),
        cmocka_unit_test(test_digits_are_learned),
        cmocka_unit_test(test_a_first_race_learns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
