/* The colours of a picture: two themes of equal quality. Racers' colours are the Okabe-Ito set, told apart by
 * the colour-blind too; a racer is also told by its marker. */
#ifndef SLALOM_THEME_H
#define SLALOM_THEME_H

#include "canvas.h"

enum { THEME_MAP_STOPS = 256, RACER_COLOURS = 8 };

typedef struct Theme {
    const char *name;                 /* "dark", "light" */
    Colour background, panel, raised; /* behind everything; side panels and bars; buttons, cards */
    Colour line;                      /* separators, grid lines, borders */
    Colour text, dim, faint;          /* by importance */
    Colour accent, on_accent;         /* what is active, and text on it */
    Colour warning;                   /* diverged, errors */
    Colour contour, contour_strong;   /* lines of equal height; every fifth of them */
    Colour trail_edge;                /* the edge around a trail, against the surface */
    Colour label_back;                /* behind a direct label */
    Colour marker, marker_edge;       /* known minima and saddles, the start */
    uint32_t map[THEME_MAP_STOPS];    /* 0xAARRGGBB from low to high: muted, even steps of lightness */
    Colour racers[RACER_COLOURS];
} Theme;

extern const Theme theme_dark, theme_light;
const Theme *theme_find(const char *name); /* NULL where there is none */

#endif
