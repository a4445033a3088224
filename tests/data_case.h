/* Data that have to be there. */
#ifndef SLALOM_TEST_DATA_CASE_H
#define SLALOM_TEST_DATA_CASE_H

#include "test.h"

#include "data.h"

#include <stdio.h>

static inline void open_good(Data *data, const char *text) {
    Status status = status_ok();
    if (!data_open(data, text, 1, &status)) fail_msg("%s: %s", text, status.message);
}

/* The file that somebody would write by hand, without its folder. */
static inline void write_file(const char *name, const char *text) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#endif
