/* IDX files as examples. Loading and unpacking them is bytes.c's. */
#include "idx.h"

#include <stdlib.h>
#include <string.h>

static size_t big_endian(const uint8_t *bytes) {
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

/* The product of sizes, as a double, since a file may claim anything. */
static double claimed_values(const uint8_t *sizes, int n_sizes) {
    double values = 1;
    for (int i = 0; i < n_sizes; i++) values *= (double)big_endian(sizes + 4 * i);
    return values;
}

bool idx_open(Idx *idx, const Bytes *bytes, const char *name, Status *status) {
    enum { MAGIC = 4, UNSIGNED_BYTE = 8, SIZES_MAX = 8 };
    const uint8_t *data = bytes->data;
    *idx = (Idx){0};
    if (bytes->size < MAGIC || data[0] != 0 || data[1] != 0)
        return status_fail(
            status, STATUS_BAD_INPUT, "%s: is not an IDX file: it does not begin with its magic", name);
    int type = data[2], n_sizes = data[3];
    if (type != UNSIGNED_BYTE)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s: has values of IDX type 0x%02x; images and labels are unsigned bytes, 0x08", name, type);
    if (n_sizes < 1 || n_sizes > SIZES_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "%s: has %d dimensions; there are 1 to %d", name, n_sizes, SIZES_MAX);
    size_t header = MAGIC + 4 * (size_t)n_sizes;
    if (bytes->size < header)
        return status_fail(status, STATUS_BAD_INPUT, "%s: ends within its header", name);
    double claimed = claimed_values(data + MAGIC, n_sizes), there = (double)(bytes->size - header);
    if (claimed != there)
        return status_fail(status, STATUS_BAD_INPUT, "%s: says that it holds %.0f values, and %s: %.0f", name,
            claimed, claimed > there ? "ends early" : "holds more", there);
    idx->n = big_endian(data + MAGIC);
    idx->each = idx->n ? (bytes->size - header) / idx->n : 0;
    idx->values = data + header;
    if (n_sizes != 3) return true;
    idx->height = (int)big_endian(data + MAGIC + 4);
    idx->width = (int)big_endian(data + MAGIC + 8);
    return true;
}

typedef struct OpenPair {
    Idx images, labels;
    int largest; /* label */
} OpenPair;

static bool open_pair(OpenPair *open, const IdxPair *pair, Status *status) {
    if (!idx_open(&open->images, &pair->images, pair->images_name, status) ||
        !idx_open(&open->labels, &pair->labels, pair->labels_name, status))
        return false;
    if (open->images.n == 0 || open->images.each == 0 || open->images.each > DATASET_INPUTS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "%s: holds %zu images of %zu pixels", pair->images_name,
            open->images.n, open->images.each);
    if (open->labels.n != open->images.n || open->labels.each != 1)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s: does not hold one label for each of the %zu images of %s", pair->labels_name, open->images.n,
            pair->images_name);
    open->largest = 0;
    for (size_t i = 0; i < open->labels.n; i++)
        if (open->labels.values[i] > open->largest) open->largest = open->labels.values[i];
    return true;
}

static bool check_labels(const OpenPair *open, const IdxPair *pair, int n_classes, Status *status) {
    if (open->largest < n_classes) return true;
    size_t at = 0;
    while (open->labels.values[at] < n_classes) at++;
    return status_fail(status, STATUS_BAD_INPUT, "%s: label %zu is %d; there are %d classes, from 0",
        pair->labels_name, at + 1, open->labels.values[at], n_classes);
}

static void copy_pair(Dataset *dataset, const OpenPair *open, size_t first) {
    float shade[256];
    for (int i = 0; i < 256; i++) shade[i] = (float)i / 255;
    float *input = dataset->inputs + first * (size_t)dataset->n_in;
    for (size_t i = 0; i < open->images.n * open->images.each; i++) input[i] = shade[open->images.values[i]];
    for (size_t i = 0; i < open->labels.n; i++) dataset->labels[first + i] = open->labels.values[i];
}

Dataset *idx_read(const IdxPair *training, const IdxPair *test, int n_classes, Status *status) {
    OpenPair first, second = {0};
    if (!open_pair(&first, training, status) || (test && !open_pair(&second, test, status))) return NULL;
    if (n_classes == 0) n_classes = first.largest + 1;
    if (!check_labels(&first, training, n_classes, status) ||
        (test && !check_labels(&second, test, n_classes, status)))
        return NULL;
    if (test && second.images.each != first.images.each) {
        status_fail(status, STATUS_BAD_INPUT, "%s: has images of %zu pixels, and %s of %zu",
            test->images_name, second.images.each, training->images_name, first.images.each);
        return NULL;
    }
    size_t n = first.images.n + second.images.n;
    Dataset *dataset = dataset_create(n, (int)first.images.each, n_classes, false, status);
    if (!dataset) {
        status_prefix(status, "%s", training->images_name);
        return NULL;
    }
    dataset->width = first.images.width;
    dataset->height = first.images.height;
    dataset->n_test = second.images.n;
    copy_pair(dataset, &first, 0);
    if (test) copy_pair(dataset, &second, first.images.n);
    return dataset;
}
