/* NAME[:key=value,...] is taken apart as far as a card needs it; whether it means something is found out by
 * who opens the data. */
#include "data_text.h"

#include "data.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 256, NUMBER_BYTES = 32 };
static const char CANVAS[] = "points";

double data_text_number(const NetworkScene *network, const char *key, double usual) {
    const char *at = strchr(network->data, ':');
    const size_t length = strlen(key);
    while (at) {
        at++;
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            char number[NUMBER_BYTES];
            double value;
            at += length + 1;
            snprintf(number, sizeof number, "%.*s", (int)strcspn(at, ","), at);
            return text_parse_number(number, &value) ? value : usual;
        }
        at = strchr(at, ',');
    }
    return usual;
}

static void replace(NetworkScene *network, const char *text) {
    char *copy = strdup(text);
    if (!copy) return;
    free(network->data);
    network->data = copy;
}

void data_text_set(NetworkScene *network, const char *key, double value, bool others) {
    Text text = {0};
    const char *from = network->data, *at = strchr(from, ':');
    const size_t length = strlen(key);
    text_append(&text, "%.*s:%s=%.6g", (int)strcspn(from, ":"), from, key, value);
    while (at && at[1]) {
        at++;
        const size_t pair = strcspn(at, ",");
        const bool same = strncmp(at, key, length) == 0 && at[length] == '=';
        if (!same) text_append(&text, ",%.*s", (int)pair, at);
        at = at[pair] ? at + pair : NULL;
    }
    replace(network, text_string(&text));
    text_finish(&text);
    if (others) hand_points_forget_examples(&network->points);
}

const GeneratorRow *data_text_generator(const NetworkScene *network) {
    char name[NAME_BYTES];
    const char *data = network->data ? network->data : "";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(data, ":"), data);
    return generator_find(name);
}

int data_text_classes(const NetworkScene *network) {
    const GeneratorRow *row = data_text_generator(network);
    if (!row && !data_is_canvas(network->data)) return -1;
    if (row && row->curve) return 0;
    return (int)data_text_number(network, "classes", row ? row->n_classes : 2);
}

/* Whether a loss that was chosen is one for such answers. */
static bool suits(const Loss *loss, int n_classes, int outputs) {
    return (loss->target == LOSS_TARGET_LABEL) == (n_classes > 0) && outputs >= loss->outputs_min;
}

void data_text_fit_network(NetworkScene *network) {
    MlpSpec *mlp = &network->mlp;
    const int n_classes = data_text_classes(network), outputs = mlp->sizes[mlp->n_layers];
    const bool made = data_text_generator(network) != NULL;
    if (n_classes < 0) return;
    mlp->sizes[0] = n_classes > 0 ? 2 : 1;
    const bool one = n_classes == 0 || (n_classes == 2 && outputs != 2);
    mlp->sizes[mlp->n_layers] = one ? 1 : n_classes;
    if (mlp->loss && !suits(mlp->loss, n_classes, mlp->sizes[mlp->n_layers])) mlp->loss = NULL;
    SamplingKind *sampling = &network->sampling.kind;
    const bool unsuited =
        (*sampling == SAMPLING_BALANCED && n_classes == 0) || (*sampling == SAMPLING_ENDLESS && !made);
    if (unsuited) *sampling = SAMPLING_SHUFFLE;
    if (network->stop == STOP_ERROR && n_classes == 0) network->stop = STOP_LOSS;
    if (!made) network->stop = STOP_NEVER; /* there may be nothing to validate by */
}

void data_text_fit_batch(NetworkScene *network) {
    if (!data_text_generator(network)) return;
    const double n = data_text_number(network, "n", DATA_MADE_USUAL);
    const double test = data_text_number(network, "test", data_shares_usual.test);
    const double validation = data_text_number(network, "validation", data_shares_usual.validation);
    const double learnt = floor(n * (1 - test) * (1 - validation)) - 2; /* whatever is rounded */
    const size_t most = (size_t)fmax(learnt, 1);
    if (network->sampling.batch > most) network->sampling.batch = most;
}

void data_text_go(NetworkScene *network, int by) {
    const GeneratorRow *row = data_text_generator(network);
    const int n_rows = generator_count + 1;
    const double n = row ? data_text_number(network, "n", 0) : 0;
    const bool usual = network->epochs == network_scene_usual_epochs(network);
    int at = row ? (int)(row - generator_table) : generator_count;
    if (!row && !data_is_canvas(network->data)) at = by > 0 ? generator_count : 0;
    at = (at + by + n_rows) % n_rows;
    replace(network, at < generator_count ? generator_table[at].name : CANVAS);
    hand_points_finish(&network->points);
    if (usual) network->epochs = network_scene_usual_epochs(network);
    if (n > 0 && at < generator_count) data_text_set(network, "n", n, true);
    data_text_fit_network(network);
    data_text_fit_batch(network);
}
