/* Writing a file so that a failure never leaves half of one: to a temporary name beside it, then renamed. */
#ifndef SLALOM_FILE_H
#define SLALOM_FILE_H

#include "status.h"

#include <stdbool.h>
#include <stdio.h>

/* An output under way. Start with output_open; end with output_commit or output_abandon, each of which
 * closes it. */
typedef struct Output {
    FILE *file;      /* to write to */
    char *path;      /* the final name; NULL for standard output */
    char *temporary; /* the name until then; NULL where the target is written in place (a pipe, a device) */
} Output;

/* Opens `path` for writing, or standard output for "-". Fails where the place cannot be written. */
bool output_open(Output *output, const char *path, Status *status);
/* Flushes, checks that every byte arrived, renames. On failure the temporary file is gone. */
bool output_commit(Output *output, Status *status);
void output_abandon(Output *output);

#endif
