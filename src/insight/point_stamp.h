/* Examples as small discs and rings, put into pixels: thousands of them in a millisecond. */
#ifndef SLALOM_POINT_STAMP_H
#define SLALOM_POINT_STAMP_H

#include "canvas.h"

#include <stdint.h>

typedef enum StampShape {
    STAMP_DISC, /* one that is learned from */
    STAMP_RING, /* one that is not */
    STAMP_EDGE, /* around both */
    STAMP_WRONG, /* a thin ring close around both */
    STAMP_HALO,  /* a wider one around that: in the minibatch */
    STAMP_SHAPES,
} StampShape;

enum { STAMP_SIDE_MAX = 41 };

/* How much of each pixel around the middle one a shape covers. */
typedef struct PointStamps {
    int reach;                                  /* pixels to each side, of the largest */
    int8_t sides[STAMP_SHAPES][STAMP_SIDE_MAX]; /* by row, to each side of the middle; -1: nothing of it */
    uint8_t coverage[STAMP_SHAPES][STAMP_SIDE_MAX * STAMP_SIDE_MAX];
} PointStamps;

/* size: how large the shapes are, 1 as usual; scale: device pixels to a logical one. */
void point_stamps_make(PointStamps *stamps, float size, float scale);

/* Of a shape of the usual size, in logical pixels; inner: below 0 for one that is filled. */
void point_stamp_radii(StampShape shape, float *inner, float *outer);

/* At a pixel of (height, width), as far as it lies inside. */
void point_stamp(const PointStamps *stamps, StampShape shape, uint32_t *pixels, int width, int height, int x,
    int y, Colour colour);

#endif
