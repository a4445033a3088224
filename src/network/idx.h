/* IDX, the format of MNIST: unsigned bytes in an array whose sizes stand in front. */
#ifndef SLALOM_IDX_H
#define SLALOM_IDX_H

#include "bytes.h"
#include "dataset.h"
#include "status.h"

#include <stddef.h>

/* A file's array: n things of `each` bytes. */
typedef struct Idx {
    size_t n, each;
    int width, height; /* of an image; 0 where a thing is none */
    const uint8_t *values;
} Idx;

/* Looks at bytes that stay the caller's. Fails with "NAME: why" for another format or type, for sizes that
 * the bytes do not fill, and where there are more. */
bool idx_open(Idx *idx, const Bytes *bytes, const char *name, Status *status);

/* A pair of files: images and their labels. */
typedef struct IdxPair {
    Bytes images, labels; /* borrowed */
    const char *images_name, *labels_name;
} IdxPair;

/* Examples of a training pair and, where not NULL, of a test pair that follows. Pixels become 0 to 1. There
 * are n_classes classes; 0: as many as the training labels tell of. NULL where it fails. */
Dataset *idx_read(const IdxPair *training, const IdxPair *test, int n_classes, Status *status);

#endif
