/* Test functions in any number of dimensions: a sum of the same formula over the coordinates, or a quadratic
 * with a given spectrum. What a surface is in the plane, without a picture. */
#ifndef SLALOM_FIELD_H
#define SLALOM_FIELD_H

#include "objective.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum { FIELD_PARAMETERS_MAX = 2, FIELD_DIM_MAX = 100000000 };

typedef enum FieldShape {
    FIELD_COORDINATES, /* the sum of term(x_i) */
    FIELD_PAIRS, /* the sum of term(x_1, x_2), term(x_3, x_4), ...: pairs that know nothing of each other */
    FIELD_CHAIN, /* the sum of term(x_i, x_{i+1}): each coordinate is coupled to the next */
    FIELD_QUADRATIC, /* half the sum of lambda_i u_i^2, u = x turned by a reflection */
} FieldShape;

typedef struct FieldRow {
    const char *name;
    const char *title;
    FieldShape shape;
    const char *term; /* of a and b (the coordinate and its neighbour); of a quadratic: for people */
    double start[2];  /* repeated along the coordinates */
    double minimum;   /* every coordinate of the lowest point */
    struct {
        const char *name;
        double value, min, max;
    } parameters[FIELD_PARAMETERS_MAX]; /* of a quadratic: kappa, rotated */
} FieldRow;

extern const FieldRow field_table[];
extern const int field_count;
const FieldRow *field_find(const char *name); /* NULL where there is none */

typedef struct Field Field;

/* dim: 1..FIELD_DIM_MAX; even for pairs, 2 or more for a chain. */
Field *field_create(const FieldRow *row, size_t dim, Status *status);
void field_destroy(Field *field);

/* A parameter of the row. */
bool field_set(Field *field, const char *name, double value, Status *status);

Objective *field_objective(Field *field); /* float64; borrowed */
const FieldRow *field_row(const Field *field);

#endif
