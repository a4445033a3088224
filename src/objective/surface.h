/* A surface: a loss of two numbers given by a formula, shipped as a row of the table or typed by a person.
 * Both are the same thing from here on. */
#ifndef SLALOM_SURFACE_H
#define SLALOM_SURFACE_H

#include "examples.h"
#include "objective.h"
#include "parse.h"
#include "program.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum { SURFACE_STATIONARY_MAX = 12 };

typedef struct Box {
    double x_min, x_max, y_min, y_max;
} Box;

typedef enum StationaryKind {
    STATIONARY_NONE,
    STATIONARY_MINIMUM,
    STATIONARY_SADDLE,
    STATIONARY_MAXIMUM,
    STATIONARY_DEGENERATE, /* the Hessian does not tell (an eigenvalue is zero, or there is none) */
} StationaryKind;
const char *stationary_kind_name(StationaryKind kind); /* "minimum", ... */

typedef struct StationaryPoint {
    double x, y;
    StationaryKind kind;
} StationaryPoint;

/* One shipped surface. Everything that is not said here follows from the formula. */
typedef struct SurfaceRow {
    const char *name;    /* on the command line */
    const char *title;   /* for people */
    const char *formula; /* of axes[0] and axes[1], with its parameters in a `where` */
    const char *axes[2]; /* NULL, NULL: x and y */
    Box box;             /* what is shown at first */
    double start[2];     /* where a race begins that states no start */
    bool log_colour;     /* colour and contours by the logarithm of the height above the lowest point */
    StationaryPoint stationary[SURFACE_STATIONARY_MAX]; /* at the default parameters, to 6 digits or better;
                                                           the first without a kind ends the list */
    const char *note;                                   /* one sentence: what it shows, where it comes from */
} SurfaceRow;

extern const SurfaceRow surface_table[];
extern const int surface_count;
const SurfaceRow *surface_row_find(const char *name); /* NULL where there is none */

typedef struct Surface {
    Objective objective;   /* dim 2, float64: what a race drives */
    const SurfaceRow *row; /* NULL for a typed formula */
    char name[64];         /* the row's, or "formula" */
    char *text;            /* the formula as written; owned */
    const char *axes[2];
    Box box;
    double start[2];
    bool log_colour;
    Formula *formula;   /* owned */
    Examples *examples; /* what the objective shows of it, a batch at a time; NULL: all of it; owned */
    double values[SYMBOLS_MAX];                         /* by symbol: the parameters as they stand */
    NodeId gradient[2], hessian[3];                     /* in formula->graph: fx, fy; fxx, fxy, fyy */
    StationaryPoint stationary[SURFACE_STATIONARY_MAX]; /* polished, at the parameters as they stand */
    int n_stationary;
    /* Compiled forms and the working memory of the thread that owns the surface. */
    Program *value_program;    /* f */
    Program *gradient_program; /* f, fx, fy */
    Program *hessian_program;  /* f, fx, fy, fxx, fxy, fyy */
    Program *row_program;      /* f with y constant along a row of points */
    Workspace *value_workspace, *gradient_workspace, *hessian_workspace;
} Surface;

/* From a shipped name or a formula. A text that is a plain word and no shipped name is an unknown surface
 * (with the nearest name), unless it is an axis. NULL and a status otherwise. */
Surface *surface_create(const char *name_or_formula, Status *status);
void surface_destroy(Surface *surface);

/* Sets a parameter (kappa); fails for a name that there is not, or a value outside its range. */
bool surface_set(Surface *surface, const char *name, double value, Status *status);

/* From here on the objective is the mean of `batch` examples of the formula's table, others at each step:
 * what a race drives. Everything below, and what is drawn, stays the whole formula. Fails where that is not a
 * mean of its examples. */
bool surface_take_batches(Surface *surface, size_t batch, ExampleOrder order, uint64_t seed, Status *status);

/* The loss at a point; where not NULL also gradient[2] = fx, fy and hessian[3] = fxx, fxy, fyy. */
double surface_evaluate(Surface *surface, double x, double y, double *gradient, double *hessian);

/* The same at the n points (x[i], y[i]), many at once: arrays of n numbers each. */
typedef enum SurfaceOutput {
    SURFACE_F,
    SURFACE_FX,
    SURFACE_FY,
    SURFACE_FXX,
    SURFACE_FXY,
    SURFACE_FYY,
    SURFACE_OUTPUTS,
} SurfaceOutput;
void surface_evaluate_many(
    Surface *surface, const double *x, const double *y, size_t n, double *const outputs[SURFACE_OUTPUTS]);

/* f at the n points (x[i], y). `workspace` comes from surface_row_workspace: one for each thread. */
Workspace *surface_row_workspace(const Surface *surface); /* bound to the parameters as they stand */
void surface_row(
    const Surface *surface, Workspace *workspace, const double *x, double y, size_t n, double *f);

/* Every program that a surface has compiled, for those who look at programs rather than run them. */
enum { SURFACE_PROGRAMS = 4 };
void surface_programs(const Surface *surface, const Program *programs[SURFACE_PROGRAMS]);

/* Eigenvalues of a symmetric 2x2 matrix (fxx, fxy, fyy), smallest first. */
void symmetric_eigenvalues(const double hessian[3], double eigenvalues[2]);

/* The lowest value among the stationary minima, if any is known. */
bool surface_lowest(Surface *surface, double *value);

#endif
