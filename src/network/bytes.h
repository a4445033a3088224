/* A whole file in memory, unpacked where it is compressed by gzip. */
#ifndef SLALOM_BYTES_H
#define SLALOM_BYTES_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file that is larger, or unpacks to more, is refused. */
#define BYTES_MAX ((size_t)1 << 31)

typedef struct Bytes {
    uint8_t *data; /* owned; NULL where size is 0 */
    size_t size;
} Bytes;

/* Fails with "PATH: why" for a file that cannot be read, and one that is damaged or ends early. */
bool bytes_load(Bytes *bytes, const char *path, Status *status);

/* The same for what is in memory already; `name` is what messages call it. */
bool bytes_unpack(Bytes *bytes, const uint8_t *packed, size_t size, const char *name, Status *status);

void bytes_finish(Bytes *bytes);

#endif
