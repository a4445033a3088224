/* A network to train: defaults, opening. Reading what is said of one is left to network_keys, training it to
 * the race. */
#include "network_scene.h"

#include "names.h"
#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64, BATCH_USUAL = 32, BATCH_MAX = 1000000000 };
/* Data that are made there and then, also by hand, are few, and learned in a blink. */
static const double epochs_usual = 10, epochs_usual_of_made = 300;

NetworkScene network_scene_default(void) {
    NetworkScene scene = {
        .mlp = {.activation = activation_find("relu"), .precision = PRECISION_F32},
        .init = {.row = init_find("he"), .value = 1},
        .sampling = {.kind = SAMPLING_SHUFFLE, .batch = BATCH_USUAL},
        .epochs = epochs_usual,
        .patience = NETWORK_PATIENCE_USUAL,
        .seeds = 1,
    };
    assert(scene.mlp.activation && scene.init.row);
    return scene;
}

void network_scene_finish(NetworkScene *scene) {
    free(scene->data);
    free(scene->folder);
    hand_points_finish(&scene->points);
    *scene = (NetworkScene){0};
}

NetworkScene network_scene_copy(const NetworkScene *scene) {
    NetworkScene copy = *scene;
    copy.data = scene->data ? strdup(scene->data) : NULL;
    copy.folder = scene->folder ? strdup(scene->folder) : NULL;
    hand_points_copy(&copy.points, &scene->points);
    return copy;
}

double network_scene_usual_epochs(const NetworkScene *scene) {
    char name[NAME_BYTES];
    if (!scene->data) return epochs_usual;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(scene->data, ":"), scene->data);
    const bool made = generator_find(name) || data_is_canvas(scene->data);
    return made ? epochs_usual_of_made : epochs_usual;
}

bool network_scene_is_on(const NetworkScene *scene) {
    return scene->mlp.n_layers > 0 || scene->data;
}

bool network_scene_set_batch(NetworkScene *scene, const char *text, Status *status) {
    long long batch = 0;
    if (strcmp(text, "full") != 0 && !text_parse_integer(text, 1, BATCH_MAX, &batch))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a number of examples, a whole number from 1, or 'full'", text);
    scene->sampling.batch = (size_t)batch;
    return true;
}

bool network_scene_write_batch(const NetworkScene *scene, Text *out) {
    if (scene->sampling.batch == BATCH_USUAL) return false;
    if (scene->sampling.batch == 0)
        text_append(out, "full");
    else
        text_append(out, "%zu", scene->sampling.batch);
    return true;
}

void network_scene_turn_off(NetworkScene *scene) {
    free(scene->data);
    scene->data = NULL;
    hand_points_finish(&scene->points);
    scene->mlp.n_layers = 0;
}

static bool check(const NetworkScene *scene, Status *status) {
    if (scene->mlp.n_layers == 0)
        return status_fail(status, STATUS_BAD_INPUT, "--data needs a network to learn them: --network SIZES");
    if (!scene->data)
        return status_fail(status, STATUS_BAD_INPUT, "--network needs data to learn: --data NAME|FILE");
    if (scene->sampling.kind == SAMPLING_ENDLESS && scene->points.n > 0)
        return status_fail(
            status, STATUS_BAD_INPUT, "points by hand are no part of an endless stream of examples");
    return true;
}

const Loss *network_scene_usual_loss(const MlpSpec *spec, int n_classes) {
    const bool one = spec->sizes[spec->n_layers] == 1 && n_classes == 2;
    return loss_find(n_classes == 0 ? "squared" : one ? "logistic" : "cross_entropy");
}

TrainingSpec network_scene_training(
    const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed, const Data *data) {
    TrainingSpec spec = {
        .network = scene->mlp,
        .init = scene->init,
        .sampling = scene->sampling,
        .racers = racers,
        .n_racers = n_racers,
        .epochs = scene->epochs,
        .steps = scene->steps,
        .every = scene->every,
        .stop = scene->stop,
        .patience = scene->patience,
        .seed = seed,
        .data_text = scene->data,
    };
    spec.sampling.seed = seed;
    /* Nobody has to put down a minibatch of points before anything is learned of them. */
    if (data->is_canvas && spec.sampling.batch > data->split.training.n) spec.sampling.batch = 0;
    if (data->is_blank) spec.steps = 0, spec.epochs = 0;
    if (!spec.network.loss)
        spec.network.loss =
            network_scene_usual_loss(&scene->mlp, data->dataset->labels ? data->dataset->n_out : 0);
    return spec;
}

Training *network_scene_train(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, const Data *data, Status *status) {
    if (!check(scene, status)) return NULL;
    const TrainingSpec spec = network_scene_training(scene, racers, n_racers, seed, data);
    return training_create(&spec, data, pool, status);
}

Training *network_scene_open(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, Data *data, Status *status) {
    *data = (Data){0};
    if (!check(scene, status)) return NULL;
    if (!data_open_in(data, scene->folder, scene->data, &scene->points, seed, status)) {
        status_prefix(status, "--data");
        return NULL;
    }
    Training *training = network_scene_train(scene, racers, n_racers, seed, pool, data, status);
    if (!training) data_finish(data);
    return training;
}

void network_scene_sizes(const NetworkScene *scene, char *out, size_t out_size) {
    size_t used = 0;
    for (int i = 0; i <= scene->mlp.n_layers && used < out_size; i++)
        used += (size_t)snprintf(out + used, out_size - used, "%s%d", i ? "-" : "", scene->mlp.sizes[i]);
}
