/* Batches of a table's rows, and the loss of one: the formula of one example, run over the rows that the step
 * has. What a race makes of it is left to surface.c. */
#include "examples.h"

#include "program.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUTS = 6 }; /* f, fx, fy, fxx, fxy, fyy */

const char *const example_order_names[EXAMPLES_ORDERS] = {
    [EXAMPLES_SHUFFLED] = "shuffled",
    [EXAMPLES_DRAWN] = "drawn",
    [EXAMPLES_LISTED] = "listed",
};

struct Examples {
    Formula *formula; /* of one example */
    FormulaTable table;
    size_t batch;
    ExampleOrder order;
    uint64_t seed;
    Program *slope, *curvature; /* f, fx, fy of one example; all six */
    Workspace *slope_workspace, *curvature_workspace;
    double values[SYMBOLS_MAX];
    size_t *taken;                         /* (batch) */
    size_t *shuffled;                      /* (rows): the order of an epoch */
    uint64_t epoch;                        /* whose order that is; UINT64_MAX: none's yet */
    double *gathered[FORMULA_COLUMNS_MAX]; /* (batch): the columns of what is taken */
    double *outputs[OUTPUTS];              /* (rows) */
};

size_t examples_count(const Examples *examples) {
    return examples->table.n_rows;
}

size_t examples_batch(const Examples *examples) {
    return examples->batch;
}

const size_t *examples_taken(const Examples *examples) {
    return examples->taken;
}

/* Taking. */

/* The stream of one step or epoch. */
static Rng stream(const Examples *examples, uint64_t number) {
    Rng rng = rng_seed(examples->seed);
    return rng_seed(rng_next(&rng) ^ number);
}

/* A number in [0, n); the bias of the remainder is n/2^64. */
static size_t below(Rng *rng, size_t n) {
    return (size_t)(rng_next(rng) % n);
}

static void shuffle(Examples *examples, uint64_t epoch) { /* Fisher & Yates */
    size_t n = examples->table.n_rows;
    Rng rng = stream(examples, epoch);
    for (size_t i = 0; i < n; i++) {
        size_t j = below(&rng, i + 1);
        examples->shuffled[i] = examples->shuffled[j];
        examples->shuffled[j] = i;
    }
    examples->epoch = epoch;
}

/* Example number `at` of the endless sequence of epochs. */
static size_t in_epochs(Examples *examples, uint64_t at) {
    uint64_t n = examples->table.n_rows;
    if (examples->order == EXAMPLES_LISTED) return (size_t)(at % n);
    if (at / n != examples->epoch) shuffle(examples, at / n);
    return examples->shuffled[at % n];
}

void examples_take(Examples *examples, uint64_t step) {
    Rng rng = stream(examples, step);
    for (size_t i = 0; i < examples->batch; i++)
        examples->taken[i] = examples->order == EXAMPLES_DRAWN
                                 ? below(&rng, examples->table.n_rows)
                                 : in_epochs(examples, step * examples->batch + i);
    for (int c = 0; c < examples->table.n_columns; c++)
        for (size_t i = 0; i < examples->batch; i++)
            examples->gathered[c][i] = examples->table.values[c][examples->taken[i]];
}

/* Making one. */

static bool compile(Examples *examples, Status *status) {
    Formula *formula = examples->formula;
    Graph *graph = formula->graph;
    NodeId fx = graph_derivative(graph, formula->value, 0), fy = graph_derivative(graph, formula->value, 1);
    const NodeId outputs[OUTPUTS] = {formula->value, fx, fy, graph_derivative(graph, fx, 0),
        graph_derivative(graph, fx, 1), graph_derivative(graph, fy, 1)};
    examples->slope = program_create(graph, formula->symbols, formula->n_symbols, outputs, 3, status);
    if (!examples->slope) return false;
    examples->curvature =
        program_create(graph, formula->symbols, formula->n_symbols, outputs, OUTPUTS, status);
    if (!examples->curvature) return false;
    examples->slope_workspace = workspace_create(examples->slope);
    examples->curvature_workspace = workspace_create(examples->curvature);
    return (examples->slope_workspace && examples->curvature_workspace) ||
           status_fail(status, STATUS_FAILED, "out of memory");
}

static bool allocate(Examples *examples, Status *status) {
    size_t n = examples->table.n_rows;
    examples->taken = calloc(examples->batch, sizeof *examples->taken);
    examples->shuffled = calloc(n, sizeof *examples->shuffled);
    bool good = examples->taken && examples->shuffled;
    for (int i = 0; i < OUTPUTS && good; i++)
        good = (examples->outputs[i] = calloc(n, sizeof(double))) != NULL;
    for (int i = 0; i < examples->table.n_columns && good; i++)
        good = (examples->gathered[i] = calloc(examples->batch, sizeof(double))) != NULL;
    return good || status_fail(status, STATUS_FAILED, "out of memory for %zu examples", n);
}

static bool prepare(Examples *examples, const char *text, const char *const axes[2], Status *status) {
    examples->formula = formula_parse_example(text, strlen(text), axes, 2, &examples->table, status);
    if (!examples->formula) return false;
    if (examples->batch < 1 || examples->batch > examples->table.n_rows)
        return status_fail(status, STATUS_BAD_INPUT, "a batch of %zu: there are 1 to %zu examples",
            examples->batch, examples->table.n_rows);
    return compile(examples, status) && allocate(examples, status);
}

Examples *examples_create(const char *formula, const char *const axes[2], size_t batch, ExampleOrder order,
    uint64_t seed, Status *status) {
    Examples *examples = calloc(1, sizeof *examples);
    if (!examples) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    examples->batch = batch;
    examples->order = order;
    examples->seed = seed;
    examples->epoch = UINT64_MAX;
    if (!prepare(examples, formula, axes, status)) {
        examples_destroy(examples);
        return NULL;
    }
    examples_take(examples, 0);
    return examples;
}

void examples_destroy(Examples *examples) {
    if (!examples) return;
    workspace_destroy(examples->slope_workspace);
    workspace_destroy(examples->curvature_workspace);
    program_destroy(examples->slope);
    program_destroy(examples->curvature);
    for (int i = 0; i < OUTPUTS; i++) free(examples->outputs[i]);
    for (int i = 0; i < FORMULA_COLUMNS_MAX; i++) free(examples->gathered[i]);
    free(examples->taken);
    free(examples->shuffled);
    formula_table_finish(&examples->table);
    formula_destroy(examples->formula);
    free(examples);
}

void examples_bind(Examples *examples, const Formula *formula, const double *values) {
    for (int i = 0; i < formula->n_parameters; i++)
        examples->values[examples->formula->parameters[i].symbol] = values[formula->parameters[i].symbol];
    program_bind(examples->slope, examples->slope_workspace, examples->values);
    program_bind(examples->curvature, examples->curvature_workspace, examples->values);
}

/* Evaluating. */

/* Every example's numbers into `outputs`; how many there are of each. */
static int run(Examples *examples, double *const *columns, size_t n, double x, double y, bool with_hessian) {
    const double *inputs[SYMBOLS_MAX] = {NULL};
    for (int i = 0; i < examples->table.n_columns; i++)
        inputs[examples->formula->n_variables + i] = columns[i];
    examples->values[0] = x;
    examples->values[1] = y;
    if (with_hessian)
        program_run_f64(examples->curvature, examples->curvature_workspace, examples->values, inputs, n,
            examples->outputs);
    else
        program_run_f64(
            examples->slope, examples->slope_workspace, examples->values, inputs, n, examples->outputs);
    return with_hessian ? OUTPUTS : 3;
}

static double hand_out(const double sums[OUTPUTS], double *gradient, double *hessian) {
    for (int i = 0; gradient && i < 2; i++) gradient[i] = sums[1 + i];
    for (int i = 0; hessian && i < 3; i++) hessian[i] = sums[3 + i];
    return sums[0];
}

double examples_evaluate(Examples *examples, double x, double y, double *gradient, double *hessian) {
    double sums[OUTPUTS] = {0};
    size_t n = examples->batch;
    int n_outputs = run(examples, examples->gathered, n, x, y, hessian != NULL);
    for (int k = 0; k < n_outputs; k++) {
        for (size_t i = 0; i < n; i++) sums[k] += examples->outputs[k][i];
        sums[k] /= (double)n;
    }
    return hand_out(sums, gradient, hessian);
}

double examples_weigh(
    Examples *examples, const double *weights, double x, double y, double *gradient, double *hessian) {
    double sums[OUTPUTS] = {0};
    size_t n = examples->table.n_rows;
    int n_outputs = run(examples, examples->table.values, n, x, y, hessian != NULL);
    for (int k = 0; k < n_outputs; k++) {
        for (size_t i = 0; i < n; i++) {
            double weight = weights ? weights[i] : 1;
            if (weight != 0) sums[k] += weight * examples->outputs[k][i];
        }
        if (!weights) sums[k] /= (double)n;
    }
    return hand_out(sums, gradient, hessian);
}
