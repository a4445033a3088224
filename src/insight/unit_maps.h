/* The numbers of one network's units and weights: what each unit gives over the plane, along a line, or on
 * average, and the gradient of the loss by each weight. Asked for piece by piece, so that it can be left off
 * and gone on with. Drawing is left to units_view. */
#ifndef SLALOM_UNIT_MAPS_H
#define SLALOM_UNIT_MAPS_H

#include "data.h"
#include "live_training.h"
#include "mlp.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* Where units are asked. */
typedef enum UnitsGround {
    UNITS_NOWHERE, /* only weights and gradients are wanted */
    UNITS_MEAN,    /* the mean over some training examples */
    UNITS_LINE,    /* along the one input */
    UNITS_PLANE,   /* over the two inputs */
} UnitsGround;

/* Gradients are of the minibatch that the next step sees, where a state has it; otherwise over so many
 * training examples at most. */
enum { UNITS_SAMPLE_MAX = 256 };

/* Of one racer at one step. */
typedef struct UnitNumbers {
    int64_t step; /* -1: none yet */
    int racer;
    Vec weights, gradient; /* owned, like the maps */
    int examples;          /* that the gradient is over */
    bool of_batch;         /* they are the minibatch of the next step */
    int side;              /* nodes along each side of a map; 1 where it is a mean */
    /* (units, cells): the inputs', then layer after layer; row 0 at the top, where the second input is
     * largest. NULL where none are asked for. */
    float *maps;
    size_t room;                     /* numbers that there is memory for in the maps */
    float reach[MLP_LAYERS_MAX + 1]; /* by layer, 0 the inputs: the largest |value| of its maps, or twice
their root mean square where that is less */
    /* By layer of weights, of weights and biases together: the largest size; and of weights alone the norm.
     */
    double weight_reach[MLP_LAYERS_MAX], weight_norm[MLP_LAYERS_MAX];
    double gradient_reach[MLP_LAYERS_MAX], gradient_norm[MLP_LAYERS_MAX]; /* of their gradient */
} UnitNumbers;

typedef struct UnitMaps {
    MlpSpec spec;
    const Data *data; /* borrowed */
    UnitsGround ground;
    double from[2], to[2];              /* of the inputs, where units are asked */
    int first_unit[MLP_LAYERS_MAX + 2]; /* by layer, 0 the inputs; and how many units there are */
    size_t first_weight[MLP_LAYERS_MAX + 1];
    Mlp *mlp;       /* NULL: not asked yet; owned, like what follows */
    float *inputs;  /* a piece of places, or all examples of a gradient */
    float *outputs; /* (piece, widest layer) */
    int32_t *labels;
    float *targets;
    Vec piece_gradient;
    /* What is worked on. */
    UnitNumbers *to_find;
    int64_t step;
    Batch batch; /* of the gradient, in the arrays above */
    int cells_done, examples_done;
} UnitMaps;

/* Of other networks: from `from` to `to` in each input that the ground has. Cheap; what was found is kept by
 * whoever asked. */
void unit_maps_begin(UnitMaps *maps, const MlpSpec *spec, const Data *data, UnitsGround ground,
    const double from[2], const double to[2]);
void unit_maps_finish(UnitMaps *maps);

/* Begins with a racer of a state, which is copied. False where memory is out. */
bool unit_maps_ask(UnitMaps *maps, UnitNumbers *numbers, const LiveState *state, int racer, int side);
/* Goes on until a moment (unit_maps_now_s). True once all is found. */
bool unit_maps_work(UnitMaps *maps, double end_s);
double unit_maps_now_s(void);

void unit_numbers_finish(UnitNumbers *numbers);

/* By layer, 0 the inputs. (cells) */
const float *unit_map(const UnitMaps *maps, const UnitNumbers *numbers, int layer, int unit);
/* At a place of a map, (0, 0) its top left corner and (1, 1) the bottom right one: between its nodes. */
double unit_map_at(const float *map, int side, double x, double y);
/* Of a layer of weights, from 0: where a weight, or a unit's bias, is in the vector. */
size_t unit_weight(const UnitMaps *maps, int layer, int from, int to);
size_t unit_bias(const UnitMaps *maps, int layer, int unit);

#endif
