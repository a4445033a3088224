/* Any bytes as a pair of IDX files, cut in two at a place that the first bytes say: read or refused with a
 * message; what is read has as many examples as fit, with labels that are classes. */
#include "bytes.h"
#include "idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void try_pair(const IdxPair *pair, const IdxPair *test, int n_classes) {
    Status status = status_ok();
    Dataset *dataset = idx_read(pair, test, n_classes, &status);
    if (!dataset) {
        require(status.code == STATUS_BAD_INPUT && status.message[0], "a failure says why");
        return;
    }
    require(dataset->n * (size_t)dataset->n_in <= pair->images.size + (test ? test->images.size : 0),
        "no more pixels than bytes");
    for (size_t i = 0; i < dataset->n; i++)
        require(dataset->labels[i] >= 0 && dataset->labels[i] < dataset->n_out, "labels are classes");
    for (size_t i = 0; i < dataset->n * (size_t)dataset->n_in; i++)
        require(dataset->inputs[i] >= 0 && dataset->inputs[i] <= 1, "pixels are from 0 to 1");
    require(
        dataset->width == 0 || dataset->width * dataset->height == dataset->n_in, "an image has its pixels");
    dataset_destroy(dataset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    size_t cut = 2 + (data[0] | (size_t)data[1] << 8);
    if (cut > size) cut = size;
    IdxPair pair = {.images_name = "images", .labels_name = "labels"};
    Status status = status_ok();
    if (bytes_unpack(&pair.images, data + 2, cut - 2, "images", &status) &&
        bytes_unpack(&pair.labels, data + cut, size - cut, "labels", &status)) {
        try_pair(&pair, NULL, 0);
        try_pair(&pair, &pair, 3);
    }
    bytes_finish(&pair.images);
    bytes_finish(&pair.labels);
    return 0;
}
