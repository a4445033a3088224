/* A multilayer perceptron as an objective: its weights and biases are one flat vector.
 *
 * Layer l = 0, 1, .. has weights W (n_in, n_out), row-major, and then a bias b (n_out): a unit's sum is
 * z = W'a + b. Hidden layers apply the activation; the last one is linear, and what its outputs mean is the
 * loss's affair. The loss is the mean over the examples of a batch, and in training l2/2 |W|^2 + l1 |W|_1 of
 * all weights, not of biases.
 *
 * One network serves one thread at a time. Several on the same data, one for each racer, share a BatchSource.
 * The numbers do not depend on the number of threads. */
#ifndef SLALOM_MLP_H
#define SLALOM_MLP_H

#include "activation.h"
#include "batch.h"
#include "layout.h"
#include "loss.h"
#include "objective.h"
#include "pool.h"
#include "status.h"

enum { MLP_LAYERS_MAX = 64, MLP_UNITS_MAX = 1000000 };

/* A network whose memory would be more than this is refused. */
#define MLP_BYTES_MAX 16e9

typedef struct MlpSpec {
    int n_layers;                  /* of weights, 1..MLP_LAYERS_MAX */
    int sizes[MLP_LAYERS_MAX + 1]; /* inputs, hidden units, outputs: 1..MLP_UNITS_MAX each */
    const Activation *activation;  /* of the hidden layers */
    const Loss *loss;
    double l2, l1;  /* 0 or more; 0: off */
    double dropout; /* in [0, 1): the probability that a hidden unit is left out; the others are scaled up */
    double label_noise; /* in [0, 1]: the probability that a label is replaced by another class, all as
                           likely; 0 or more for targets: the standard deviation of what is added to each */
    Precision precision;
    int batch_max; /* examples of the largest batch that is evaluated at once; larger ones go in pieces */
    uint64_t seed; /* of dropout and label noise, whose stream depends on it and the step alone */
} MlpSpec;

/* Reads "784-256-128-10" into n_layers and sizes. */
bool mlp_sizes_read(MlpSpec *spec, const char *text, Status *status);

/* Whether examples with n_in inputs, and n_out classes (or targets) fit the network. `owner` is whose data
 * the message says it is. */
bool mlp_check_data(const MlpSpec *spec, int n_in, int n_out, const char *owner, Status *status);

/* Weights and biases; a double, since it may be too large to count. */
double mlp_parameter_count(const MlpSpec *spec);

typedef struct Mlp Mlp;

/* Fails where a number is out of its range or the memory does not fit. */
Mlp *mlp_create(const MlpSpec *spec, Status *status);
void mlp_destroy(Mlp *mlp);

const MlpSpec *mlp_spec(const Mlp *mlp);
Objective *mlp_objective(Mlp *mlp); /* borrowed; its layout is blocks W, b, W, b, .. */
double mlp_bytes(const Mlp *mlp);   /* what it holds beside the vectors that it is given */

/* The batch of the evaluations to come, which stay in training: with dropout, label noise and penalties.
 * The batch is copied, its numbers are not. `step` names the random stream. */
void mlp_set_batch(Mlp *mlp, const Batch *batch, uint64_t step);

/* Where resample takes its batches. */
void mlp_set_source(Mlp *mlp, BatchSource source);

/* Threads to split a large batch's work over; NULL, as at first: none. Borrowed. Not from inside a task of
 * the same pool. */
void mlp_set_pool(Mlp *mlp, Pool *pool);

/* Of the network as it is used, without dropout, noise and penalties. Batches of any size. */
typedef struct MlpScore {
    double loss;  /* the mean */
    double error; /* share of wrong classes; NAN for regression */
} MlpScore;
MlpScore mlp_score(Mlp *mlp, const Vec *x, const Batch *batch);

/* Outputs of the last layer, and where not NULL each example's loss. outputs: (size, n_out), losses: (size);
 * either may be NULL. */
void mlp_examples(Mlp *mlp, const Vec *x, const Batch *batch, float *outputs, float *losses);
/* The same outputs of inputs alone: the batch needs no labels and no targets. */
void mlp_outputs(Mlp *mlp, const Vec *x, const Batch *batch, float *outputs);

/* Root mean square of layer's outputs over the batch of the last evaluation (or its last piece). layer:
 * 0..n_layers - 1. */
double mlp_activation_rms(const Mlp *mlp, int layer);

/* Whether evaluations with a gradient take note of the error that comes back to each layer, which takes a
 * little time: root mean square, over examples and units, of an example's loss by a unit's sum. Without
 * penalties. mlp_error_rms tells it of the last such evaluation. */
void mlp_note_errors(Mlp *mlp, bool notes);
double mlp_error_rms(const Mlp *mlp, int layer);

/* What the units of a layer gave for the batch of the last evaluation (or its last piece), after the
 * activation: (examples, n_out of the layer). Returns how many examples that are. A batch of up to batch_max
 * examples, and of up to 64 always, is one piece as long as that is no more than 1024. */
int mlp_layer_outputs(const Mlp *mlp, int layer, float *outputs);

/* How the 0-1 error of the batch last evaluated in training came out; NAN for regression. */
double mlp_batch_error(const Mlp *mlp);

#endif
