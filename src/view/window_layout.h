/* Where everything is: computed once a picture, drawn by and hit by the same rectangles. */
#ifndef SLALOM_WINDOW_LAYOUT_H
#define SLALOM_WINDOW_LAYOUT_H

#include "canvas.h"

/* Every edge lies between two device pixels. A part for which there is no room has no width or height. */
typedef struct WindowLayout {
    Rect bar;      /* along the top: the buttons */
    Rect plot;     /* the surface */
    Rect timeline; /* below the plot */
    Rect panel;    /* to the right, the height of plot and timeline: the chart over the cards */
    Rect chart;
    Rect cards;
} WindowLayout;

/* The panel stands where there is room for it, unless the person has said otherwise: then it is hidden, or
 * takes the plot's room as far as it must. */
typedef enum PanelChoice { PANEL_WHERE_ROOM, PANEL_SHOWN, PANEL_HIDDEN } PanelChoice;

WindowLayout window_layout(const Canvas *canvas, PanelChoice choice);

#endif
