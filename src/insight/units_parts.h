/* What the files of units_view share. Only units_*.c include this. */
#ifndef SLALOM_UNITS_PARTS_H
#define SLALOM_UNITS_PARTS_H

#include "units_view.h"
#include "widgets.h"

static const float UNITS_HEADER_HEIGHT = 26, UNITS_WORDS_HEIGHT = 15;

/* One panel on its way to the canvas. */
typedef struct UnitsPass {
    const UnitsView *view;
    UnitsPanel *panel;
    int index; /* of the panel */
    Canvas *canvas;
    const Subject *subject;
    const UnitNumbers *numbers; /* NULL: none yet */
} UnitsPass;

/* "neuron 3 of layer 1", "input x1", the class of an output; short: "3", "x1" */
void units_name(const UnitsView *view, int layer, int unit, bool is_short, char out[NUMBER_BYTES * 2]);

/* The number up to which colours go: value or a little more, of few digits, so that it does not change all
 * the time. */
float units_full(double value);
uint32_t units_shade(const UnitsView *view, double value, float full);
/* Room for so many pixels in *pixels; false where memory is out. */
bool units_room(uint32_t **pixels, size_t *room, size_t wanted);

/* Places neurons, the large map and the words in a panel; false where neurons would be too small. */
bool units_net_place(const UnitsView *view, UnitsPanel *panel, Rect rect);
void units_net_draw(const UnitsPass *pass);
/* What lies there, of a panel. */
UnitsTarget units_net_at(const UnitsView *view, int panel, float x, float y);
/* The curve or the points of the large map, into its picture. */
void units_net_stamp(const UnitsView *view, UnitsPanel *panel);
/* How the plane lies under the picture of the large map: x = x0 + dx * pixel, y = y0 + dy * pixel. */
void units_net_sight(const UnitsView *view, int side_px, double *x0, double *dx, double *y0, double *dy);

/* For the legend: a piece of a line around rect's left and right end, by its strength from -1 to 1. */
void units_draw_sample(const UnitsView *view, Canvas *canvas, Rect rect, float share);

/* Numbers in words. */
void units_words_draw(const UnitsPass *pass, UnitsTarget target);

/* Matrices in a panel. */
void units_strips_draw(const UnitsPass *pass);
/* The weight under a place: where a pixel stands for several, that which it shows. */
UnitsTarget units_strips_at(const UnitsView *view, int panel, float x, float y);

#endif
