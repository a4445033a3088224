/* The colours of classes: of points, and of the part of the plane that a network takes for one. */
#ifndef SLALOM_CLASS_COLOURS_H
#define SLALOM_CLASS_COLOURS_H

#include "canvas.h"
#include "theme.h"

#include <stdint.h>

enum { CLASS_COLOURS = 8, CLASS_SHADES = 256 };

/* So large a difference of two outputs is shown as certain. */
#define CLASS_CERTAIN 6.0f

Colour class_colour(const Theme *theme, int label); /* of a point */
Colour class_edge_colour(const Theme *theme);       /* around it */
/* 0xAARRGGBB of a place by how far the largest output is above the next, from 0 to CLASS_CERTAIN. */
void class_shades(const Theme *theme, int label, uint32_t shades[CLASS_SHADES]);
/* The same for the size of a number of one sign, evenly: 0, as an undecided place, to CLASS_SHADES - 1. */
void class_even_shades(const Theme *theme, int label, uint32_t shades[CLASS_SHADES]);

#endif
