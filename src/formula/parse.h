/* Text to graph.
 *
 * The language is what a person writes: x^2 or x**2 or x², 2x, 2(x+1), π, ½, comparisons, c ? a : b, the
 * functions of operation.h, the constants pi and e. `^` binds tighter than unary minus and is
 * right-associative; a product without a sign binds like `*`. Besides the functions of the table:
 *
 *   iterate(s, start, n, next)             s begins at `start` and becomes `next`, a formula of s, n times
 *   mean(body, x=[1, 2, 3], t=[0, 1, 1])   the mean of body over the rows of a small table of data
 *   sum(body, x=[...], ...)                their sum
 *
 * n is a whole number in the text; the columns of one table are equally long. A formula may end in `where`
 * and definitions: `0.5*(u^2 + kappa*v^2) where u = x + y, v = x - y, kappa = 50 in [1, 1e4] log`. A
 * definition that is a plain number is a parameter that a person may set; `in [min, max]` gives its range
 * and `log` says that its slider is logarithmic; any other definition is a shorthand. Definitions may use
 * each other, in any order, without going in circles.
 *
 * Text need not be NUL-terminated; it may hold any bytes. Errors name the place as formula:LINE:COLUMN (from
 * 1, columns in characters), quote the line (cut to what fits) with a caret under the place, set
 * status->place, and say the nearest name for an unknown one. Depth, nodes and text length are bounded:
 * nothing a formula says can make parsing slow, deep or large. */
#ifndef SLALOM_PARSE_H
#define SLALOM_PARSE_H

#include "graph.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FORMULA_TEXT_BYTES_MAX = 1 << 16,
    FORMULA_DEPTH_MAX = 200, /* of parentheses, signs and right-hand powers */
    FORMULA_PARAMETERS_MAX = 16,
    FORMULA_COLUMNS_MAX = 16, /* of a table of data */
};

typedef struct FormulaParameter {
    char name[SYMBOL_NAME_BYTES];
    double value;    /* the default */
    double min, max; /* where the text gives no range: 0.1 to 10 times the value, or -10 to 10 for 0 */
    bool ranged;     /* the text gives the range; otherwise it is only what a slider offers */
    bool logarithmic;
    int symbol; /* its symbol in the formula's graph */
} FormulaParameter;

/* A scalar formula of a few variables, with its parameters. The first n_variables symbols are the variables
 * in the order given to formula_parse, at LEVEL_ELEMENT; the parameters follow at LEVEL_FIXED. */
typedef struct Formula {
    Graph *graph; /* owned */
    Symbol symbols[SYMBOLS_MAX];
    int n_symbols;
    int n_variables;
    FormulaParameter parameters[FORMULA_PARAMETERS_MAX];
    int n_parameters;
    NodeId value;
} Formula;

/* NULL and a filled status on bad text. The caller destroys it. */
Formula *formula_parse(
    const char *text, size_t length, const char *const variables[], int n_variables, Status *status);
/* What stands from `where` on, without a formula; `what` is the word that messages begin with. There is no
 * value. */
Formula *formula_parse_definitions(const char *what, const char *text, size_t length, Status *status);
void formula_destroy(Formula *formula);

/* A small table of data: columns of numbers, all of one length. */
typedef struct FormulaTable {
    char names[FORMULA_COLUMNS_MAX][SYMBOL_NAME_BYTES];
    double *values[FORMULA_COLUMNS_MAX]; /* (n_rows) each; owned */
    int n_columns;
    size_t n_rows;
} FormulaTable;
void formula_table_finish(FormulaTable *table); /* fine on {0} */

/* The same formula as it is for one example: the columns of its one table are symbols at LEVEL_ELEMENT,
 * column i being number n_variables + i, and the variables are at LEVEL_STEP. A mean is then its body, a sum
 * the body times the number of rows, so that the mean of this over the rows is the formula wherever that is
 * linear in its mean or sum. *table is filled in, for the caller to finish. Fails also where there is not one
 * table. */
Formula *formula_parse_example(const char *text, size_t length, const char *const variables[],
    int n_variables, FormulaTable *table, Status *status);

/* What a script over vectors may also say: norm(v), dot(a, b), mean(v), sum(v) and max(v) of a vector, each
 * one number, and randn(), a vector of standard normal numbers. Each stands in the graph as a symbol of its
 * own, which is no name: whoever runs the script computes it first, in this order. */
typedef enum ReductionKind { REDUCTION_SUM, REDUCTION_MAX, REDUCTION_COUNT } ReductionKind;

typedef struct Reduction {
    ReductionKind kind; /* COUNT: how many elements there are, whatever the operand */
    NodeId operand;     /* what is reduced; may contain the symbols of reductions before it */
    int symbol;         /* the result: one number, LEVEL_STEP */
} Reduction;

enum { REDUCTIONS_MAX = 16, NOISES_MAX = 4 };

typedef struct VectorTerms {
    Symbol symbols[SYMBOLS_MAX]; /* the caller's, then these hidden ones */
    int n_symbols;
    Reduction reductions[REDUCTIONS_MAX];
    int n_reductions;
    int noises[NOISES_MAX]; /* symbols of randn(), LEVEL_ELEMENT: each its own vector */
    int n_noises;
} VectorTerms;

/* One expression over given symbols, into an existing graph. `terms` is filled in; NULL: there are no
 * vectors. `what` is the word that error messages begin with (formula: "formula"). */
bool expression_parse(Graph *graph, const char *what, const char *text, size_t length, const Symbol *symbols,
    int n_symbols, VectorTerms *terms, NodeId *value, Status *status);

/* What a script leaves in a symbol. */
typedef struct Assignment {
    int symbol;
    NodeId value;
} Assignment;

/* Statements separated by `;` (or new lines), read in order: `name = expression`, or with += -= *= /=. An
 * assignable symbol may be assigned any number of times, and each statement sees what stands before it. A
 * new name becomes a local shorthand, unless a later statement of the script would then read it before it is
 * set. Errors: assigning to a symbol that is not assignable (g, lr, t), setting a LEVEL_STEP symbol from a
 * LEVEL_ELEMENT value. On success assignments[0..n_assignments) holds the final value of each symbol that was
 * assigned, by ascending symbol; room for n_symbols of them. */
bool script_parse(Graph *graph, const char *what, const char *text, size_t length, const Symbol *symbols,
    int n_symbols, VectorTerms *terms, Assignment *assignments, int *n_assignments, Status *status);

#endif
