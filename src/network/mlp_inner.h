/* What the parts of the perceptron share: its memory, and how one pass over some examples is told what to do.
 * Only mlp*.c include this. */
#ifndef SLALOM_MLP_INNER_H
#define SLALOM_MLP_INNER_H

#include "matrix.h"
#include "mlp.h"

/* So many examples are judged at a time. */
enum { JUDGED_ROWS = 64 };

/* Matrices hold slice_rows examples. */
typedef struct Layer {
    int n_in, n_out;
    size_t weights, bias; /* where they begin in x */
    Matrix sums, outputs; /* (slice_rows, n_out): before and after the activation; the same numbers where the
                             activation needs no sums */
    uint8_t *mask;        /* (slice_rows, n_out): 1 where dropout kept a unit; NULL without dropout */
    /* Of a small network, padded: W, W', and the gradient of W. */
    Matrix padded, padded_transposed, padded_gradient;
} Layer;

/* Room for the R-operator: how everything changes when x moves along a direction. */
typedef struct Curvature {
    Matrix sums[MLP_LAYERS_MAX], outputs[MLP_LAYERS_MAX]; /* (slice_rows, n_out) */
    void *deltas[2];                                      /* like Mlp's */
    void *errors, *bend; /* (slice_rows, widest layer): the loss by a layer's outputs; second derivatives */
    Vec unit, column;    /* (dim): for whole Hessians */
    double *along;       /* (n_out): how one example's outputs change */
    void *block;         /* owns them */
} Curvature;

struct Mlp {
    Objective objective; /* first */
    MlpSpec spec;
    Layer layers[MLP_LAYERS_MAX];
    LayoutBlock blocks[2 * MLP_LAYERS_MAX];
    Layout layout;
    bool is_small;   /* its products are loops of our own */
    int slice_rows;  /* examples that are taken at once */
    Matrix inputs;   /* (slice_rows, n_in) of a float64 network; else its data is NULL */
    void *deltas[2]; /* (slice_rows, widest layer), padded: the loss by the sums of a layer and of the one
                        below */
    double *outputs, *targets, *slopes; /* (JUDGED_ROWS, n_out): of some examples */
    void *block;                        /* owns the numbers */
    double bytes;
    Curvature *curvature; /* NULL until it is reserved; owned */
    Batch batch;
    uint64_t step;
    BatchSource source;
    Pool *pool;
    int last_rows; /* in the last slice */
    double batch_error;
    bool notes_errors;
    double error_squares[MLP_LAYERS_MAX]; /* of the last batch: sums over examples and units */
    int noted_size;                       /* its examples */
};

/* One slice of a batch on its way through the network. */
typedef struct Slice {
    Mlp *mlp;
    const Vec *x;
    const Vec *gradient; /* NULL: forward only */
    const Batch *batch;
    int first, rows; /* which examples of it */
    bool training;   /* with dropout and label noise */
    bool unjudged;   /* only outputs are wanted */
    double loss;     /* sums over the slice: */
    int wrong;
    float *outputs, *losses; /* of the whole batch, or NULL */
} Slice;

/* How many numbers apart the rows of a layer with n units are, in deltas and outputs. */
int mlp_stride(const Mlp *mlp, int n);

/* Readies what a vector of parameters needs before its slices. */
void mlp_take_parameters(Mlp *mlp, const Vec *x);

Matrix mlp_slice_inputs(const Slice *slice);                     /* (rows, n_in) */
Matrix mlp_layer_inputs(const Slice *slice, int layer);          /* (rows, n_in of the layer) */
Matrix mlp_weights(const Slice *slice, const Vec *x, int layer); /* W as it lies in a vector */
Matrix mlp_delta(const Mlp *mlp, int layer, int rows);           /* (rows, n_out) */

void mlp_forward(Slice *slice);
/* Loss, error and, where there is a gradient, the last layer's delta. */
void mlp_judge(Slice *slice);
/* The outputs as they are. */
void mlp_read_outputs(const Slice *slice);
/* The slice's part of the gradient, added unless the slice is the first. */
void mlp_backward(Slice *slice);

/* One example's outputs and targets, ready for the loss. */
void mlp_read_example(const Slice *slice, int row, double *outputs, double *targets);

/* delta *= f' of `columns` units from `first_unit` on of a layer, dropout included; delta: (rows, columns).
 */
void mlp_scale_delta(const Slice *slice, int layer, int first_unit, const Matrix *delta);

/* What an Objective answers about curvature. */
bool mlp_reserve_curvature(Objective *objective, Status *status);
void mlp_hessian_vector(Objective *objective, const Vec *x, const Vec *v, const Vec *product);
void mlp_hessian(Objective *objective, const Vec *x, double *hessian);

/* The network that an objective is. */
static inline Mlp *mlp_of(Objective *objective) {
    return (Mlp *)(void *)objective; /* its first member */
}

#endif
