/* What networks make of images: the class that each takes each image for, how certain it is, its loss, and
 * the confusion matrix. Of one racer or of two at the same state; worked out beside the window from copies
 * of their weights, so that the training goes on meanwhile. What it found last stays until it has found
 * more. */
#ifndef SLALOM_IMAGE_REVIEWER_H
#define SLALOM_IMAGE_REVIEWER_H

#include "background.h"
#include "data.h"
#include "live_training.h"
#include "mlp.h"
#include "status.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of more images so many are looked at, evenly over all. */
enum { IMAGES_MAX = 10000, IMAGE_CLASSES_MAX = 100, IMAGE_RACERS_MAX = 2 };

/* The images that are looked at: of the validation part, or of the training part where there is none. */
typedef struct ImageSet {
    const Dataset *dataset; /* borrowed */
    Part part;
    bool validates;
    size_t n;
    int n_classes;
} ImageSet;

/* Whether there are images of classes, not too many for a matrix. */
bool image_set_suits(const Dataset *dataset);
ImageSet image_set_of(const Data *data);
size_t image_set_example(const ImageSet *set, size_t image); /* of the data set */
int image_set_label(const ImageSet *set, size_t image);

/* Of one racer. */
typedef struct ImageReview {
    int racer;
    float *losses, *confidences; /* (images): the confidence in the class that it takes it for, 0 to 1 */
    int16_t *classes;            /* (images): that it takes them for */
    uint32_t *confusion;         /* (classes, classes): row: what they are, column: what they are taken for */
    size_t wrong;
    double loss;  /* the mean */
    float *units; /* (units, n_in): the weights of the first layer, by its units */
    Vec weights;  /* by which; owned, like the rest */
} ImageReview;

typedef struct ImageReviews {
    ImageReview of[IMAGE_RACERS_MAX];
    int n;        /* racers */
    int64_t step; /* of the weights; -1: nothing yet */
} ImageReviews;

typedef struct ImageReviewer {
    ImageSet set;
    MlpSpec spec;
    ImageReviews found; /* what is to be shown; the rest is its own */
    uint64_t version;   /* changes with what is found */
    Background *background;
    ImageReviews next; /* under way */
    bool under_way;
    Mlp *mlp;
    float *inputs, *outputs; /* (rows, n_in), (rows, n_out) */
    int32_t *labels;         /* (rows) */
    int rows;                /* images a slice */
    int racer;               /* where it is */
    size_t image;
    double work_s, began_s; /* how long it has worked on this, waiting for a processor too, and since when */
} ImageReviewer;

/* A reviewer that is zero has nothing to do. False where memory is out or the network cannot be; it can be
 * finished all the same. */
bool image_reviewer_begin(
    ImageReviewer *reviewer, const MlpSpec *spec, const Data *data, bool threaded, Status *status);
/* Waits for the slice under way. */
void image_reviewer_finish(ImageReviewer *reviewer);

/* Looks what has been found and goes on to the racers as they are by now: at once where `urgent` or where
 * other racers are asked for, otherwise so seldom that it works for a small share of the time. Without
 * threads it works for about `budget_s`. INFINITY: it ends with what was asked for. racers: (n) */
void image_reviewer_follow(
    ImageReviewer *reviewer, const LiveState *state, const int *racers, int n, bool urgent, double budget_s);
/* It has found what there is to be found of these racers at this state. */
bool image_reviewer_is_finished(
    const ImageReviewer *reviewer, const LiveState *state, const int *racers, int n);

/* What outputs say: the class, as training counts it, and how much speaks for each. outputs: (n_out),
 * beliefs: (n_classes) */
int image_class_of(const Loss *loss, const float *outputs, int n_out, int n_classes, double *beliefs);

#endif
