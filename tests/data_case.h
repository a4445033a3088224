/* Data that have to be there. */
#ifndef SLALOM_TEST_DATA_CASE_H
#define SLALOM_TEST_DATA_CASE_H

#include "test.h"

#include "data.h"

static inline void open_good(Data *data, const char *text) {
    Status status = status_ok();
    if (!data_open(data, text, 1, &status)) fail_msg("%s: %s", text, status.message);
}

#endif
