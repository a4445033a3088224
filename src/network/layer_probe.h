/* What the layers of a network look like at some weights: how the weights are distributed, how their gradient
 * over a sample of examples is, and how many hidden units no longer answer. Worked out in slices, so that
 * somebody who must not wait can have it. */
#ifndef SLALOM_LAYER_PROBE_H
#define SLALOM_LAYER_PROBE_H

#include "dataset.h"
#include "mlp.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

enum { LAYER_BINS = 64, LAYER_SAMPLE_MAX = 1000 };

/* What can go wrong with units of an activation. */
typedef enum LayerFault {
    LAYER_FAULT_NONE,
    LAYER_FAULT_DEAD,      /* on one side of 0 it gives always the same: a unit that is there on every example
                              of the sample learns no more */
    LAYER_FAULT_SATURATED, /* on both sides it comes to an end: outputs within 1 % of their range from one */
} LayerFault;
LayerFault layer_fault(const Activation *activation);

/* Biases are no part of this. */
typedef struct LayerFinding {
    int64_t weights[LAYER_BINS];   /* in equal parts of [-reach, reach] */
    int64_t gradients[LAYER_BINS]; /* by size, in equal parts of the decades; smaller ones in the first */
    int64_t zeros;                 /* gradients that are 0 and in no part */
    double faulty; /* the share of dead units, or of saturated outputs; NAN where there is no such thing */
} LayerFinding;

typedef struct LayerFindings {
    bool is_finite; /* otherwise the weights or the gradient are not, and nothing else is known */
    int n_layers, n_examples;
    LayerFault fault;
    double reach;   /* 1, 2 or 5 times a power of ten: no weight is larger */
    int decades[2]; /* log10 of the gradients' size: from, to */
    LayerFinding layers[MLP_LAYERS_MAX];
} LayerFindings;

typedef struct LayerProbe LayerProbe;

/* Nothing is borrowed: the sample is copied from a part of the data. NULL where memory is out. */
LayerProbe *layer_probe_create(const MlpSpec *spec, const Dataset *dataset, Part part, Status *status);
void layer_probe_destroy(LayerProbe *probe);

/* Begins with other weights, which are copied. */
void layer_probe_begin(LayerProbe *probe, const Vec *weights);
/* Goes on for some milliseconds at most, for all but very large networks. False once there is nothing left to
 * do. */
bool layer_probe_slice(LayerProbe *probe);

/* Of the weights before; borrowed. They are there once a slice has returned false, until the next begin. */
const LayerFindings *layer_probe_findings(const LayerProbe *probe);

#endif
