/* A PNG in memory, to be put into another file. */
#ifndef SLALOM_PNG_TEXT_H
#define SLALOM_PNG_TEXT_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends (height, width) opaque pixels 0xAARRGGBB as a PNG; with a palette where they have no more colours
 * than that takes, as a map of heights has. The same pixels give the same bytes. False where memory is out.
 */
bool png_append(Text *out, const uint32_t *pixels, int width, int height);

#endif
