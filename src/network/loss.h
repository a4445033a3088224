/* What a network is trained to make small: one row each. The loss of a batch is the mean over its examples.
 */
#ifndef SLALOM_LOSS_H
#define SLALOM_LOSS_H

#include <stdbool.h>
#include <stddef.h>

/* What the examples of a loss must bring. */
typedef enum LossTarget {
    LOSS_TARGET_LABEL,  /* a class; with one output unit 0 or 1, else one unit for each class */
    LOSS_TARGET_VALUES, /* a number for each output unit */
} LossTarget;

typedef struct Loss {
    const char *name;    /* on the command line */
    const char *title;   /* for people */
    const char *formula; /* of one example: y the outputs, c the class, t the target */
    LossTarget target;
    int outputs_min; /* the fewest output units that it has a meaning for */
    /* With one output unit, class 1 is an output above this. */
    double boundary;
    /* Sets losses[i] to the loss of example i, with outputs z and targets t (0 and 1 for a class), and
     * slopes to the derivative by each output. z, t, slopes: (rows, n); slopes may be z;
     * losses: (rows) */
    void (*judge)(const double *z, const double *t, double *slopes, double *losses, int rows, int n);
    /* The change of one example's slopes when z changes by v: curve = (second derivative) v. (n) */
    void (*curvature)(const double *z, const double *v, double *curve, int n);
    /* How much the outputs of one example speak for each class, from 0 to 1; with one output unit for class
     * 1. z, p: (n). NULL where the targets are values. */
    void (*belief)(const double *z, double *p, int n);
} Loss;

extern const Loss loss_table[];
extern const int loss_count;
const Loss *loss_find(const char *name); /* NULL where there is none */

#endif
