/* The training behind the window: when it must begin anew, and what of it is read. Drawing is left to the
 * views, time to the arena. */
#include "network_stage.h"

#include "network_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether two racers run the same; how they are called and look is no part of it. */
static bool is_same_racer(const RacerSpec *a, const RacerSpec *b) {
    return a->optimizer == b->optimizer && memcmp(a->values, b->values, sizeof a->values) == 0 &&
           memcmp(a->devices, b->devices, sizeof a->devices) == 0 &&
           memcmp(&a->schedule, &b->schedule, sizeof a->schedule) == 0 && a->n_changes == b->n_changes &&
           memcmp(a->changes, b->changes, sizeof a->changes) == 0;
}

static bool is_same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_data(const Scene *a, const Scene *b) {
    return a->seed == b->seed && is_same_text(a->network.data, b->network.data) &&
           is_same_text(a->network.folder, b->network.folder) &&
           hand_points_is_same(&a->network.points, &b->network.points);
}

static bool is_same_network(const MlpSpec *a, const MlpSpec *b) {
    return a->n_layers == b->n_layers &&
           memcmp(a->sizes, b->sizes, (size_t)(a->n_layers + 1) * sizeof *a->sizes) == 0 &&
           a->activation == b->activation && a->loss == b->loss && a->l2 == b->l2 && a->l1 == b->l1 &&
           a->dropout == b->dropout && a->label_noise == b->label_noise && a->precision == b->precision;
}

static bool is_same_race(const Scene *a, const Scene *b) {
    const NetworkScene *x = &a->network, *y = &b->network;
    bool same = is_same_data(a, b) && is_same_network(&x->mlp, &y->mlp) && x->init.row == y->init.row &&
                x->init.value == y->init.value && x->init.bias == y->init.bias &&
                x->sampling.kind == y->sampling.kind && x->sampling.batch == y->sampling.batch &&
                x->epochs == y->epochs && x->steps == y->steps && x->every == y->every &&
                x->stop == y->stop && x->patience == y->patience && a->n_racers == b->n_racers;
    for (int i = 0; same && i < a->n_racers; i++) same = is_same_racer(&a->racers[i], &b->racers[i]);
    return same;
}

static void show_scene(NetworkStage *stage) {
    const NetworkScene *network = &stage->scene.network;
    char sizes[80];
    int name = (int)strcspn(network->data, ":");
    stage->networks.specs = stage->scene.racers;
    stage->networks.n = stage->scene.n_racers;
    stage->networks.parameters = live_training_parameters(stage->live);
    stage->networks.examples = stage->data->is_blank ? 0 : stage->data->split.training.n;
    network_scene_sizes(network, sizes, sizeof sizes);
    char seeds[32] = "";
    if (network->seeds > 1) snprintf(seeds, sizeof seeds, "%d seeds, each with ", network->seeds);
    snprintf(stage->title, sizeof stage->title, "%.*s · %s %s · %ssame weights, same minibatches", name,
        network->data, sizes, network->mlp.activation->name, seeds);
}

static void destroy_data(Data *data) {
    if (data) data_finish(data);
    free(data);
}

/* A training on data that are opened with it; *data becomes them. */
static Training *open_training(const NetworkStage *stage, const Scene *scene, Data **data, Status *status) {
    *data = calloc(1, sizeof **data);
    if (!*data) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    Training *training = network_scene_open(
        &scene->network, scene->racers, scene->n_racers, scene->seed, stage->pool, *data, status);
    if (training) return training;
    free(*data);
    return NULL;
}

/* What the curves are of; with the runs of further seeds, where they are wanted. */
static bool show_curves(NetworkStage *stage, const Scene *scene, Status *status) {
    const NetworkScene *network = &scene->network;
    if (network->seeds > 1 && !stage->runs) {
        const TrainingSpec spec =
            network_scene_training(network, scene->racers, scene->n_racers, scene->seed, stage->data);
        stage->runs = seed_runs_create(&spec, stage->data, stage->pool != NULL, status);
        if (!stage->runs) return false;
    }
    const CurvesSource source = {stage->live, stage->runs, network->seeds, network->stop, network->patience};
    curves_view_begin(&stage->curves, &source);
    return true;
}

/* Another race, maybe on the same data. */
static bool begin(NetworkStage *stage, const Scene *scene, Status *status) {
    Data *data = stage->data;
    bool has_data = data && is_same_data(&stage->scene, scene);
    Training *training = has_data ? network_scene_train(&scene->network, scene->racers, scene->n_racers,
                                        scene->seed, stage->pool, data, status)
                                  : open_training(stage, scene, &data, status);
    if (!training) return false;
    LiveTraining *live = live_training_create(training, stage->pool != NULL, status);
    if (!live) {
        if (!has_data) destroy_data(data);
        return false;
    }
    seed_runs_destroy(stage->runs);
    stage->runs = NULL;
    network_views_release(stage);
    live_training_destroy(stage->live);
    stage->live = live;
    if (has_data) return true;
    destroy_data(stage->data);
    stage->data = data;
    return true;
}

static bool show(NetworkStage *stage, const Scene *scene, Status *status) {
    network_stage_measure(stage);
    memset(stage->networks.reports, 0, sizeof stage->networks.reports);
    return show_curves(stage, scene, status) && network_views_begin(stage, status);
}

static NetworkStage *create(int threads, Status *status) {
    NetworkStage *stage = calloc(1, sizeof *stage);
    if (!stage) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    /* The thread that trains takes part in its pool's loops. */
    stage->pool = threads > 0 ? pool_create(threads) : NULL;
    curves_view_init(&stage->curves);
    return stage;
}

bool network_stage_follow(NetworkStage **at, const Scene *scene, int threads, Status *status) {
    NetworkStage *stage = *at ? *at : create(threads, status);
    if (!stage) return false;
    bool same = *at && is_same_race(&stage->scene, scene);
    const bool other_seeds = same && stage->scene.network.seeds != scene->network.seeds;
    if (!same && (!begin(stage, scene, status) || !show(stage, scene, status))) {
        if (!*at) network_stage_destroy(stage);
        return false;
    }
    if (other_seeds && !show_curves(stage, scene, status)) return false;
    Scene before = stage->scene;
    stage->scene = scene_copy(scene);
    if (*at) scene_finish(&before);
    show_scene(stage);
    *at = stage;
    return true;
}

void network_stage_destroy(NetworkStage *stage) {
    if (!stage) return;
    network_views_finish(stage); /* first: they may work on the training's states */
    seed_runs_destroy(stage->runs);
    network_views_release(stage);
    network_views_finish(stage);
    live_training_destroy(stage->live);
    destroy_data(stage->data);
    pool_destroy(stage->pool);
    if (stage->scene.surface) scene_finish(&stage->scene);
    free(stage);
}

void network_stage_train_seeds(NetworkStage *stage, int64_t step, bool still, double budget_s) {
    const int further = stage->scene.network.seeds - 1;
    if (!stage->runs) return;
    if (still) {
        seed_runs_reach(stage->runs, further, step);
    } else {
        seed_runs_aim(stage->runs, further, live_training_steps(stage->live));
        seed_runs_work(stage->runs, budget_s);
    }
}

void network_stage_report(NetworkStage *stage, int64_t step) {
    int64_t low = 0, high = live_training_report_count(stage->live);
    while (low < high) { /* the first that is later */
        int64_t middle = low + (high - low) / 2;
        int64_t latest = 0;
        for (int i = 0; i < stage->networks.n; i++) {
            int64_t of_racer = live_training_report(stage->live, middle, i)->report.step;
            if (of_racer > latest) latest = of_racer;
        }
        if (latest <= step)
            low = middle + 1;
        else
            high = middle;
    }
    for (int i = 0; i < stage->networks.n; i++)
        stage->networks.reports[i] =
            low > 0 && !stage->data->is_blank ? live_training_report(stage->live, low - 1, i) : NULL;
}

void network_stage_measure(NetworkStage *stage) {
    stage->steps = live_training_is_over(stage->live) ? live_training_done(stage->live)
                                                      : live_training_steps(stage->live);
}
