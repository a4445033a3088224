/* A surface from its row or from a typed formula: parsed, differentiated, compiled, its stationary points
 * polished. The rows themselves are in surfaces.c; drawing is left to the views. */
#include "surface.h"

#include "names.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const default_axes[2] = {"x", "y"};
static const Box default_box = {-5, 5, -5, 5};
static const double default_start[2] = {-3.5, 2.5};

const char *stationary_kind_name(StationaryKind kind) {
    static const char *const names[] = {"none", "minimum", "saddle", "maximum", "degenerate"};
    return names[kind];
}

const SurfaceRow *surface_row_find(const char *name) {
    for (int i = 0; i < surface_count; i++)
        if (strcmp(surface_table[i].name, name) == 0) return &surface_table[i];
    return NULL;
}

void symmetric_eigenvalues(const double hessian[3], double eigenvalues[2]) {
    double mean = 0.5 * (hessian[0] + hessian[2]);
    double radius = hypot(0.5 * (hessian[0] - hessian[2]), hessian[1]);
    double determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
    /* The eigenvalue farther from zero by the sum, the other from the product: no cancellation. */
    double large = mean >= 0 ? mean + radius : mean - radius;
    double small = large != 0 ? determinant / large : 0;
    eigenvalues[0] = fmin(large, small);
    eigenvalues[1] = fmax(large, small);
}

/* The contract with a race. */

static double objective_evaluate(Objective *objective, const Vec *x, const Vec *gradient) {
    Surface *surface = (Surface *)objective;
    return surface_evaluate(surface, x->f64[0], x->f64[1], gradient ? gradient->f64 : NULL, NULL);
}

static void objective_hessian(Objective *objective, const Vec *x, double *hessian) {
    double gradient[2], second[3];
    surface_evaluate((Surface *)objective, x->f64[0], x->f64[1], gradient, second);
    hessian[0] = second[0];
    hessian[1] = hessian[2] = second[1];
    hessian[3] = second[2];
}

static void objective_curvature(Objective *objective, const Vec *x, double *smallest, double *largest) {
    Surface *surface = (Surface *)objective;
    double gradient[2], hessian[3], eigenvalues[2];
    surface_evaluate(surface, x->f64[0], x->f64[1], gradient, hessian);
    symmetric_eigenvalues(hessian, eigenvalues);
    *smallest = eigenvalues[0];
    *largest = eigenvalues[1];
}

static const ObjectiveType surface_type = {
    .name = "surface",
    .evaluate = objective_evaluate,
    .hessian = objective_hessian,
    .curvature = objective_curvature,
};

/* The same of a batch of examples. */

static double batch_evaluate(Objective *objective, const Vec *x, const Vec *gradient) {
    Surface *surface = (Surface *)objective;
    return examples_evaluate(surface->examples, x->f64[0], x->f64[1], gradient ? gradient->f64 : NULL, NULL);
}

static void batch_hessian(Objective *objective, const Vec *x, double *hessian) {
    double second[3];
    examples_evaluate(((Surface *)objective)->examples, x->f64[0], x->f64[1], NULL, second);
    hessian[0] = second[0];
    hessian[1] = hessian[2] = second[1];
    hessian[3] = second[2];
}

static void batch_resample(Objective *objective, uint64_t step) {
    examples_take(((Surface *)objective)->examples, step);
}

/* Whether a point is a minimum is asked of the whole. */
static const ObjectiveType batch_type = {
    .name = "examples",
    .evaluate = batch_evaluate,
    .hessian = batch_hessian,
    .curvature = objective_curvature,
    .resample = batch_resample,
    .whole = objective_evaluate,
};

/* Stationary points. */

static bool kind_agrees(StationaryKind kind, const double hessian[3]) {
    double eigenvalues[2];
    symmetric_eigenvalues(hessian, eigenvalues);
    double zero = 1e-9 * fmax(1, fmax(fabs(eigenvalues[0]), fabs(eigenvalues[1])));
    switch (kind) {
    case STATIONARY_MINIMUM: return eigenvalues[0] >= -zero;
    case STATIONARY_MAXIMUM: return eigenvalues[1] <= zero;
    case STATIONARY_SADDLE: return eigenvalues[0] < 0 && eigenvalues[1] > 0;
    default: return true;
    }
}

/* Newton's method from a declared point. False where it leads to no stationary point of that kind nearby,
 * as may happen once a parameter has been changed. */
static bool polish(Surface *surface, StationaryPoint *point) {
    enum { ITERATIONS = 30 };
    double reach =
        0.2 * fmax(surface->box.x_max - surface->box.x_min, surface->box.y_max - surface->box.y_min);
    double x = point->x, y = point->y, gradient[2], hessian[3];
    for (int i = 0; i < ITERATIONS; i++) {
        surface_evaluate(surface, x, y, gradient, hessian);
        if (i == 0 && !isfinite(gradient[0] + gradient[1])) return true; /* a cone point, as declared */
        if (gradient[0] == 0 && gradient[1] == 0) break;
        double determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        double size = fmax(fabs(hessian[0]), fmax(fabs(hessian[1]), fabs(hessian[2])));
        if (fabs(determinant) <= 1e-14 * size * size) break; /* a valley floor or a degenerate point */
        double dx = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
        double dy = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
        x -= dx;
        y -= dy;
        if (!(hypot(x - point->x, y - point->y) <= reach)) return false;
        if (hypot(dx, dy) <= 1e-15 * (1 + hypot(x, y))) break;
    }
    surface_evaluate(surface, x, y, gradient, hessian);
    if (!(hypot(gradient[0], gradient[1]) < 1e-6) || !kind_agrees(point->kind, hessian)) return false;
    point->x = x;
    point->y = y;
    return true;
}

static void find_stationary(Surface *surface) {
    surface->n_stationary = 0;
    if (!surface->row) return;
    for (int i = 0; i < SURFACE_STATIONARY_MAX; i++) {
        StationaryPoint point = surface->row->stationary[i];
        if (point.kind == STATIONARY_NONE) break;
        if (polish(surface, &point)) surface->stationary[surface->n_stationary++] = point;
    }
}

bool surface_lowest(Surface *surface, double *value) {
    double lowest = INFINITY;
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        if (point->kind == STATIONARY_MINIMUM)
            lowest = fmin(lowest, surface_evaluate(surface, point->x, point->y, NULL, NULL));
    }
    if (isfinite(lowest)) *value = lowest;
    return isfinite(lowest);
}

/* Making one. */

static void bind(Surface *surface) {
    program_bind(surface->value_program, surface->value_workspace, surface->values);
    program_bind(surface->gradient_program, surface->gradient_workspace, surface->values);
    program_bind(surface->hessian_program, surface->hessian_workspace, surface->values);
    if (surface->examples) examples_bind(surface->examples, surface->formula, surface->values);
}

static bool compile(Surface *surface, Status *status) {
    Formula *formula = surface->formula;
    NodeId fx = graph_derivative(formula->graph, formula->value, 0);
    NodeId fy = graph_derivative(formula->graph, formula->value, 1);
    surface->gradient[0] = fx;
    surface->gradient[1] = fy;
    surface->hessian[0] = graph_derivative(formula->graph, fx, 0);
    surface->hessian[1] = graph_derivative(formula->graph, fx, 1);
    surface->hessian[2] = graph_derivative(formula->graph, fy, 1);
    const NodeId outputs[SURFACE_OUTPUTS] = {
        formula->value, fx, fy, surface->hessian[0], surface->hessian[1], surface->hessian[2]};
    const Graph *graph = formula->graph;
    int n = formula->n_symbols;

    Symbol row_symbols[SYMBOLS_MAX];
    memcpy(row_symbols, formula->symbols, sizeof row_symbols);
    row_symbols[1].level = LEVEL_STEP;

    surface->value_program = program_create(graph, formula->symbols, n, outputs, 1, status);
    if (!surface->value_program) return false;
    surface->gradient_program = program_create(graph, formula->symbols, n, outputs, 3, status);
    if (!surface->gradient_program) return false;
    surface->hessian_program = program_create(graph, formula->symbols, n, outputs, SURFACE_OUTPUTS, status);
    if (!surface->hessian_program) return false;
    surface->row_program = program_create(graph, row_symbols, n, outputs, 1, status);
    if (!surface->row_program) return false;
    surface->value_workspace = workspace_create(surface->value_program);
    surface->gradient_workspace = workspace_create(surface->gradient_program);
    surface->hessian_workspace = workspace_create(surface->hessian_program);
    if (!surface->value_workspace || !surface->gradient_workspace || !surface->hessian_workspace)
        return status_fail(status, STATUS_FAILED, "out of memory");
    return true;
}

/* A word that can only be meant as the name of a shipped surface. */
static bool is_unknown_name(const char *text) {
    size_t length = strlen(text);
    if (length < 2 || !isalpha((unsigned char)text[0])) return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' && text[i] != '-') return false;
    return strspn(text, "xye0123456789") < length && strcmp(text, "pi") != 0;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Whether the lowest tenth of a typed surface's box lies within a fiftieth of its heights: on an even scale
 * that would be one colour, without a line, and it is where races go. */
static bool spans_decades(Surface *surface) {
    enum { SIDE = 24, POINTS = SIDE * SIDE };
    double heights[POINTS];
    const Box *box = &surface->box;
    int n = 0;
    for (int i = 0; i < POINTS; i++) {
        double x = box->x_min + (box->x_max - box->x_min) * (i % SIDE + 0.5) / SIDE;
        double y = box->y_min + (box->y_max - box->y_min) * ((double)(i / SIDE) + 0.5) / SIDE;
        double height = surface_evaluate(surface, x, y, NULL, NULL);
        if (isfinite(height)) heights[n++] = height;
    }
    if (n == 0) return false;
    qsort(heights, (size_t)n, sizeof *heights, ascending);
    return heights[n / 10] - heights[0] < 0.02 * (heights[n - 1] - heights[0]);
}

Surface *surface_create(const char *name_or_formula, Status *status) {
    const SurfaceRow *row = surface_row_find(name_or_formula);
    if (!row && is_unknown_name(name_or_formula)) {
        names_fail(status, "there is no surface", name_or_formula, "There are",
            NAMES_OF(surface_table, surface_count), ", and any formula of x and y");
        return NULL;
    }
    Surface *surface = calloc(1, sizeof *surface);
    if (!surface) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    surface->objective = (Objective){.type = &surface_type, .dim = 2, .precision = PRECISION_F64};
    surface->row = row;
    const char *text = row ? row->formula : name_or_formula;
    bool named_axes = row && row->axes[0];
    for (int i = 0; i < 2; i++) {
        surface->axes[i] = named_axes ? row->axes[i] : default_axes[i];
        surface->start[i] = row ? row->start[i] : default_start[i];
    }
    snprintf(surface->name, sizeof surface->name, "%s", row ? row->name : "formula");
    surface->box = row ? row->box : default_box;
    surface->text = strdup(text);
    surface->formula = formula_parse(text, strlen(text), surface->axes, 2, status);
    if (!surface->text || !surface->formula || !compile(surface, status)) {
        surface_destroy(surface);
        return NULL;
    }
    for (int i = 0; i < surface->formula->n_parameters; i++)
        surface->values[surface->formula->parameters[i].symbol] = surface->formula->parameters[i].value;
    bind(surface);
    surface->log_colour = row ? row->log_colour : spans_decades(surface);
    find_stationary(surface);
    return surface;
}

void surface_destroy(Surface *surface) {
    if (!surface) return;
    workspace_destroy(surface->value_workspace);
    workspace_destroy(surface->gradient_workspace);
    workspace_destroy(surface->hessian_workspace);
    program_destroy(surface->value_program);
    program_destroy(surface->gradient_program);
    program_destroy(surface->hessian_program);
    program_destroy(surface->row_program);
    examples_destroy(surface->examples);
    formula_destroy(surface->formula);
    free(surface->text);
    free(surface);
}

void surface_programs(const Surface *surface, const Program *programs[SURFACE_PROGRAMS]) {
    programs[0] = surface->value_program;
    programs[1] = surface->gradient_program;
    programs[2] = surface->hessian_program;
    programs[3] = surface->row_program;
}

static bool fail_no_parameter(const Surface *surface, const char *name, Status *status) {
    const Formula *formula = surface->formula;
    const char *names[FORMULA_PARAMETERS_MAX];
    for (int i = 0; i < formula->n_parameters; i++) names[i] = formula->parameters[i].name;
    char problem[96];
    snprintf(problem, sizeof problem, "the surface %s has no parameter", surface->name);
    return names_fail(status, problem, name, "It has", NAMES_OF(names, formula->n_parameters), NULL);
}

bool surface_set(Surface *surface, const char *name, double value, Status *status) {
    const Formula *formula = surface->formula;
    for (int i = 0; i < formula->n_parameters; i++) {
        const FormulaParameter *parameter = &formula->parameters[i];
        if (strcmp(parameter->name, name) != 0) continue;
        if (parameter->ranged && !(value >= parameter->min && value <= parameter->max)) {
            status_fail(status, STATUS_BAD_INPUT, "%s of the surface %s is %g; it goes from %g to %g", name,
                surface->name, value, parameter->min, parameter->max);
            return false;
        }
        surface->values[parameter->symbol] = value;
        bind(surface);
        find_stationary(surface);
        return true;
    }
    return fail_no_parameter(surface, name, status);
}

/* Batches. */

/* Whether the examples' mean is the formula, which something like sqrt(mean(...)) is not. */
static bool is_mean_of_examples(Surface *surface, double x, double y) {
    double gradients[2][2], whole = surface_evaluate(surface, x, y, gradients[0], NULL);
    double mean = examples_weigh(surface->examples, NULL, x, y, gradients[1], NULL);
    double off = hypot(gradients[0][0] - gradients[1][0], gradients[0][1] - gradients[1][1]);
    double size = 1 + fabs(whole) + hypot(gradients[0][0], gradients[0][1]);
    return !(fabs(whole - mean) + off > 1e-9 * size);
}

bool surface_take_batches(Surface *surface, size_t batch, ExampleOrder order, uint64_t seed, Status *status) {
    assert(!surface->examples);
    const Box *box = &surface->box;
    surface->examples = examples_create(surface->text, surface->axes, batch, order, seed, status);
    if (!surface->examples) return status_prefix(status, "the surface %s", surface->name);
    bind(surface);
    surface->objective.type = &batch_type;
    return (is_mean_of_examples(surface, surface->start[0], surface->start[1]) &&
               is_mean_of_examples(
                   surface, 0.7 * box->x_min + 0.3 * box->x_max, 0.4 * box->y_min + 0.6 * box->y_max)) ||
           status_fail(status, STATUS_BAD_INPUT,
               "the surface %s is not the mean of its examples, so that there are no batches of it",
               surface->name);
}

/* Evaluating it. */

double surface_evaluate(Surface *surface, double x, double y, double *gradient, double *hessian) {
    surface->values[0] = x;
    surface->values[1] = y;
    if (!hessian) {
        if (!gradient)
            return program_run_value(surface->value_program, surface->value_workspace, surface->values, NULL);
        return program_run_value(
            surface->gradient_program, surface->gradient_workspace, surface->values, gradient);
    }
    double others[5];
    double value =
        program_run_value(surface->hessian_program, surface->hessian_workspace, surface->values, others);
    for (int i = 0; gradient && i < 2; i++) gradient[i] = others[i];
    for (int i = 0; i < 3; i++) hessian[i] = others[2 + i];
    return value;
}

void surface_evaluate_many(
    Surface *surface, const double *x, const double *y, size_t n, double *const outputs[SURFACE_OUTPUTS]) {
    const double *const inputs[2] = {x, y};
    program_run_f64(
        surface->hessian_program, surface->hessian_workspace, surface->values, inputs, n, outputs);
}

Workspace *surface_row_workspace(const Surface *surface) {
    Workspace *workspace = workspace_create(surface->row_program);
    if (workspace) program_bind(surface->row_program, workspace, surface->values);
    return workspace;
}

void surface_row(
    const Surface *surface, Workspace *workspace, const double *x, double y, size_t n, double *f) {
    const double scalars[2] = {0, y};
    const double *const inputs[2] = {x, NULL};
    double *const outputs[1] = {f};
    program_run_f64(surface->row_program, workspace, scalars, inputs, n, outputs);
}
