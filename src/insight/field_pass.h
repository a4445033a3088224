/* A network's outputs over a part of the plane, on a grid of nodes, and their picture: asked for row by row,
 * so that it can be left off and gone on with. */
#ifndef SLALOM_FIELD_PASS_H
#define SLALOM_FIELD_PASS_H

#include "class_colours.h"
#include "mlp.h"

#include <stdbool.h>
#include <stdint.h>

/* Nodes lie on every cell_px-th pixel, and one beyond the last. */
typedef struct FieldPass {
    int cell_px, columns, rows;
    int channels;      /* one: the second class less the first; otherwise one for each class */
    int done;          /* rows that are asked for */
    float *outputs;    /* (rows, columns, channels); owned */
    float *inputs;     /* (columns, 2); owned */
    float *answers;    /* (columns, n_out); owned */
    float *margins[2]; /* (pixels of a row + 2); owned */
    size_t outputs_room, row_room, margins_room;
} FieldPass;

void field_pass_finish(FieldPass *pass);

/* Begins again, for a picture of so many pixels; false where memory is out. */
bool field_pass_begin(FieldPass *pass, int width_px, int height_px, int cell_px, const MlpSpec *spec);

/* Asks for the next row of nodes. The plane: x = x0 + dx * pixel, y = y0 + dy * pixel. True once there is
 * none left. */
bool field_pass_row(
    FieldPass *pass, Mlp *mlp, const Vec *weights, double x0, double dx, double y0, double dy);

/* The picture of a finished pass: (height_px, width_px), with a line where the class changes. */
void field_pass_paint(FieldPass *pass, uint32_t *pixels, int width_px, int height_px,
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES], Colour line);

#endif
