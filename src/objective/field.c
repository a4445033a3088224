/* Functions of many coordinates. A sum runs its term's program over the coordinates in chunks; what a term
 * says of its neighbour is added one place further on. */
#include "field.h"

#include "evaluate.h"
#include "names.h"
#include "parse.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, LANES = 8 };

const FieldRow field_table[] = {
    {"rosenbrock", "Rosenbrock's chain", FIELD_CHAIN, "(1 - a)^2 + 100*(b - a^2)^2", {-1.2, 1}, 1,
        {{NULL, 0, 0, 0}}},
    {"rosenbrock_pairs", "Rosenbrock's pairs", FIELD_PAIRS, "(1 - a)^2 + 100*(b - a^2)^2", {-1.2, 1}, 1,
        {{NULL, 0, 0, 0}}},
    {"styblinski_tang", "Styblinski-Tang", FIELD_COORDINATES, "0.5*(a^4 - 16*a^2 + 5*a)", {0.3, 1}, -2.903534,
        {{NULL, 0, 0, 0}}},
    {"quadratic", "Quadratic", FIELD_QUADRATIC,
        "0.5*sum(lambda_i*u_i^2), lambda from 1 to kappa by equal factors", {1, -1}, 0,
        {{"kappa", 100, 1, 1e12}, {"rotated", 0, 0, 1}}},
};

const int field_count = sizeof field_table / sizeof field_table[0];

struct Field {
    Objective objective;
    const FieldRow *row;
    double values[FIELD_PARAMETERS_MAX];
    Program *program;   /* term, its derivatives by a and b; NULL for a quadratic */
    Program *curvature; /* its second derivatives: by a and a, a and b, b and b */
    Workspace *workspace, *curvature_workspace;
    double *scratch; /* five chunks of the program's, or for a quadratic the spectrum and the turned vector */
};

const FieldRow *field_find(const char *name) {
    for (int i = 0; i < field_count; i++)
        if (strcmp(field_table[i].name, name) == 0) return &field_table[i];
    return NULL;
}

/* Sums in eight lanes that do not depend on how the coordinates are cut into chunks. */
static void add_lanes(double lanes[LANES], const double *terms, size_t first, size_t n) {
    for (size_t i = 0; i < n; i++) lanes[(first + i) % LANES] += terms[i];
}

static double join_lanes(const double lanes[LANES]) {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

/* Terms [first, first + n) of a sum; their gradients are added to g where it is not NULL. */
static void evaluate_terms(
    Field *field, const double *x, double *g, size_t first, size_t n, double lanes[LANES]) {
    double *a = field->scratch, *b = a + CHUNK, *term = b + CHUNK, *by_a = term + CHUNK, *by_b = by_a + CHUNK;
    FieldShape shape = field->row->shape;
    size_t stride = shape == FIELD_PAIRS ? 2 : 1, next = shape == FIELD_COORDINATES ? 0 : 1;
    for (size_t i = 0; i < n; i++) {
        a[i] = x[stride * (first + i)];
        b[i] = x[stride * (first + i) + next];
    }
    const double *const inputs[2] = {a, b};
    double *const outputs[3] = {term, by_a, by_b};
    program_run_f64(field->program, field->workspace, NULL, inputs, n, outputs);
    add_lanes(lanes, term, first, n);
    for (size_t i = 0; g && i < n; i++) {
        g[stride * (first + i)] += by_a[i];
        if (next) g[stride * (first + i) + 1] += by_b[i];
    }
}

static size_t term_count(const Field *field) {
    size_t dim = field->objective.dim;
    return field->row->shape == FIELD_PAIRS ? dim / 2 : field->row->shape == FIELD_CHAIN ? dim - 1 : dim;
}

static double evaluate_sum(Objective *objective, const Vec *x, const Vec *gradient) {
    Field *field = (Field *)objective;
    size_t terms = term_count(field);
    double lanes[LANES] = {0};
    if (gradient) vec_fill(gradient, 0);
    for (size_t first = 0; first < terms; first += CHUNK)
        evaluate_terms(field, x->f64, gradient ? gradient->f64 : NULL, first,
            terms - first < CHUNK ? terms - first : CHUNK, lanes);
    return join_lanes(lanes);
}

/* Each term reaches at most two neighbouring coordinates. */
static void hessian_of_sum(Objective *objective, const Vec *x, double *hessian) {
    Field *field = (Field *)objective;
    size_t dim = objective->dim, stride = field->row->shape == FIELD_PAIRS ? 2 : 1;
    bool coupled = field->row->shape != FIELD_COORDINATES;
    memset(hessian, 0, dim * dim * sizeof *hessian);
    for (size_t i = 0; i < term_count(field); i++) {
        size_t a = stride * i, b = coupled ? a + 1 : a;
        const double values[2] = {x->f64[a], x->f64[b]};
        double second[3];
        program_run_point(field->curvature, field->curvature_workspace, values, second);
        hessian[a * dim + a] += second[0];
        if (!coupled) continue;
        hessian[a * dim + b] += second[1];
        hessian[b * dim + a] += second[1];
        hessian[b * dim + b] += second[2];
    }
}

/* u = x - 2/n (sum of x): the reflection that swaps no coordinate and mixes them all. */
static void reflect(double *u, const double *x, size_t dim) {
    double lanes[LANES] = {0};
    add_lanes(lanes, x, 0, dim);
    double shift = 2 / (double)dim * join_lanes(lanes);
    for (size_t i = 0; i < dim; i++) u[i] = x[i] - shift;
}

static double evaluate_quadratic(Objective *objective, const Vec *x, const Vec *gradient) {
    Field *field = (Field *)objective;
    size_t dim = objective->dim;
    const double *spectrum = field->scratch, *at = x->f64;
    double *u = field->scratch + dim, lanes[LANES] = {0};
    bool rotated = field->values[1] != 0;
    if (rotated)
        reflect(u, at, dim);
    else
        memcpy(u, at, dim * sizeof *u);
    for (size_t i = 0; i < dim; i++) lanes[i % LANES] += 0.5 * spectrum[i] * u[i] * u[i];
    if (gradient) {
        for (size_t i = 0; i < dim; i++) u[i] *= spectrum[i];
        if (rotated)
            reflect(gradient->f64, u, dim);
        else
            memcpy(gradient->f64, u, dim * sizeof *u);
    }
    return join_lanes(lanes);
}

/* H = R diag(spectrum) R with the reflection R, or the diagonal alone. */
static void hessian_of_quadratic(Objective *objective, const Vec *x, double *hessian) {
    Field *field = (Field *)objective;
    size_t dim = objective->dim;
    const double *spectrum = field->scratch;
    double total = 0, c = field->values[1] != 0 ? 2 / (double)dim : 0;
    (void)x; /* the same everywhere */
    for (size_t k = 0; k < dim; k++) total += spectrum[k];
    for (size_t i = 0; i < dim; i++)
        for (size_t j = 0; j < dim; j++)
            hessian[i * dim + j] =
                (i == j ? spectrum[i] : 0) - c * (spectrum[i] + spectrum[j]) + c * c * total;
}

static const ObjectiveType sum_type = {.name = "sum", .evaluate = evaluate_sum, .hessian = hessian_of_sum};
static const ObjectiveType quadratic_type = {
    .name = "quadratic", .evaluate = evaluate_quadratic, .hessian = hessian_of_quadratic};

static void set_spectrum(Field *field) {
    size_t dim = field->objective.dim;
    for (size_t i = 0; i < dim; i++)
        field->scratch[i] =
            dim > 1 ? operation_compute(OPERATION_POWER, field->values[0], (double)i / (double)(dim - 1), 0)
                    : 1;
}

static bool prepare_sum(Field *field, Status *status) {
    static const char *const variables[2] = {"a", "b"};
    const char *text = field->row->term;
    Formula *formula = formula_parse(text, strlen(text), variables, 2, status);
    if (!formula) return false;
    Graph *graph = formula->graph;
    NodeId a = graph_derivative(graph, formula->value, 0), b = graph_derivative(graph, formula->value, 1);
    const NodeId first[3] = {formula->value, a, b};
    const NodeId second[3] = {
        graph_derivative(graph, a, 0), graph_derivative(graph, a, 1), graph_derivative(graph, b, 1)};
    field->program = program_create(graph, formula->symbols, formula->n_symbols, first, 3, status);
    if (field->program)
        field->curvature = program_create(graph, formula->symbols, formula->n_symbols, second, 3, status);
    formula_destroy(formula);
    if (!field->curvature) return false;
    static const double values[SYMBOLS_MAX];
    field->workspace = workspace_create(field->program);
    field->curvature_workspace = workspace_create(field->curvature);
    field->scratch = malloc(5 * CHUNK * sizeof *field->scratch);
    if (!field->workspace || !field->curvature_workspace || !field->scratch)
        return status_fail(status, STATUS_FAILED, "out of memory");
    program_bind(field->program, field->workspace, values);
    program_bind(field->curvature, field->curvature_workspace, values);
    return true;
}

static bool prepare_quadratic(Field *field, Status *status) {
    field->scratch = malloc(2 * field->objective.dim * sizeof *field->scratch);
    if (!field->scratch)
        return status_fail(status, STATUS_FAILED, "out of memory for %zu dimensions", field->objective.dim);
    set_spectrum(field);
    return true;
}

static bool check_dim(const FieldRow *row, size_t dim, Status *status) {
    if (dim < 1 || dim > FIELD_DIM_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "%zu dimensions; there can be 1 to %d", dim, FIELD_DIM_MAX);
    if (row->shape == FIELD_PAIRS && dim % 2)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s comes in pairs: an even number of dimensions, not %zu", row->name, dim);
    if (row->shape == FIELD_CHAIN && dim < 2)
        return status_fail(status, STATUS_BAD_INPUT, "%s has at least 2 dimensions", row->name);
    return true;
}

Field *field_create(const FieldRow *row, size_t dim, Status *status) {
    if (!check_dim(row, dim, status)) return NULL;
    Field *field = calloc(1, sizeof *field);
    if (!field) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    bool quadratic = row->shape == FIELD_QUADRATIC;
    field->row = row;
    field->objective =
        (Objective){.type = quadratic ? &quadratic_type : &sum_type, .dim = dim, .precision = PRECISION_F64};
    for (int i = 0; i < FIELD_PARAMETERS_MAX; i++) field->values[i] = row->parameters[i].value;
    if (quadratic ? prepare_quadratic(field, status) : prepare_sum(field, status)) return field;
    field_destroy(field);
    return NULL;
}

void field_destroy(Field *field) {
    if (!field) return;
    workspace_destroy(field->workspace);
    workspace_destroy(field->curvature_workspace);
    program_destroy(field->program);
    program_destroy(field->curvature);
    free(field->scratch);
    free(field);
}

bool field_set(Field *field, const char *name, double value, Status *status) {
    const char *names[FIELD_PARAMETERS_MAX];
    size_t n = 0;
    for (int i = 0; i < FIELD_PARAMETERS_MAX && field->row->parameters[i].name; i++) {
        names[n++] = field->row->parameters[i].name;
        if (strcmp(names[i], name) != 0) continue;
        if (!(value >= field->row->parameters[i].min && value <= field->row->parameters[i].max))
            return status_fail(status, STATUS_BAD_INPUT, "%s of %s is %g; it goes from %g to %g", name,
                field->row->name, value, field->row->parameters[i].min, field->row->parameters[i].max);
        field->values[i] = value;
        set_spectrum(field);
        return true;
    }
    char problem[96];
    snprintf(problem, sizeof problem, "%s has no parameter", field->row->name);
    return names_fail(status, problem, name, "It has", NAMES_OF(names, n), NULL);
}

Objective *field_objective(Field *field) {
    return &field->objective;
}

const FieldRow *field_row(const Field *field) {
    return field->row;
}
