/* A colour for each layer, along a ramp from the first to the last. */
#ifndef SLALOM_LAYER_COLOURS_H
#define SLALOM_LAYER_COLOURS_H

#include "canvas.h"
#include "theme.h"

/* Even steps from blue to yellow. layer: 0..n - 1 */
Colour layer_colour(const Theme *theme, int layer, int n);

#endif
