/* What networks have learned of data in the plane: a panel a racer with the class that it takes each place
 * for, the examples, those that it gets wrong, and the minibatch that the next step sees. Of data with one
 * input and a number to predict: the curve that a network draws through them.
 *
 * Pictures are computed in passes, coarse ones while a network changes and finer ones when it rests, one
 * panel after the other as far as a frame has time. */
#ifndef SLALOM_BOUNDARY_VIEW_H
#define SLALOM_BOUNDARY_VIEW_H

#include "canvas.h"
#include "class_colours.h"
#include "data.h"
#include "field_pass.h"
#include "live_training.h"
#include "mlp.h"
#include "point_stamp.h"
#include "status.h"
#include "subject.h"

#include <stdbool.h>
#include <stdint.h>

/* Of large data so many examples are shown. */
enum { BOUNDARY_TRAINING_MAX = 600, BOUNDARY_VALIDATION_MAX = 300 };

/* At the bottom of the plot, for the line that says how examples are marked. */
#define BOUNDARY_LEGEND_HEIGHT 22.0f

typedef enum BoundaryKind { BOUNDARY_NONE, BOUNDARY_PLANE, BOUNDARY_CURVE } BoundaryKind;

typedef struct BoundaryPanel {
    Rect rect; /* of the picture drawn last; without width: not shown */
    int width_px, height_px;
    uint32_t *pixels; /* (height_px, width_px); owned */
    size_t room;      /* pixels that there is memory for */
    FieldPass field;
    int64_t pass_step; /* the state and the fineness of its pass under way */
    int pass_cell;
    int64_t step;   /* of the weights that it shows; -1: nothing yet, */
    bool remembers; /* but what it showed before a change, until it is drawn anew */
    int cell_px;    /* how fine it is */
    uint64_t order; /* when it was drawn: the oldest is next */
} BoundaryPanel;

typedef struct BoundaryView {
    BoundaryKind kind;
    const Data *data; /* borrowed */
    Mlp *mlp;         /* to ask; owned, like what follows */
    float *inputs;    /* (examples, n_in): those that are shown, validation last */
    float *answers;   /* (examples): the class, or the number to predict */
    float *outputs;   /* (examples, n_out) */
    int32_t *origins; /* (examples): data_origin; 0: nobody may change it */
    int n_training, n_examples;
    double box[4];      /* what lies in sight: x from, to, y from, to; points by hand only widen it evenly */
    double ns_per_cell; /* what asking for one place takes */
    uint64_t drawn, seen; /* panels drawn so far, and those of them that are on the canvas */
    BoundaryPanel panels[RACE_RACERS_MAX];
    int n_panels;
    PointStamps stamps;
    const Theme *theme; /* that all is drawn for */
    float scale;
    float point_size; /* of the stamps */
    uint32_t shades[CLASS_COLOURS][CLASS_SHADES];
} BoundaryView;

/* Shows other networks. False where memory is out. */
bool boundary_view_begin(
    BoundaryView *view, const MlpSpec *spec, const Data *data, int n_racers, Status *status);
void boundary_view_finish(BoundaryView *view);

/* Computes for about `budget_s` and draws. legend: for a line that says how examples are marked. state: NULL
 * where there is none yet. */
void boundary_view_draw(BoundaryView *view, Canvas *canvas, Rect plot, Rect legend, const Subject *subject,
    const LiveState *state, double budget_s);
/* The same over the picture that was drawn last: panels that have changed since. */
void boundary_view_refresh(
    BoundaryView *view, Canvas *canvas, const Subject *subject, const LiveState *state, double budget_s);
/* Every panel shows the state as finely as it will. */
bool boundary_view_is_finished(const BoundaryView *view, const LiveState *state);

/* Where a point of the canvas lies in the data, as the networks see them: two inputs, or an input and what is
 * to be predicted. False where there is no field of the racer's panel. */
bool boundary_view_place(const BoundaryView *view, int racer, Point at, double place[2]);
/* The other way. The racer's panel is shown, here and below. */
Point boundary_view_point(const BoundaryView *view, int racer, const double place[2]);
/* From one logical pixel to the next, to the right and down. */
void boundary_view_unit(const BoundaryView *view, int racer, double unit[2]);

/* Divides `plot` into n panels as large as they get, row by row. rects: (n) */
void boundary_view_divide(Rect plot, int n, float scale, Rect *rects);

#endif
