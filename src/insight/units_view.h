/* Networks as they are built: of a small one every neuron as a picture of what it gives over the data's
 * plane, and every weight as a line between two of them; of a large one each matrix of weights as a picture
 * beside its gradient. One racer, or two to be compared.
 *
 * Numbers are found in passes (unit_maps.h), coarse ones while a network changes and finer ones when it
 * rests, as far as a frame has time. Neurons and lines are units_net.c's, matrices units_strips.c's. */
#ifndef SLALOM_UNITS_VIEW_H
#define SLALOM_UNITS_VIEW_H

#include "boundary_view.h"
#include "canvas.h"
#include "class_colours.h"
#include "field_pass.h"
#include "live_training.h"
#include "point_stamp.h"
#include "subject.h"
#include "unit_maps.h"

#include <stdbool.h>
#include <stdint.h>

/* A network is drawn as neurons up to so many in a layer and so many layers, the inputs one of them. */
enum { UNITS_WIDEST = 16, UNITS_COLUMNS_MAX = 12, UNITS_PANELS = 2 };

/* What a person points at: a neuron, or with `from` a line that ends there, or a cell of a matrix. */
typedef struct UnitsTarget {
    int panel, layer, unit; /* layer 0: the inputs; panel -1: nothing */
    int from;               /* the unit of the layer before; -1: a neuron */
} UnitsTarget;
static const UnitsTarget UNITS_NOTHING = {-1, 0, 0, -1};

/* Where the neurons of a panel are: unit u of layer l at (x + l * dx, middle + (u - (n - 1) / 2) * pitch). */
typedef struct UnitsNet {
    float node, x, dx, middle, pitch;
} UnitsNet;

typedef struct UnitsPanel {
    int racer;
    Rect rect;  /* of the picture drawn last; without width: not shown */
    Rect stage; /* the large map; without width: there is none */
    Rect words; /* numbers in words, likewise */
    UnitsNet net;
    Rect strips[MLP_LAYERS_MAX][2]; /* by layer: its weights and their gradient as matrices, as drawn last */
    UnitNumbers numbers[2];
    int shown;           /* which of them is drawn; the other one is worked on */
    FieldPass field;     /* the classes, under way */
    uint32_t *picture;   /* (stage_px, stage_px): of the large map; owned */
    size_t picture_room; /* pixels */
    int picture_px;      /* its side as it was painted; 0: not yet */
    uint32_t *pixels;    /* room for one neuron, or one matrix; owned */
    size_t pixels_room;
    float *cells; /* room for a matrix, down-sampled; owned */
    size_t cells_room;
} UnitsPanel;

typedef struct UnitsView {
    UnitMaps maps;
    const BoundaryView *examples; /* borrowed: the points, and where they lie */
    bool small;                   /* neurons are drawn; otherwise matrices */
    bool gradients;               /* lines are gradients; otherwise weights */
    bool alone;                   /* one racer, also where there is room for two */
    bool has_room_for_two;
    int chosen, before; /* the racer that was chosen last, and the one before it */
    UnitsPanel panels[UNITS_PANELS];
    int n_panels;
    int working; /* the panel that is worked on; -1: none */
    UnitsTarget hovered, pinned;
    Rect heading, chips;                                             /* of the picture drawn last */
    float weight_full[MLP_LAYERS_MAX], map_full[MLP_LAYERS_MAX + 1]; /* by layer: shown in full colour */
    PointStamps stamps;
    const Theme *theme; /* that all is drawn for */
    float scale;
    uint32_t shades[2][CLASS_SHADES]; /* below and above 0 */
    uint32_t class_shades[CLASS_COLOURS][CLASS_SHADES];
} UnitsView;

/* Shows other networks. */
void units_view_begin(UnitsView *view, const MlpSpec *spec, const Data *data, const BoundaryView *examples);
void units_view_finish(UnitsView *view);

/* Computes for about `budget_s` and draws. state: NULL where there is none yet. */
void units_view_draw(UnitsView *view, Canvas *canvas, Rect plot, const Subject *subject,
    const LiveState *state, double budget_s);
/* Computes alone, for a picture that is drawn later. */
void units_view_work(UnitsView *view, const LiveState *state, double budget_s);
/* What is drawn is of the state, as finely as it will be. */
bool units_view_is_finished(const UnitsView *view, const LiveState *state);

/* What is at a place of the picture drawn last. */
UnitsTarget units_view_at(const UnitsView *view, float x, float y);
/* What is shown large: what is pointed at, or else what was pinned. */
UnitsTarget units_view_target(const UnitsView *view);
bool units_target_is(UnitsTarget a, UnitsTarget b);

/* For widgets over it: a panel's title line, and what lines are, in the heading from `left` on. */
Rect units_view_header(const UnitsView *view, int panel);
void units_view_draw_legend(const UnitsView *view, Canvas *canvas, float left);

#endif
