/* The canvas of pixels of src/sdl, as src/record asks for one. */
#ifndef SLALOM_PIXELS_H
#define SLALOM_PIXELS_H

#include "record.h"

extern const PixelMaker app_pixels;

#endif
