/* Reading what is said of a network. Training it is left to the race. */
#include "network_scene.h"

#include "names.h"
#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_USUAL = 32, PATIENCE_USUAL = 5, COUNT_MAX = 1000000000 };
static const double epochs_usual = 10;

NetworkScene network_scene_default(void) {
    NetworkScene scene = {
        .mlp = {.activation = activation_find("relu"), .precision = PRECISION_F32},
        .init = {.row = init_find("he")},
        .sampling = {.kind = SAMPLING_SHUFFLE, .batch = BATCH_USUAL},
        .epochs = epochs_usual,
        .patience = PATIENCE_USUAL,
    };
    assert(scene.mlp.activation && scene.init.row);
    return scene;
}

void network_scene_finish(NetworkScene *scene) {
    free(scene->data);
    *scene = (NetworkScene){0};
}

NetworkScene network_scene_copy(const NetworkScene *scene) {
    NetworkScene copy = *scene;
    copy.data = scene->data ? strdup(scene->data) : NULL;
    return copy;
}

bool network_scene_is_on(const NetworkScene *scene) {
    return scene->mlp.n_layers > 0 || scene->data;
}

static bool read_network(NetworkScene *scene, const char *text, Status *status) {
    return mlp_sizes_read(&scene->mlp, text, status);
}

static bool read_data(NetworkScene *scene, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    free(scene->data);
    scene->data = copy;
    return true;
}

static bool read_activation(NetworkScene *scene, const char *text, Status *status) {
    const Activation *row = activation_find(text);
    if (!row)
        return names_fail(status, "there is no activation", text, "There are",
            NAMES_OF(activation_table, activation_count), NULL);
    scene->mlp.activation = row;
    return true;
}

static bool read_init(NetworkScene *scene, const char *text, Status *status) {
    return init_read(&scene->init, text, status);
}

static bool read_loss(NetworkScene *scene, const char *text, Status *status) {
    const Loss *row = loss_find(text);
    if (!row)
        return names_fail(
            status, "there is no loss", text, "There are", NAMES_OF(loss_table, loss_count), NULL);
    scene->mlp.loss = row;
    return true;
}

static bool read_sampling(NetworkScene *scene, const char *text, Status *status) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        scene->sampling.kind = (SamplingKind)i;
        if (strcmp(sampling_table[i].name, text) == 0) return true;
    }
    return names_fail(
        status, "there is no sampling", text, "There are", NAMES_OF(sampling_table, SAMPLING_COUNT), NULL);
}

bool network_scene_set_batch(NetworkScene *scene, const char *text, Status *status) {
    long long batch = 0;
    if (strcmp(text, "full") != 0 && !text_parse_integer(text, 1, COUNT_MAX, &batch))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a number of examples, a whole number from 1, or 'full'", text);
    scene->sampling.batch = (size_t)batch;
    return true;
}

static bool read_positive(const char *text, const char *what, double *value, Status *status) {
    double number;
    if (!text_parse_number(text, &number) || !(number >= 0))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not %s, a number from 0", text, what);
    *value = number;
    return true;
}

static bool read_epochs(NetworkScene *scene, const char *text, Status *status) {
    return read_positive(text, "a number of epochs", &scene->epochs, status);
}

static bool read_every(NetworkScene *scene, const char *text, Status *status) {
    long long every;
    if (!text_parse_integer(text, 1, COUNT_MAX, &every))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a number of steps, a whole number from 1", text);
    scene->every = every;
    return true;
}

static bool read_l2(NetworkScene *scene, const char *text, Status *status) {
    return read_positive(text, "a penalty", &scene->mlp.l2, status);
}

static bool read_l1(NetworkScene *scene, const char *text, Status *status) {
    return read_positive(text, "a penalty", &scene->mlp.l1, status);
}

static bool read_dropout(NetworkScene *scene, const char *text, Status *status) {
    return read_positive(text, "a probability", &scene->mlp.dropout, status);
}

static bool read_label_noise(NetworkScene *scene, const char *text, Status *status) {
    return read_positive(text, "an amount of noise", &scene->mlp.label_noise, status);
}

static bool read_precision(NetworkScene *scene, const char *text, Status *status) {
    static const char *const names[] = {[PRECISION_F64] = "float64", [PRECISION_F32] = "float32"};
    for (int i = 0; i < 2; i++) {
        scene->mlp.precision = (Precision)i;
        if (strcmp(names[i], text) == 0) return true;
    }
    return names_fail(status, "there is no precision", text, "There are", NAMES_OF(names, 2), NULL);
}

static bool read_stop(NetworkScene *scene, const char *text, Status *status) {
    static const char *const names[] = {"never", "loss", "error"};
    char name[16];
    size_t length = strcspn(text, ":");
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    long long patience = PATIENCE_USUAL;
    if (text[length] && !text_parse_integer(text + length + 1, 1, COUNT_MAX, &patience))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a patience, a whole number of reports from 1", text + length + 1);
    scene->patience = (int)patience;
    for (int i = 0; i < 3; i++) {
        scene->stop = (StopKind)i;
        if (strcmp(names[i], name) == 0) return true;
    }
    return names_fail(
        status, "stopping is by loss or error, not by", name, "There are", NAMES_OF(names, 3), NULL);
}

const NetworkKey network_keys[] = {
    {"network", "SIZES", read_network, "train a network: inputs, hidden units, outputs, such as 2-16-16-2"},
    {"data", "NAME|FILE[:key=value,...]", read_data, "what it learns: slalom list data; CSV and IDX files"},
    {"activation", "NAME", read_activation, "of the hidden units (relu): slalom list activations"},
    {"init", "NAME[:key=value]", read_init, "how weights begin (he): slalom list initialisations"},
    {"loss", "NAME", read_loss, "cross_entropy for classes, squared for numbers: slalom list losses"},
    {"sampling", "NAME", read_sampling, "the order of examples (shuffle): slalom list samplings"},
    {"epochs", "N", read_epochs, "how long a network trains, unless --steps is given (10)"},
    {"every", "STEPS", read_every, "from row to row of a network's CSV; otherwise an epoch"},
    {"l2", "WEIGHT", read_l2, "penalty l2/2 |w|^2 in a network's training loss"},
    {"l1", "WEIGHT", read_l1, "penalty l1 |w|_1"},
    {"dropout", "SHARE", read_dropout, "of the hidden units that a step leaves out"},
    {"label-noise", "SHARE", read_label_noise,
        "of the labels that a step sees wrong; of numbers a deviation"},
    {"precision", "float32|float64", read_precision, "of a network's numbers (float32)"},
    {"stop", "loss|error[:ROWS]", read_stop,
        "stop early where so many rows bring no better validation; keeps the best weights"},
};
const int network_key_count = sizeof network_keys / sizeof network_keys[0];

static bool check(const NetworkScene *scene, Status *status) {
    if (scene->mlp.n_layers == 0)
        return status_fail(status, STATUS_BAD_INPUT, "--data needs a network to learn them: --network SIZES");
    if (!scene->data)
        return status_fail(status, STATUS_BAD_INPUT, "--network needs data to learn: --data NAME|FILE");
    return true;
}

Training *network_scene_open(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, Data *data, Status *status) {
    *data = (Data){0};
    if (!check(scene, status)) return NULL;
    if (!data_open(data, scene->data, seed, status)) {
        status_prefix(status, "--data");
        return NULL;
    }
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
    if (!spec.network.loss)
        spec.network.loss = loss_find(data->dataset->labels ? "cross_entropy" : "squared");
    Training *training = training_create(&spec, data, pool, status);
    if (!training) data_finish(data);
    return training;
}

void network_scene_sizes(const NetworkScene *scene, char *out, size_t out_size) {
    size_t used = 0;
    for (int i = 0; i <= scene->mlp.n_layers && used < out_size; i++)
        used += (size_t)snprintf(out + used, out_size - used, "%s%d", i ? "-" : "", scene->mlp.sizes[i]);
}
