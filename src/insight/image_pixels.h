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

/* From 0, black, to 1, white. pixels: (height_px, width_px) 0xAARRGGBB */
void image_pixels_grey(const ImageNumbers *image, uint32_t *pixels, int width_px, int height_px);
/* From -most, by way of 0, to most, in the colours of image_sign_colour. */
void image_pixels_signed(const ImageNumbers *image, double most, const Theme *theme, uint32_t *pixels,
    int width_px, int height_px);

/* sign: -1 to 1. */
Colour image_sign_colour(const Theme *theme, double sign);

#endif
