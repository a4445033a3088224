/* A training from words as a command line has them, and its reports as text. */
#ifndef SLALOM_TEST_TRAINING_RUN_H
#define SLALOM_TEST_TRAINING_RUN_H

#include "test.h"

#include "bytes.h"
#include "network_scene.h"
#include "racer_text.h"
#include "scene_keys.h"
#include "training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RACERS_MAX = 12 };

/* A training from words as a command line has them. */
typedef struct Run {
    RacerSpec racers[RACERS_MAX];
    int n_racers;
    NetworkScene scene;
    uint64_t seed;
    Pool *pool;
    Data data;
    Training *training;
} Run;

static inline void say(Run *run, const char *name, const char *text) {
    Status status = status_ok();
    bool good = false;
    if (strcmp(name, "batch") == 0) good = network_scene_set_batch(&run->scene, text, &status);
    Scene scene = {.network = run->scene};
    SceneDraft draft = {.scene = &scene};
    for (int i = 0; i < network_key_count; i++)
        if (strcmp(network_keys[i].name, name) == 0) good = network_keys[i].read(&draft, text, &status);
    run->scene = scene.network;
    if (!good) fail_msg("%s %s: %s", name, text, status.message);
}

/* words: pairs of a name and what is said of it, then NULL; "racer" adds one. */
static inline Run prepare(const char *const *words) {
    Run run = {.scene = network_scene_default(), .seed = 1};
    for (; *words; words += 2) {
        if (strcmp(words[0], "racer") != 0) {
            say(&run, words[0], words[1]);
            continue;
        }
        Status status = status_ok();
        OwnOptimizer *own;
        if (!racer_read(words[1], &run.racers[run.n_racers++], &own, &status))
            fail_msg("%s: %s", words[1], status.message);
    }
    return run;
}

static inline bool try_open(Run *run, Status *status) {
    *status = status_ok();
    run->training =
        network_scene_open(&run->scene, run->racers, run->n_racers, run->seed, run->pool, &run->data, status);
    return run->training != NULL;
}

static inline void open_run(Run *run) {
    Status status;
    if (!try_open(run, &status)) fail_msg("%s", status.message);
}

static inline void close_run(Run *run) {
    training_destroy(run->training);
    data_finish(&run->data);
    pool_destroy(run->pool);
    run->training = NULL;
    run->pool = NULL;
}

static inline void finish_run(Run *run) {
    close_run(run);
    network_scene_finish(&run->scene);
}

/* Reports as text, every bit of every number. */
static inline void append_reports(Text *out, const Training *training) {
    for (int i = 0; i < training_racer_count(training); i++) {
        if (!training_is_news(training, i)) continue;
        const TrainingReport *r = training_report(training, i);
        text_append(out, "%d %.17g %lld %llu %a %a %a %a %a %a %s", i, r->epoch, (long long)r->step,
            (unsigned long long)r->examples, r->training.loss, r->training.error, r->validation.loss,
            r->validation.error, r->grad_norm, r->lr, training_status_name(r->status));
        for (int l = 0; l < training_layer_count(training); l++) {
            TrainingLayer layer = training_layer(training, i, l);
            text_append(out, " %a %a %a", layer.weight_norm, layer.grad_norm, layer.activation_rms);
        }
        text_append(out, "\n");
    }
}

static inline void append_run(Text *out, Training *training, int reports) {
    for (int i = 0; i < reports && training_advance(training) == TRAINING_REPORTED; i++)
        append_reports(out, training);
}

#endif
