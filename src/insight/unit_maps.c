/* One network is asked, for all racers. A gradient over many examples is taken in pieces whose size depends
 * on the network alone, so that its bits do not depend on time. */
#include "unit_maps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECE = 256, EXAMPLES_ROOM = LIVE_BATCH_MAX };
/* Examples times parameters that a piece of a gradient is made of. */
static const double PIECE_WORK = 2e6;

double unit_maps_now_s(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Memory. */

static void forget_network(UnitMaps *maps) {
    mlp_destroy(maps->mlp);
    free(maps->inputs);
    free(maps->outputs);
    free(maps->labels);
    free(maps->targets);
    free(maps->piece_gradient.data);
    maps->mlp = NULL;
    maps->inputs = maps->outputs = maps->targets = NULL;
    maps->labels = NULL;
    maps->piece_gradient.data = NULL;
    maps->to_find = NULL;
}

void unit_maps_finish(UnitMaps *maps) {
    forget_network(maps);
}

void unit_numbers_finish(UnitNumbers *numbers) {
    free(numbers->weights.data);
    free(numbers->gradient.data);
    free(numbers->maps);
    *numbers = (UnitNumbers){.step = -1};
}

void unit_maps_begin(UnitMaps *maps, const MlpSpec *spec, const Data *data, UnitsGround ground,
    const double from[2], const double to[2]) {
    forget_network(maps);
    maps->spec = *spec;
    maps->spec.batch_max = PIECE;
    maps->data = data;
    maps->ground = ground;
    for (int i = 0; i < 2; i++) {
        maps->from[i] = from[i];
        maps->to[i] = to[i];
    }
    for (int l = 0; l <= spec->n_layers; l++) maps->first_unit[l + 1] = maps->first_unit[l] + spec->sizes[l];
    for (int l = 0; l < spec->n_layers; l++)
        maps->first_weight[l + 1] =
            maps->first_weight[l] + ((size_t)spec->sizes[l] + 1) * (size_t)spec->sizes[l + 1];
}

static bool make_vec(Vec *vec, size_t n, Precision precision) {
    if (vec->data && vec->n == n && vec->precision == precision) return true;
    free(vec->data);
    size_t bytes = (n * precision_bytes(precision) + 63) / 64 * 64;
    *vec = (Vec){.n = n, .precision = precision, .data = aligned_alloc(64, bytes)};
    return vec->data != NULL;
}

/* The network to ask, where there is none yet. */
static bool take_network(UnitMaps *maps) {
    if (maps->mlp) return true;
    const MlpSpec *spec = &maps->spec;
    Status status = status_ok();
    size_t n_in = (size_t)spec->sizes[0], n_out = (size_t)spec->sizes[spec->n_layers], widest = 1;
    size_t examples = n_in <= LIVE_INPUTS_MAX ? EXAMPLES_ROOM : UNITS_SAMPLE_MAX;
    for (int l = 1; l <= spec->n_layers; l++)
        if ((size_t)spec->sizes[l] > widest) widest = (size_t)spec->sizes[l];
    maps->mlp = mlp_create(&maps->spec, &status);
    maps->inputs = malloc(examples * n_in * sizeof(float));
    maps->outputs = malloc(PIECE * widest * sizeof(float));
    maps->labels = malloc(examples * sizeof(int32_t));
    maps->targets = malloc(examples * n_out * sizeof(float));
    bool made = make_vec(&maps->piece_gradient, maps->first_weight[spec->n_layers], spec->precision);
    if (maps->mlp && maps->inputs && maps->outputs && maps->labels && maps->targets && made) return true;
    forget_network(maps);
    return false;
}

/* What is asked for. */

static int unit_count(const UnitMaps *maps) {
    return maps->first_unit[maps->spec.n_layers + 1];
}

static int cell_count(const UnitMaps *maps, const UnitNumbers *numbers) {
    return maps->ground == UNITS_PLANE ? numbers->side * numbers->side : numbers->side;
}

/* The minibatch, or examples from all over the training part, into the arrays of the batch. */
static void take_examples(UnitMaps *maps, const Batch *batch) {
    const Dataset *dataset = maps->data->dataset;
    Part part = maps->data->split.training;
    Batch all = dataset_batch(dataset, part.first, part.n);
    const Batch *from = batch->size > 0 ? batch : &all;
    int n = from->size;
    if (from == &all && n > UNITS_SAMPLE_MAX) n = UNITS_SAMPLE_MAX;
    size_t n_in = (size_t)from->n_in, n_out = (size_t)maps->spec.sizes[maps->spec.n_layers];
    for (int i = 0; i < n; i++) {
        size_t at = (size_t)((double)i * from->size / n);
        memcpy(maps->inputs + (size_t)i * n_in, from->inputs + at * n_in, n_in * sizeof(float));
        if (from->labels) maps->labels[i] = from->labels[at];
        if (from->targets)
            memcpy(maps->targets + (size_t)i * n_out, from->targets + at * n_out, n_out * sizeof(float));
    }
    maps->batch = (Batch){.size = n,
        .n_in = from->n_in,
        .inputs = maps->inputs,
        .labels = from->labels ? maps->labels : NULL,
        .targets = from->targets ? maps->targets : NULL};
    maps->to_find->examples = n;
    maps->to_find->of_batch = from == batch;
}

bool unit_maps_ask(UnitMaps *maps, UnitNumbers *numbers, const LiveState *state, int racer, int side) {
    const Vec *weights = &state->weights[racer];
    maps->to_find = NULL;
    numbers->step = -1;
    if (!take_network(maps) || !make_vec(&numbers->weights, weights->n, weights->precision) ||
        !make_vec(&numbers->gradient, weights->n, weights->precision))
        return false;
    numbers->side = maps->ground == UNITS_MEAN ? 1 : side;
    size_t wanted =
        maps->ground == UNITS_NOWHERE ? 0 : (size_t)unit_count(maps) * (size_t)cell_count(maps, numbers);
    if (wanted > numbers->room) {
        free(numbers->maps);
        numbers->maps = malloc(wanted * sizeof(float));
        numbers->room = numbers->maps ? wanted : 0;
        if (!numbers->maps) return false;
    }
    vec_copy(&numbers->weights, weights);
    vec_fill(&numbers->gradient, 0);
    numbers->racer = racer;
    maps->to_find = numbers;
    maps->step = state->step;
    maps->cells_done = maps->examples_done = 0;
    take_examples(maps, &state->batch);
    return true;
}

/* Gradients. */

static Vec vec_part(const Vec *vec, size_t first, size_t n) {
    Vec part = {.n = n, .precision = vec->precision};
    part.data = (char *)vec->data + first * precision_bytes(vec->precision);
    return part;
}

static void measure_weights(const UnitMaps *maps, UnitNumbers *numbers) {
    for (int l = 0; l < maps->spec.n_layers; l++) {
        size_t first = maps->first_weight[l], n = maps->first_weight[l + 1] - first;
        Vec w = vec_part(&numbers->weights, first, n), g = vec_part(&numbers->gradient, first, n);
        numbers->weight_reach[l] = vec_largest(&w);
        numbers->gradient_reach[l] = vec_largest(&g);
        w.n = g.n = unit_bias(maps, l, 0) - first;
        numbers->weight_norm[l] = vec_norm(&w);
        numbers->gradient_norm[l] = vec_norm(&g);
    }
}

static Batch batch_part(const Batch *batch, int first, int n, int n_out) {
    return (Batch){.size = n,
        .n_in = batch->n_in,
        .inputs = batch->inputs + (size_t)first * (size_t)batch->n_in,
        .labels = batch->labels ? batch->labels + first : NULL,
        .targets = batch->targets ? batch->targets + (size_t)first * (size_t)n_out : NULL};
}

static int examples_at_once(const UnitMaps *maps) {
    double n = PIECE_WORK / (double)maps->first_weight[maps->spec.n_layers];
    return n < 1 ? 1 : n > LIVE_BATCH_MAX ? LIVE_BATCH_MAX : (int)n;
}

/* A piece of the gradient of what the next step makes small, penalties and all. */
static void ask_gradient(UnitMaps *maps) {
    UnitNumbers *numbers = maps->to_find;
    const Batch *batch = &maps->batch;
    Objective *objective = mlp_objective(maps->mlp);
    int first = maps->examples_done, n = batch->size - first, most = examples_at_once(maps);
    if (n > most) n = most;
    Batch part = batch_part(batch, first, n, maps->spec.sizes[maps->spec.n_layers]);
    mlp_set_batch(maps->mlp, &part, (uint64_t)maps->step);
    bool whole = n == batch->size;
    const Vec *to = whole ? &numbers->gradient : &maps->piece_gradient;
    objective->type->evaluate(objective, &numbers->weights, to);
    if (!whole) vec_combine(&numbers->gradient, 1, &numbers->gradient, (double)n / batch->size, to);
    maps->examples_done += n;
}

/* Maps. */

static void write_place(const UnitMaps *maps, const UnitNumbers *numbers, int cell, float *inputs) {
    double last = numbers->side > 1 ? numbers->side - 1 : 1;
    double x = (cell % numbers->side) / last;
    inputs[0] = (float)(maps->from[0] + x * (maps->to[0] - maps->from[0]));
    if (maps->ground != UNITS_PLANE) return;
    double y = (cell / numbers->side) / last; /* not rounded: a row is whole */
    inputs[1] = (float)(maps->to[1] + y * (maps->from[1] - maps->to[1]));
}

/* A layer's units in a piece of n places, or examples whose mean is wanted. */
static void keep_layer(
    const UnitMaps *maps, UnitNumbers *numbers, int layer, const float *values, int first, int n, int cells) {
    int units = maps->spec.sizes[layer];
    for (int u = 0; u < units; u++) {
        float *map = numbers->maps + (size_t)(maps->first_unit[layer] + u) * (size_t)cells;
        const float *from = values + u;
        if (maps->ground != UNITS_MEAN) {
            for (int i = 0; i < n; i++) map[first + i] = from[(size_t)i * (size_t)units];
            continue;
        }
        double sum = 0;
        for (int i = 0; i < n; i++) sum += (double)from[(size_t)i * (size_t)units];
        map[0] = (float)(sum / n);
    }
}

/* A piece of the maps, all units at once. A mean is one piece. */
static void ask_units(UnitMaps *maps) {
    UnitNumbers *numbers = maps->to_find;
    int cells = cell_count(maps, numbers), n_in = maps->spec.sizes[0], first = maps->cells_done;
    int n = cells - first < PIECE ? cells - first : PIECE;
    /* Places go where no example lies: the gradient is found before. */
    if (maps->ground == UNITS_MEAN)
        n = maps->batch.size < PIECE ? maps->batch.size : PIECE;
    else
        for (int i = 0; i < n; i++)
            write_place(maps, numbers, first + i, maps->inputs + (size_t)i * (size_t)n_in);
    Batch batch = {.size = n, .n_in = n_in, .inputs = maps->inputs};
    mlp_outputs(maps->mlp, &numbers->weights, &batch, maps->outputs);
    keep_layer(maps, numbers, 0, maps->inputs, first, n, cells);
    for (int l = 0; l < maps->spec.n_layers; l++) {
        mlp_layer_outputs(maps->mlp, l, maps->outputs);
        keep_layer(maps, numbers, l + 1, maps->outputs, first, n, cells);
    }
    maps->cells_done = maps->ground == UNITS_MEAN ? cells : first + n;
}

static void measure_maps(const UnitMaps *maps, UnitNumbers *numbers) {
    size_t cells = (size_t)cell_count(maps, numbers);
    for (int l = 0; l <= maps->spec.n_layers; l++) {
        const float *map = unit_map(maps, numbers, l, 0);
        size_t n = (size_t)maps->spec.sizes[l] * cells;
        float largest_value = 0;
        double squares = 0;
        for (size_t i = 0; i < n; i++) {
            largest_value = fmaxf(largest_value, fabsf(map[i]));
            squares += (double)map[i] * (double)map[i];
        }
        numbers->reach[l] = fminf(largest_value, 2 * (float)sqrt(squares / (double)n));
    }
}

bool unit_maps_work(UnitMaps *maps, double end_s) {
    UnitNumbers *numbers = maps->to_find;
    if (!numbers) return true;
    while (maps->examples_done < maps->batch.size) {
        ask_gradient(maps);
        if (unit_maps_now_s() >= end_s) return false;
    }
    int cells = maps->ground == UNITS_NOWHERE ? 0 : cell_count(maps, numbers);
    while (maps->cells_done < cells) {
        ask_units(maps);
        if (maps->cells_done < cells && unit_maps_now_s() >= end_s) return false;
    }
    measure_weights(maps, numbers);
    if (cells > 0) measure_maps(maps, numbers);
    numbers->step = maps->step;
    maps->to_find = NULL;
    return true;
}

/* Reading. */

const float *unit_map(const UnitMaps *maps, const UnitNumbers *numbers, int layer, int unit) {
    return numbers->maps + (size_t)(maps->first_unit[layer] + unit) * (size_t)cell_count(maps, numbers);
}

double unit_map_at(const float *map, int side, double x, double y) {
    double last = side - 1;
    double column = fmin(fmax(x, 0), 1) * last, row = fmin(fmax(y, 0), 1) * last;
    int i = (int)fmin(column, last - 1), j = (int)fmin(row, last - 1);
    double u = column - i, v = row - j;
    const float *at = map + j * side + i;
    double above = (double)at[0] + u * ((double)at[1] - (double)at[0]);
    double below = (double)at[side] + u * ((double)at[side + 1] - (double)at[side]);
    return above + v * (below - above);
}

size_t unit_weight(const UnitMaps *maps, int layer, int from, int to) {
    return maps->first_weight[layer] + (size_t)from * (size_t)maps->spec.sizes[layer + 1] + (size_t)to;
}

size_t unit_bias(const UnitMaps *maps, int layer, int unit) {
    return unit_weight(maps, layer, maps->spec.sizes[layer], unit);
}
