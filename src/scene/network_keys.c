/* What can be said of a network and its training: rows of the table of scene_keys.h. */
#include "scene_keys.h"

#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 1000000000 };

static const char *const precision_names[] = {[PRECISION_F64] = "float64", [PRECISION_F32] = "float32", NULL};
static const char *const stop_names[] = {"never", "loss", "error"};

static NetworkScene *network_of(SceneDraft *draft) {
    return &draft->scene->network;
}

static bool read_network(SceneDraft *draft, const char *text, Status *status) {
    return mlp_sizes_read(&network_of(draft)->mlp, text, status);
}

static bool read_data(SceneDraft *draft, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    free(network_of(draft)->data);
    network_of(draft)->data = copy;
    return true;
}

static bool read_points(SceneDraft *draft, const char *text, Status *status) {
    return hand_points_read(&network_of(draft)->points, text, status);
}

static bool read_activation(SceneDraft *draft, const char *text, Status *status) {
    const Activation *row = activation_find(text);
    if (!row)
        return names_fail(status, "there is no activation", text, "There are",
            NAMES_OF(activation_table, activation_count), NULL);
    network_of(draft)->mlp.activation = row;
    return true;
}

static bool read_init(SceneDraft *draft, const char *text, Status *status) {
    return init_read(&network_of(draft)->init, text, status);
}

static bool read_loss(SceneDraft *draft, const char *text, Status *status) {
    const Loss *row = loss_find(text);
    if (!row)
        return names_fail(
            status, "there is no loss", text, "There are", NAMES_OF(loss_table, loss_count), NULL);
    network_of(draft)->mlp.loss = row;
    return true;
}

static bool read_sampling(SceneDraft *draft, const char *text, Status *status) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        network_of(draft)->sampling.kind = (SamplingKind)i;
        if (strcmp(sampling_table[i].name, text) == 0) return true;
    }
    return names_fail(
        status, "there is no sampling", text, "There are", NAMES_OF(sampling_table, SAMPLING_COUNT), NULL);
}

static bool read_positive(const char *text, const char *what, double *value, Status *status) {
    double number;
    if (!text_parse_number(text, &number) || !(number >= 0))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not %s, a number from 0", text, what);
    *value = number;
    return true;
}

static bool read_epochs(SceneDraft *draft, const char *text, Status *status) {
    return read_positive(text, "a number of epochs", &network_of(draft)->epochs, status);
}

static bool read_every(SceneDraft *draft, const char *text, Status *status) {
    long long every;
    if (!text_parse_integer(text, 1, COUNT_MAX, &every))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a number of steps, a whole number from 1", text);
    network_of(draft)->every = every;
    return true;
}

static bool read_l2(SceneDraft *draft, const char *text, Status *status) {
    return read_positive(text, "a penalty", &network_of(draft)->mlp.l2, status);
}

static bool read_l1(SceneDraft *draft, const char *text, Status *status) {
    return read_positive(text, "a penalty", &network_of(draft)->mlp.l1, status);
}

static bool read_dropout(SceneDraft *draft, const char *text, Status *status) {
    return read_positive(text, "a probability", &network_of(draft)->mlp.dropout, status);
}

static bool read_label_noise(SceneDraft *draft, const char *text, Status *status) {
    return read_positive(text, "an amount of noise", &network_of(draft)->mlp.label_noise, status);
}

static bool read_precision(SceneDraft *draft, const char *text, Status *status) {
    for (int i = 0; i < 2; i++) {
        network_of(draft)->mlp.precision = (Precision)i;
        if (strcmp(precision_names[i], text) == 0) return true;
    }
    return names_fail(status, "there is no precision", text, "There are", NAMES_OF(precision_names, 2), NULL);
}

static bool read_stop(SceneDraft *draft, const char *text, Status *status) {
    char name[16];
    size_t length = strcspn(text, ":");
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    long long patience = NETWORK_PATIENCE_USUAL;
    if (text[length] && !text_parse_integer(text + length + 1, 1, COUNT_MAX, &patience))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a patience, a whole number of reports from 1", text + length + 1);
    network_of(draft)->patience = (int)patience;
    for (int i = 0; i < 3; i++) {
        network_of(draft)->stop = (StopKind)i;
        if (strcmp(stop_names[i], name) == 0) return true;
    }
    return names_fail(
        status, "stopping is by loss or error, not by", name, "There are", NAMES_OF(stop_names, 3), NULL);
}

static bool read_seeds(SceneDraft *draft, const char *text, Status *status) {
    long long seeds;
    if (!text_parse_integer(text, 1, SEEDS_MAX, &seeds))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a number of seeds from 1 to %d", text, SEEDS_MAX);
    network_of(draft)->seeds = (int)seeds;
    return true;
}

/* Writing: only what differs from what is usual. */

static bool append(Text *out, const char *text) {
    text_append(out, "%s", text);
    return true;
}

static bool append_number(Text *out, double value) {
    scene_key_append_numbers(out, &value, 1, 0);
    return true;
}

static bool write_network(const Scene *scene, int i, Text *out) {
    const MlpSpec *mlp = &scene->network.mlp;
    if (i > 0 || mlp->n_layers == 0) return false;
    for (int k = 0; k <= mlp->n_layers; k++) text_append(out, "%s%d", k ? "-" : "", mlp->sizes[k]);
    return true;
}

static bool write_data(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->network.data && append(out, scene->network.data);
}

static bool write_points(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->network.points.n == 0) return false;
    hand_points_write(&scene->network.points, out);
    return true;
}

static bool write_activation(const Scene *scene, int i, Text *out) {
    const Activation *row = scene->network.mlp.activation;
    return i == 0 && row != network_scene_default().mlp.activation && append(out, row->name);
}

static bool write_init(const Scene *scene, int i, Text *out) {
    const InitSpec *init = &scene->network.init, usual = network_scene_default().init;
    const OptimizerParameter *parameter = &init->row->parameter;
    const bool is_usual_value = !parameter->name || init->value == parameter->value;
    if (i > 0 || (init->row == usual.row && is_usual_value && init->bias == usual.bias)) return false;
    append(out, init->row->name);
    if (!is_usual_value) {
        text_append(out, ":%s=", parameter->name);
        append_number(out, init->value);
    }
    if (init->bias != usual.bias) {
        append(out, ":bias=");
        append_number(out, init->bias);
    }
    return true;
}

static bool write_loss(const Scene *scene, int i, Text *out) {
    const Loss *loss = scene->network.mlp.loss;
    return i == 0 && loss && append(out, loss->name);
}

static bool write_sampling(const Scene *scene, int i, Text *out) {
    const SamplingKind kind = scene->network.sampling.kind;
    return i == 0 && kind != network_scene_default().sampling.kind && append(out, sampling_table[kind].name);
}

static bool write_epochs(const Scene *scene, int i, Text *out) {
    const double epochs = scene->network.epochs;
    return i == 0 && epochs != network_scene_usual_epochs(&scene->network) && append_number(out, epochs);
}

static bool write_every(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->network.every > 0 && append_number(out, (double)scene->network.every);
}

static bool write_l2(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->network.mlp.l2 != 0 && append_number(out, scene->network.mlp.l2);
}

static bool write_l1(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->network.mlp.l1 != 0 && append_number(out, scene->network.mlp.l1);
}

static bool write_dropout(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->network.mlp.dropout != 0 && append_number(out, scene->network.mlp.dropout);
}

static bool write_label_noise(const Scene *scene, int i, Text *out) {
    const double noise = scene->network.mlp.label_noise;
    return i == 0 && noise != 0 && append_number(out, noise);
}

static bool write_precision(const Scene *scene, int i, Text *out) {
    const Precision precision = scene->network.mlp.precision;
    return i == 0 && precision != network_scene_default().mlp.precision &&
           append(out, precision_names[precision]);
}

static bool write_stop(const Scene *scene, int i, Text *out) {
    const NetworkScene *network = &scene->network;
    const bool is_usual = network->patience == NETWORK_PATIENCE_USUAL;
    if (i > 0 || (network->stop == STOP_NEVER && is_usual)) return false;
    append(out, stop_names[network->stop]);
    if (!is_usual) text_append(out, ":%d", network->patience);
    return true;
}

static bool write_seeds(const Scene *scene, int i, Text *out) {
    const int seeds = scene->network.seeds;
    return i == 0 && seeds > 1 && network_scene_is_on(&scene->network) && append_number(out, seeds);
}

static Names activation_names(void) {
    return NAMES_OF(activation_table, activation_count);
}

static Names init_names(void) {
    return NAMES_OF(init_table, init_count);
}

static Names loss_names(void) {
    return NAMES_OF(loss_table, loss_count);
}

static Names sampling_names(void) {
    return NAMES_OF(sampling_table, SAMPLING_COUNT);
}

const SceneKey network_keys[] = {
    {"network", NULL, "SIZES", SCENE_PART_NETWORK, SCENE_KEY_LIST, '-', NULL, read_network, write_network,
        "train a network: inputs, hidden units, outputs, such as 2-16-16-2"},
    {"data", NULL, "NAME|FILE[:key=value,...]", SCENE_PART_NETWORK, SCENE_KEY_NAMED, ',', NULL, read_data,
        write_data, "what it learns: slalom list data; CSV and IDX files"},
    {"points", NULL, "X,Y,CLASS;...", SCENE_PART_NETWORK, SCENE_KEY_TEXT, 0, NULL, read_points, write_points,
        "points by hand, to learn with the data; 17=1 gives example 17 another class, 17=none leaves it out"},
    {"activation", NULL, "NAME", SCENE_PART_NETWORK, SCENE_KEY_TEXT, 0, NULL, read_activation,
        write_activation, "of the hidden units (relu): slalom list activations", activation_names},
    {"init", NULL, "NAME[:key=value]", SCENE_PART_NETWORK, SCENE_KEY_NAMED, ':', NULL, read_init, write_init,
        "how weights begin (he): slalom list initialisations", init_names},
    {"loss", NULL, "NAME", SCENE_PART_NETWORK, SCENE_KEY_TEXT, 0, NULL, read_loss, write_loss,
        "cross_entropy for classes, squared for numbers: slalom list losses", loss_names},
    {"sampling", NULL, "NAME", SCENE_PART_NETWORK, SCENE_KEY_TEXT, 0, NULL, read_sampling, write_sampling,
        "the order of examples (shuffle): slalom list samplings", sampling_names},
    {"epochs", NULL, "N", SCENE_PART_NETWORK, SCENE_KEY_NUMBER, 0, NULL, read_epochs, write_epochs,
        "how long a network trains, unless --steps is given (10; on data of a generator 300)"},
    {"every", NULL, "STEPS", SCENE_PART_NETWORK, SCENE_KEY_COUNT, 0, NULL, read_every, write_every,
        "from row to row of a network's CSV; otherwise an epoch"},
    {"l2", NULL, "WEIGHT", SCENE_PART_NETWORK, SCENE_KEY_NUMBER, 0, NULL, read_l2, write_l2,
        "penalty l2/2 |w|^2 in a network's training loss"},
    {"l1", NULL, "WEIGHT", SCENE_PART_NETWORK, SCENE_KEY_NUMBER, 0, NULL, read_l1, write_l1,
        "penalty l1 |w|_1"},
    {"dropout", NULL, "SHARE", SCENE_PART_NETWORK, SCENE_KEY_NUMBER, 0, NULL, read_dropout, write_dropout,
        "of the hidden units that a step leaves out"},
    {"label-noise", NULL, "SHARE", SCENE_PART_NETWORK, SCENE_KEY_NUMBER, 0, NULL, read_label_noise,
        write_label_noise, "of the labels that a step sees wrong; of numbers a deviation"},
    {"precision", NULL, "float32|float64", SCENE_PART_NETWORK, SCENE_KEY_CHOICE, 0, precision_names,
        read_precision, write_precision, "of a network's numbers (float32)"},
    {"stop", NULL, "loss|error[:ROWS]", SCENE_PART_NETWORK, SCENE_KEY_TEXT, 0, NULL, read_stop, write_stop,
        "stop early where so many rows bring no better validation; keeps the best weights"},
    {"seeds", NULL, "N", SCENE_PART_NETWORK, SCENE_KEY_COUNT, 0, NULL, read_seeds, write_seeds,
        "train with so many: the same data, other initial weights and orders of examples"},
};
const int network_key_count = sizeof network_keys / sizeof network_keys[0];
