/* An expectation as a tree: what the parser makes and the evaluation reads. Inside of src/check. */
#ifndef SLALOM_EXPECT_TREE_H
#define SLALOM_EXPECT_TREE_H

#include "quantity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPECT_NODES_MAX = 512, EXPECT_DEPTH_MAX = 64, EXPECT_NONE = -1 };

/* A scene that expectations speak of: a lesson's as it opens, or as it is after one of its steps. */
typedef struct Act {
    const char *name; /* of the step; "" for the scene as it opens */
    const Scene *scene;
} Act;

/* One quantity of one racer that has to be recorded. */
typedef struct Measure {
    int act, racer, layer; /* layer: from 0; 0 where there is none */
    CheckQuantity quantity;
    double argument; /* NAN where it takes none */
    double only;     /* the step that it is recorded at; NAN: at all of them */
} Measure;

typedef struct MeasureList {
    Measure *items; /* owned */
    int n, room;
} MeasureList;

typedef enum ExpectKind {
    EXPECT_NUMBER,
    EXPECT_STEP,    /* the step that an expression over steps is at */
    EXPECT_END,     /* INFINITY: a step beyond all others */
    EXPECT_BEST,    /* only as a measure's step: where its racer was best */
    EXPECT_EPOCH,   /* the step at which a training has done a[0] epochs */
    EXPECT_MEASURE, /* at the step a[0]; without one at the step of the expression around, or at the end */
    EXPECT_FUNCTION,
    EXPECT_FOLD,   /* a[0] over the steps a[1]..a[2]; without these over all */
    EXPECT_GATHER, /* a[0] over the seeds */
    EXPECT_NEGATE,
    EXPECT_ADD,
    EXPECT_SUBTRACT,
    EXPECT_MULTIPLY,
    EXPECT_DIVIDE,
    EXPECT_POWER,
    EXPECT_COMPARE,
    EXPECT_CLOSE, /* a[0] ~ a[1] within a[2], of a[1]'s size where `relative` */
    EXPECT_AND,
    EXPECT_OR,
    EXPECT_NOT,
} ExpectKind;

typedef struct ExpectNode {
    ExpectKind kind;
    bool is_truth;     /* 0 or 1, or NAN where it is not known; otherwise a number */
    bool relative;     /* of CLOSE */
    bool whole_phrase; /* of a claim that stands for words of its own (near): turned round only as a whole */
    bool or_never;     /* of MEASURE: infinite where the step is */
    int a[3];          /* operands; EXPECT_NONE */
    int operation;     /* a TokenKind of COMPARE; a row of FUNCTION, FOLD or GATHER */
    int measure;       /* of MEASURE */
    int act, racer;    /* of MEASURE, BEST, EPOCH; of FOLD those of its first measure, whose steps it takes */
    int depth;         /* of what is below */
    double number;
    const char *word;      /* of a NUMBER that was written as one ("diverged") */
    size_t offset, length; /* in the text */
} ExpectNode;

typedef struct Expectation {
    char *text; /* owned, as all */
    ExpectNode *nodes;
    int n_nodes, root;
} Expectation;

/* Reads an expectation; measures that it needs and that are not there yet are added. What is wrong is said
 * with its column. With `any` a number is taken as well as a claim. On failure nothing is there. */
bool expect_parse(Expectation *out, const char *text, const Act *acts, int n_acts, MeasureList *measures,
    bool any, Status *status);
void expectation_finish(Expectation *expectation);

/* Functions of numbers. */
typedef struct ExpectFunction {
    const char *name, *meaning;
    int n; /* operands */
    double (*of)(const double *operands);
} ExpectFunction;
extern const ExpectFunction expect_functions[];
extern const int expect_function_count;

/* What an expression gives over many steps or seeds, one after the other. */
typedef struct Gathered {
    int64_t n;
    double first, last, sum, least, most, least_step, most_step;
    double sx, sy, sxx, sxy, mean, m2; /* of a line, and of the deviation (Welford 1962) */
    int64_t changes, trues;
    double sign;
    double first_true, first_false, last_true;
    bool unknown; /* a value was none: */
    double unknown_step;
} Gathered;
void gathered_add(Gathered *gathered, double step, double value, bool log_step, bool log_value);

/* Of an expression over steps or over seeds. */
typedef struct ExpectFold {
    const char *name, *meaning;
    bool takes_truth, gives_truth;
    bool log_step, log_value; /* which logarithms the line is of */
    double (*of)(const Gathered *gathered);
} ExpectFold;
extern const ExpectFold expect_folds[]; /* over steps */
extern const int expect_fold_count;
extern const ExpectFold expect_gathers[]; /* over seeds */
extern const int expect_gather_count;

/* Whether a node or what is below it measures anything, and the first measure there. */
bool expect_first_measure(const Expectation *expectation, int node, int *measure);

#endif
