/* Pixels to a PNG file, by libpng. */
#ifndef SLALOM_PNG_FILE_H
#define SLALOM_PNG_FILE_H

#include "status.h"

#include <stdint.h>
#include <stdio.h>

/* Writes (height, width) opaque pixels 0xAARRGGBB as 8-bit RGB. The same pixels give the same bytes.
 * False and a status where the stream does not take them. */
bool png_write(FILE *file, const uint32_t *pixels, int width, int height, Status *status);

#endif
