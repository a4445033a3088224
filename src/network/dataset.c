/* Memory for examples, their split by chance and class, standardised inputs. */
#include "dataset.h"

#include "rng.h"
#include "text.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory. */

static double example_bytes(const Dataset *dataset) {
    double numbers = (double)dataset->n_in + (dataset->targets ? dataset->n_out : 1);
    return numbers * sizeof(float);
}

bool dataset_resize(Dataset *dataset, size_t n, Status *status) {
    double bytes = (double)n * example_bytes(dataset);
    if (bytes > DATASET_BYTES_MAX || n > INT_MAX) {
        char would[32], limit[32];
        text_format_bytes(would, sizeof would, bytes);
        text_format_bytes(limit, sizeof limit, DATASET_BYTES_MAX);
        return status_fail(status, STATUS_BAD_INPUT,
            "%zu examples of %d numbers would take %s of memory; data may take %s", n, dataset->n_in, would,
            limit);
    }
    size_t room = n > 0 ? n : 1;
    float *inputs = realloc(dataset->inputs, room * (size_t)dataset->n_in * sizeof *inputs);
    if (inputs) dataset->inputs = inputs;
    void *answers = dataset->targets
                        ? realloc(dataset->targets, room * (size_t)dataset->n_out * sizeof(float))
                        : realloc(dataset->labels, room * sizeof(int32_t));
    if (answers && dataset->targets) dataset->targets = answers;
    if (answers && !dataset->targets) dataset->labels = answers;
    if (!inputs || !answers) return status_fail(status, STATUS_FAILED, "out of memory for %zu examples", n);
    dataset->n = n;
    return true;
}

Dataset *dataset_create(size_t n, int n_in, int n_out, bool regression, Status *status) {
    assert(n_in > 0 && n_in <= DATASET_INPUTS_MAX && n_out > 0 && n_out <= DATASET_CLASSES_MAX);
    Dataset *dataset = calloc(1, sizeof *dataset);
    if (dataset) {
        dataset->n_in = n_in;
        dataset->n_out = n_out;
        dataset->classes = calloc((size_t)n_out, sizeof *dataset->classes);
        if (regression) dataset->targets = malloc(sizeof *dataset->targets);
    }
    if (!dataset || !dataset->classes || (regression && !dataset->targets)) {
        status_fail(status, STATUS_FAILED, "out of memory");
        dataset_destroy(dataset);
        return NULL;
    }
    for (int i = 0; i < n_out; i++)
        snprintf(dataset->classes[i].text, sizeof dataset->classes[i].text, "%d", i);
    if (!dataset_resize(dataset, n, status)) {
        dataset_destroy(dataset);
        return NULL;
    }
    memset(dataset->inputs, 0, n * (size_t)n_in * sizeof *dataset->inputs);
    if (regression) memset(dataset->targets, 0, n * (size_t)n_out * sizeof *dataset->targets);
    if (!regression) memset(dataset->labels, 0, n * sizeof *dataset->labels);
    return dataset;
}

void dataset_destroy(Dataset *dataset) {
    if (!dataset) return;
    free(dataset->inputs);
    free(dataset->labels);
    free(dataset->targets);
    free(dataset->classes);
    free(dataset->features);
    free(dataset->means);
    free(dataset->units);
    free(dataset);
}

void dataset_name(DatasetName *name, const char *bytes, size_t length) {
    size_t room = sizeof name->text - 1;
    if (length > room) {
        length = room;
        while (length > 0 && ((unsigned char)bytes[length] & 0xc0) == 0x80) length--;
    }
    memset(name->text, 0, sizeof name->text);
    memcpy(name->text, bytes, length);
    text_make_printable(name->text);
    for (char *c = name->text; *c; c++)
        if (*c == '\n') *c = '?';
}

Batch dataset_batch(const Dataset *dataset, size_t first, size_t n) {
    assert(first + n <= dataset->n);
    return (Batch){
        .size = (int)n,
        .n_in = dataset->n_in,
        .inputs = dataset->inputs + first * (size_t)dataset->n_in,
        .labels = dataset->labels ? dataset->labels + first : NULL,
        .targets = dataset->targets ? dataset->targets + first * (size_t)dataset->n_out : NULL,
    };
}

/* Splitting. */

enum { TRAINING, VALIDATION, TEST, PARTS };

/* How many of n a share is; the same for every class but for the remainders, which take turns. */
static size_t share_of(double share, size_t n, double *owed) {
    *owed += share * (double)n;
    size_t whole = *owed > 0 ? (size_t)floor(*owed + 0.5) : 0;
    if (whole > n) whole = n;
    *owed -= (double)whole;
    return whole;
}

/* Gives each example of the first n its part; order: room for n. */
static void assign_parts(
    const Dataset *dataset, size_t n, SplitShares shares, Rng *rng, size_t *order, uint8_t *part) {
    int n_classes = dataset->labels ? dataset->n_out : 1;
    double owed_test = 0, owed_validation = 0;
    for (int label = 0; label < n_classes; label++) {
        size_t members = 0;
        for (size_t i = 0; i < n; i++)
            if (!dataset->labels || dataset->labels[i] == label) order[members++] = i;
        for (size_t i = members; i > 1; i--) {
            size_t j = (size_t)rng_below(rng, i), kept = order[i - 1];
            order[i - 1] = order[j];
            order[j] = kept;
        }
        size_t n_test = share_of(shares.test, members, &owed_test);
        size_t n_validation = share_of(shares.validation, members - n_test, &owed_validation);
        for (size_t i = 0; i < members; i++)
            part[order[i]] = i < n_test ? TEST : i < n_test + n_validation ? VALIDATION : TRAINING;
    }
}

/* A share above 0 that came to nothing takes one training example. */
static void give_one(uint8_t *part, size_t n, int wanted, double share) {
    if (!(share > 0) || memchr(part, wanted, n)) return;
    uint8_t *taken = memchr(part, TRAINING, n);
    if (taken) *taken = (uint8_t)wanted;
}

/* Between two data sets of one shape, or within one. */
static void copy_example(const Dataset *from, size_t at, const Dataset *to, size_t place) {
    size_t n_in = (size_t)from->n_in, n_out = (size_t)from->n_out;
    memcpy(to->inputs + place * n_in, from->inputs + at * n_in, n_in * sizeof(float));
    if (from->labels) to->labels[place] = from->labels[at];
    if (from->targets) memcpy(to->targets + place * n_out, from->targets + at * n_out, n_out * sizeof(float));
}

Dataset *dataset_sample(const Dataset *dataset, Part part, size_t most, Status *status) {
    static const double golden = 0.6180339887498949;
    const size_t n = part.n < most ? part.n : most;
    Dataset *sample = dataset_create(n, dataset->n_in, dataset->n_out, dataset->targets != NULL, status);
    for (size_t i = 0; sample && i < n; i++) {
        const double inside = n < part.n ? fmod((double)i * golden, 1) : 0;
        const double stretch = (double)part.n / (double)n;
        copy_example(dataset, part.first + (size_t)(((double)i + inside) * stretch), sample, i);
    }
    return sample;
}

/* Moves example from[i] to place i, cycle by cycle, through `spare`, a place beyond them; from is used up. */
static void reorder(Dataset *dataset, size_t *from, size_t n, size_t spare) {
    for (size_t i = 0; i < n; i++) {
        if (from[i] == i) continue;
        copy_example(dataset, i, dataset, spare);
        size_t to = i;
        while (from[to] != i) {
            size_t next = from[to];
            copy_example(dataset, next, dataset, to);
            from[to] = to;
            to = next;
        }
        copy_example(dataset, spare, dataset, to);
        from[to] = to;
    }
}

bool dataset_split(Dataset *dataset, SplitShares shares, uint64_t seed, Split *split, Status *status) {
    assert(shares.test >= 0 && shares.test < 1 && shares.validation >= 0 && shares.validation < 1);
    size_t all = dataset->n, own = all - dataset->n_test, counts[PARTS] = {0};
    if (dataset->n_test > 0) shares.test = 0;
    size_t *order = malloc((own + 1) * sizeof *order);
    uint8_t *part = malloc(own + 1);
    bool good = order && part && dataset_resize(dataset, all + 1, status);
    if (good) {
        Rng rng = rng_stream(seed, 0, 0);
        assign_parts(dataset, own, shares, &rng, order, part);
        give_one(part, own, TEST, shares.test);
        give_one(part, own, VALIDATION, shares.validation);
        size_t at = 0;
        for (int wanted = 0; wanted < PARTS; wanted++)
            for (size_t i = 0; i < own; i++)
                if (part[i] == wanted) {
                    order[at++] = i;
                    counts[wanted]++;
                }
        reorder(dataset, order, own, all);
        dataset->n = all;
    } else if (!order || !part) {
        status_fail(status, STATUS_FAILED, "out of memory");
    }
    free(order);
    free(part);
    if (!good) return false;
    if (counts[TRAINING] == 0)
        return status_fail(status, STATUS_BAD_INPUT,
            "of %zu examples none is left to train with; the shares of validation and test are too large",
            own);
    split->training = (Part){0, counts[TRAINING]};
    split->validation = (Part){counts[TRAINING], counts[VALIDATION]};
    split->test = (Part){counts[TRAINING] + counts[VALIDATION], counts[TEST] + dataset->n_test};
    return true;
}

/* Copies and order. */

bool dataset_copy_training(Dataset *dataset, size_t copies, Split *split, Status *status) {
    assert(copies >= 1 && split->training.first == 0);
    const size_t n = split->training.n, all = dataset->n, added = n * (copies - 1);
    if (!dataset_resize(dataset, all + added, status)) return false;
    for (size_t i = all; added > 0 && i-- > n;) copy_example(dataset, i, dataset, i + added);
    for (size_t i = n; i < n + added; i++) copy_example(dataset, i - n, dataset, i);
    split->training.n += added;
    split->validation.first += added;
    split->test.first += added;
    return true;
}

static double sort_key(const Dataset *dataset, size_t example) {
    return dataset->labels ? (double)dataset->labels[example]
                           : (double)dataset->targets[example * (size_t)dataset->n_out];
}

/* Merges runs of `width`, from the one array to the other: numbers of examples in the order of their keys. */
static void merge_runs(const double *keys, const size_t *from, size_t *to, size_t n, size_t width) {
    for (size_t begin = 0; begin < n; begin += 2 * width) {
        const size_t middle = begin + width < n ? begin + width : n;
        const size_t end = middle + width < n ? middle + width : n;
        size_t a = begin, b = middle;
        for (size_t i = begin; i < end; i++) {
            const bool first = a < middle && (b == end || keys[from[a]] <= keys[from[b]]);
            to[i] = first ? from[a++] : from[b++];
        }
    }
}

bool dataset_sort(Dataset *dataset, Part part, int32_t *origins, Status *status) {
    const size_t n = part.n, all = dataset->n;
    double *keys = malloc((n + 1) * sizeof *keys);
    size_t *order = malloc((2 * n + 1) * sizeof *order), *spare = order + n;
    bool good = keys && order && dataset_resize(dataset, all + 1, status);
    if (good) {
        for (size_t i = 0; i < n; i++) {
            keys[i] = sort_key(dataset, part.first + i);
            order[i] = i;
        }
        size_t *from = order, *to = spare;
        for (size_t width = 1; width < n; width *= 2) {
            merge_runs(keys, from, to, n, width);
            size_t *kept = from;
            from = to;
            to = kept;
        }
        for (size_t i = 0; origins && i < n; i++) keys[i] = origins[from[i]];
        for (size_t i = 0; origins && i < n; i++) origins[i] = (int32_t)keys[i];
        Dataset seen = *dataset; /* as if the data began with the part */
        seen.inputs += part.first * (size_t)dataset->n_in;
        if (seen.labels) seen.labels += part.first;
        if (seen.targets) seen.targets += part.first * (size_t)dataset->n_out;
        reorder(&seen, from, n, all - part.first);
        dataset->n = all;
    } else if (!keys || !order) {
        status_fail(status, STATUS_FAILED, "out of memory");
    }
    free(keys);
    free(order);
    return good;
}

/* Standardising. */

/* Sums over the part in rows, since the inputs of an example lie together. means, units: (n_in). */
static void measure(const Dataset *dataset, Part part, double *means, double *units) {
    size_t n_in = (size_t)dataset->n_in;
    const float *first = dataset->inputs + part.first * n_in;
    for (size_t j = 0; j < n_in; j++) means[j] = units[j] = 0;
    for (size_t i = 0; i < part.n; i++)
        for (size_t j = 0; j < n_in; j++) means[j] += (double)first[i * n_in + j];
    for (size_t j = 0; j < n_in; j++) means[j] /= (double)part.n;
    for (size_t i = 0; i < part.n; i++)
        for (size_t j = 0; j < n_in; j++) {
            double off = (double)first[i * n_in + j] - means[j];
            units[j] += off * off;
        }
    for (size_t j = 0; j < n_in; j++) {
        double deviation = sqrt(units[j] / (double)part.n);
        bool varies = deviation > 1e-7 * (1e-30 + fabs(means[j])); /* more than rounding to float32 makes */
        units[j] = varies ? deviation : 1;
    }
}

bool dataset_standardise(Dataset *dataset, Part training, Status *status) {
    assert(training.n > 0 && !dataset->means);
    size_t n_in = (size_t)dataset->n_in;
    double *scales = malloc(n_in * sizeof *scales);
    dataset->means = malloc(n_in * sizeof *dataset->means);
    dataset->units = malloc(n_in * sizeof *dataset->units);
    bool good = scales && dataset->means && dataset->units;
    if (good) {
        measure(dataset, training, dataset->means, dataset->units);
        for (size_t j = 0; j < n_in; j++) scales[j] = 1 / dataset->units[j];
        for (size_t i = 0; i < dataset->n; i++)
            for (size_t j = 0; j < n_in; j++) {
                float *input = &dataset->inputs[i * n_in + j];
                *input = (float)(((double)*input - dataset->means[j]) * scales[j]);
            }
    }
    free(scales);
    return good || status_fail(status, STATUS_FAILED, "out of memory");
}

static bool are_named_pixels(const Dataset *dataset) {
    for (int j = 0; j < dataset->n_in; j++)
        if (strncmp(dataset->features[j].text, "pix", 3) != 0) return false;
    return true;
}

int dataset_find_pixels(const Dataset *dataset, double *white) {
    enum { SIDE_LEAST = 8, SIDE_NAMED_LEAST = 4 };
    const int side = (int)lround(sqrt(dataset->n_in));
    if (!dataset->features || !dataset->labels || side * side != dataset->n_in || side < SIDE_NAMED_LEAST ||
        (side < SIDE_LEAST && !are_named_pixels(dataset)))
        return 0;
    bool whole = true;
    float largest = 0;
    for (size_t i = 0; i < dataset->n * (size_t)dataset->n_in; i++) {
        const float value = dataset->inputs[i];
        if (!(value >= 0)) return 0;
        whole = whole && value == floorf(value);
        if (value > largest) largest = value;
    }
    *white = (double)largest;
    return largest > 0 && (whole || largest <= 1) ? side : 0;
}

void dataset_original(const Dataset *dataset, size_t example, float *inputs) {
    size_t n_in = (size_t)dataset->n_in;
    const float *from = dataset->inputs + example * n_in;
    for (size_t j = 0; j < n_in; j++)
        inputs[j] =
            dataset->means ? (float)((double)from[j] * dataset->units[j] + dataset->means[j]) : from[j];
}
