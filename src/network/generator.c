/* The table of generators, and examples from a row. */
#include "generator.h"

#include "evaluate.h"
#include "noise.h"
#include "parse.h"
#include "program.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.283185307179586;

static void place_on_circle(double radius, double angle, double point[2]) {
    point[0] = radius * operation_compute(OPERATION_COS, angle, 0, 0);
    point[1] = radius * operation_compute(OPERATION_SIN, angle, 0, 0);
}

static void place_moons(Rng *rng, int label, int n_classes, double turns, double point[2]) {
    (void)n_classes, (void)turns;
    place_on_circle(1, rng_uniform(rng, 0, two_pi / 2), point);
    if (label == 0) return;
    point[0] = 1 - point[0];
    point[1] = 0.5 - point[1];
}

static void place_circles(Rng *rng, int label, int n_classes, double turns, double point[2]) {
    (void)turns;
    place_on_circle((label + 1.0) / n_classes, rng_uniform(rng, 0, two_pi), point);
}

/* Arms from the middle outwards; the root spreads the points evenly along them. */
static void place_spirals(Rng *rng, int label, int n_classes, double turns, double point[2]) {
    double radius = sqrt(rng_uniform(rng, 0.01, 1));
    place_on_circle(radius, two_pi * (turns * radius + (double)label / n_classes), point);
}

/* The corners of a square; neighbours are of different classes. */
static void place_xor(Rng *rng, int label, int n_classes, double turns, double point[2]) {
    (void)n_classes, (void)turns;
    double side = rng_below(rng, 2) ? 1 : -1;
    point[0] = side;
    point[1] = label ? -side : side;
}

static void place_gaussians(Rng *rng, int label, int n_classes, double turns, double point[2]) {
    (void)rng, (void)turns;
    place_on_circle(1, two_pi * label / n_classes, point);
}

const GeneratorRow generator_table[] = {
    {"moons", "two half-moons that reach into each other", place_moons, NULL, 2, 2, 0.1, 0},
    {"circles", "rings around each other", place_circles, NULL, 2, 10, 0.05, 0},
    {"spirals", "spiral arms (after Lang & Witbrock 1988)", place_spirals, NULL, 2, 10, 0.02, 1.5},
    {"xor", "the corners of a square: no line parts the classes", place_xor, NULL, 2, 2, 0.2, 0},
    {"gaussians", "clouds around the corners of a polygon", place_gaussians, NULL, 3, 100, 0.3, 0},
    {"sine", "two waves of a sine", NULL, "sin(2*pi*x)", 1, 1, 0.1, 0},
    {"step", "a step, which no continuous function fits exactly", NULL, "x < 0 ? -0.5 : 0.5", 1, 1, 0.1, 0},
    {"polynomial", "a cubic (Chebyshev's)", NULL, "4*x^3 - 3*x", 1, 1, 0.1, 0},
    {"kink", "a bend in a line", NULL, "2*abs(x) - 1", 1, 1, 0.1, 0},
    {"chirp", "a wave that grows faster", NULL, "sin(3*pi*(x + 1)^2)", 1, 1, 0.1, 0},
};
const int generator_count = sizeof generator_table / sizeof generator_table[0];

struct Generator {
    GeneratorSpec spec;
    Program *curve; /* NULL for classes */
    Workspace *workspace;
};

const GeneratorRow *generator_find(const char *name) {
    for (int i = 0; i < generator_count; i++)
        if (strcmp(generator_table[i].name, name) == 0) return &generator_table[i];
    return NULL;
}

GeneratorSpec generator_defaults(const GeneratorRow *row) {
    return (GeneratorSpec){.row = row, .n_classes = row->n_classes, .noise = row->noise, .turns = row->turns};
}

static bool compile_curve(Generator *generator, Status *status) {
    static const char *const variables[] = {"x"};
    const char *text = generator->spec.row->curve;
    Formula *formula = formula_parse(text, strlen(text), variables, 1, status);
    if (!formula) return false;
    generator->curve =
        program_create(formula->graph, formula->symbols, formula->n_symbols, &formula->value, 1, status);
    if (generator->curve) generator->workspace = workspace_create(generator->curve);
    formula_destroy(formula);
    if (!generator->curve) return false;
    if (!generator->workspace) return status_fail(status, STATUS_FAILED, "out of memory");
    double values[SYMBOLS_MAX] = {0};
    program_bind(generator->curve, generator->workspace, values);
    return true;
}

Generator *generator_create(const GeneratorSpec *spec, Status *status) {
    assert(spec->n_classes >= 1 && spec->n_classes <= spec->row->n_classes_max && spec->noise >= 0);
    assert(spec->rare >= 0 && spec->rare < 1);
    Generator *generator = calloc(1, sizeof *generator);
    if (!generator) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    generator->spec = *spec;
    if (!spec->row->curve || compile_curve(generator, status)) return generator;
    generator_destroy(generator);
    return NULL;
}

void generator_destroy(Generator *generator) {
    if (!generator) return;
    workspace_destroy(generator->workspace);
    program_destroy(generator->curve);
    free(generator);
}

int generator_inputs(const Generator *generator) {
    return generator->curve ? 1 : 2;
}

int generator_outputs(const Generator *generator) {
    return generator->curve ? 1 : generator->spec.n_classes;
}

bool generator_is_regression(const Generator *generator) {
    return generator->curve != NULL;
}

/* The class of an example of the stream. */
static int32_t class_of(const GeneratorSpec *spec, uint64_t index) {
    if (spec->rare == 0) return (int32_t)(index % (uint64_t)spec->n_classes);
    const uint64_t before = (uint64_t)((double)index * spec->rare);
    const uint64_t after = (uint64_t)((double)(index + 1) * spec->rare);
    if (after > before) return spec->n_classes - 1;
    return (int32_t)((index - before) % (uint64_t)(spec->n_classes - 1));
}

void generator_example(
    Generator *generator, uint64_t seed, uint64_t index, float *inputs, int32_t *label, float *target) {
    enum { STREAM = 1 };
    const GeneratorSpec *spec = &generator->spec;
    Rng rng = rng_stream(seed, STREAM, index);
    double noise[2] = {noise_normal(&rng), noise_normal(&rng)};
    if (generator->curve) {
        double x = rng_uniform(&rng, -1, 1), y;
        program_run_point(generator->curve, generator->workspace, &x, &y);
        inputs[0] = (float)x;
        *target = (float)(y + spec->noise * noise[0]);
        return;
    }
    double point[2];
    *label = class_of(spec, index);
    spec->row->place(&rng, *label, spec->n_classes, spec->turns, point);
    for (int i = 0; i < 2; i++) inputs[i] = (float)(point[i] + spec->noise * noise[i]);
}

Dataset *generator_dataset(Generator *generator, size_t n, uint64_t seed, Status *status) {
    int n_in = generator_inputs(generator), n_out = generator_outputs(generator);
    bool regression = generator_is_regression(generator);
    Dataset *dataset = dataset_create(n, n_in, n_out, regression, status);
    if (!dataset) return NULL;
    static const char *const names[] = {"x", "y"};
    dataset->features = malloc((size_t)n_in * sizeof *dataset->features);
    if (!dataset->features) {
        status_fail(status, STATUS_FAILED, "out of memory");
        dataset_destroy(dataset);
        return NULL;
    }
    for (int i = 0; i < n_in; i++) dataset_name(&dataset->features[i], names[i], 1);
    if (regression) dataset_name(&dataset->classes[0], "y", 1);
    for (size_t i = 0; i < n; i++)
        generator_example(generator, seed, i, dataset->inputs + i * (size_t)n_in,
            regression ? NULL : &dataset->labels[i], regression ? &dataset->targets[i] : NULL);
    return dataset;
}
