/* Images and weights as pixels of the screen: each number is a rectangle of them, not blurred. */
#ifndef SLALOM_IMAGE_PIXELS_H
#define SLALOM_IMAGE_PIXELS_H

#include "theme.h"

#include <stdint.h>

/* (height, width), row-major. */
typedef struct ImageNumbers {
    const float *numbers;
    int width, height;
} ImageNumbers;

/* Colours in even steps, with one in the middle: 0xAARRGGBB. */
enum { IMAGE_SHADES = 511 };

/* Numbers from `low`, the first shade, to `high`, the last. pixels: (height_px, width_px) */
void image_pixels(const ImageNumbers *image, double low, double high, const uint32_t shades[IMAGE_SHADES],
    uint32_t *pixels, int width_px, int height_px);

void image_shades_grey(uint32_t shades[IMAGE_SHADES]); /* from black to white */
/* From minus one to one, by way of nothing, in the colours of image_sign_colour. */
void image_shades_signed(const Theme *theme, uint32_t shades[IMAGE_SHADES]);

/* sign: -1 to 1. */
Colour image_sign_colour(const Theme *theme, double sign);

#endif
