/* What raster.c (blending), fill.c (areas) and stroke.c (lines) share: the mask that shapes write their
 * coverage to. Nobody else includes this. */
#ifndef SLALOM_RASTER_MASK_H
#define SLALOM_RASTER_MASK_H

#include "raster.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* gcc's and clang's portable vectors: an operator works on all lanes, a comparison gives -1 or 0, a cast
 * keeps the bits. */
typedef uint8_t U8x8 __attribute__((vector_size(8)));
typedef int16_t I16x8 __attribute__((vector_size(16)));

typedef struct PixelBox {
    int x0, y0, x1, y1; /* half open; empty where x0 >= x1 or y0 >= y1 */
} PixelBox;

/* Of a row; empty where begin >= end. */
typedef struct RowSpan {
    int begin, end;
} RowSpan;

struct Raster {
    int width, height; /* device pixels */
    float scale;
    uint32_t *pixels;
    uint8_t *mask;   /* coverage of the shape under way; all zero between shapes */
    int mask_stride; /* width + room for a block of 8 that begins at the last pixel */
    float *area;     /* width + 2: one row of a polygon under way; all zero between rows */
    PixelBox clip;
    RowSpan *touched; /* (height): where the mask may be other than zero, */
    RowSpan rows;     /* and the rows where it may */
};

/* fminf and floorf without their care for NaN and huge numbers, which costs a call for each. */
static inline float lesser(float a, float b) {
    return a < b ? a : b;
}

static inline float greater(float a, float b) {
    return a > b ? a : b;
}

static inline int floor_px(float value) {
    int whole = (int)value;
    return whole - ((float)whole > value);
}

static inline int ceil_px(float value) {
    int whole = (int)value;
    return whole + ((float)whole < value);
}

/* Adds a part of a row to what is touched; rows are added by themselves. Both must lie inside the clip. */
static inline void raster_touch_row(Raster *raster, int y, int begin, int end) {
    RowSpan *row = &raster->touched[y];
    if (begin < row->begin) row->begin = begin;
    if (end > row->end) row->end = end;
}

static inline void raster_touch_rows(Raster *raster, int begin, int end) {
    if (begin < raster->rows.begin) raster->rows.begin = begin;
    if (end > raster->rows.end) raster->rows.end = end;
}

/* Adds a box, inside the clip. */
void raster_touch(Raster *raster, PixelBox box);

/* Blends the colour through the mask, and clears the mask. */
void raster_composite(Raster *raster, Colour colour);

/* Gives all pixels of a box, inside the clip, a colour that is opaque. */
void raster_set_box(Raster *raster, PixelBox box, Colour colour);

/* The whole pixels that [x0, x1] x [y0, y1] may cover, cut to the clip. False where there are none, or where
 * a number is not finite. */
bool raster_box(const Raster *raster, float x0, float y0, float x1, float y1, PixelBox *box);

/* Writes the larger of the mask and eight coverages, cut to 0..most, to the mask. This is the innermost of
 * all that draws lines, hence said in the processor's own words where compilers do not find them. */
static inline void raster_cover_8(uint8_t *mask, I16x8 coverage, int16_t most) {
#ifdef __SSE2__
    __m128i cut = _mm_min_epi16((__m128i)coverage, _mm_set1_epi16(most));
    __m128i bytes = _mm_packus_epi16(cut, cut), old = _mm_loadl_epi64((const __m128i *)(const void *)mask);
    _mm_storel_epi64((__m128i *)(void *)mask, _mm_max_epu8(bytes, old));
#else
    U8x8 bytes;
    memcpy(&bytes, mask, sizeof bytes);
    I16x8 old = __builtin_convertvector(bytes, I16x8), excess = coverage - most;
    I16x8 more = coverage - (excess & (excess > 0)) - old;
    bytes = __builtin_convertvector(old + (more & (more > 0)), U8x8);
    memcpy(mask, &bytes, sizeof bytes);
#endif
}

/* Writes the larger of the mask and a disc to the mask; in device pixels, the centre of a pixel at +0.5. */
void raster_cover_disc(Raster *raster, float x, float y, float radius);

#endif
