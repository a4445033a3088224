/* Any bytes as a CSV file, plain or compressed: read or refused with a message that can be shown and names
 * the file; what is read is a whole data set. */
#include "bytes.h"
#include "csv.h"
#include "text.h"

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

static void check(const Dataset *dataset, bool regression) {
    require(dataset->n > 0 && dataset->n_in > 0 && dataset->n_out > 0, "there is something");
    require(
        regression == (dataset->targets != NULL) && regression != (dataset->labels != NULL), "one answer");
    for (size_t i = 0; i < dataset->n * (size_t)dataset->n_in; i++)
        require(dataset->inputs[i] - dataset->inputs[i] == 0, "inputs are finite");
    for (size_t i = 0; i < dataset->n && !regression; i++)
        require(dataset->labels[i] >= 0 && dataset->labels[i] < dataset->n_out, "labels are classes");
    for (int i = 0; i < dataset->n_out; i++)
        require(text_is_printable(dataset->classes[i].text), "classes can be shown");
    for (int i = 0; i < dataset->n_in; i++)
        require(text_is_printable(dataset->features[i].text), "columns can be shown");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Bytes bytes;
    Status status = status_ok();
    if (!bytes_unpack(&bytes, data, size, "file", &status)) {
        require(strncmp(status.message, "file: ", 6) == 0, "a failure names the file");
        return 0;
    }
    for (int regression = 0; regression < 2; regression++) {
        const CsvSpec spec = {.answer = regression ? "y" : NULL, .regression = regression};
        status = status_ok();
        Dataset *dataset = csv_read((const char *)bytes.data, bytes.size, "file", &spec, &status);
        if (dataset)
            check(dataset, regression);
        else
            require(status.code == STATUS_BAD_INPUT && strncmp(status.message, "file:", 5) == 0,
                "a failure names the file");
        dataset_destroy(dataset);
    }
    bytes_finish(&bytes);
    return 0;
}
