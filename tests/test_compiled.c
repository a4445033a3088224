/* Shipped formulas as C: every one is found in the generated table, and gives the same bits as its
 * instructions, at a point and over arrays of either precision, over its own inputs too, on every instruction
 * set. */
#include "test.h"

#include "elementary.h"
#include "emit.h"
#include "optimizer.h"
#include "rng.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

enum { N_MAX = 1000, ARRAYS = SYMBOLS_MAX };
static const size_t sizes[] = {1, 2, 3, 7, 64, N_MAX};
static const char *const sets[] = {"baseline", "avx2", "avx512"};

/* What a program reads and writes. Symbols that it does not use may stand here with any level. */
typedef struct Data {
    double values[SYMBOLS_MAX];
    double inputs[ARRAYS][N_MAX], outputs[2][PROGRAM_OUTPUTS_MAX][N_MAX];
    float inputs_f32[ARRAYS][N_MAX], outputs_f32[2][PROGRAM_OUTPUTS_MAX][N_MAX];
} Data;

static double draw(Rng *rng) {
    static const double odd[] = {0, -0.0, 1, -1, INFINITY, -INFINITY, NAN, 1e300, 1e7, -3e9, 1e-300};
    const uint64_t kind = rng_next(rng) % 32;
    if (kind == 0) return odd[rng_next(rng) % (sizeof odd / sizeof odd[0])];
    return rng_uniform(rng, -3, 3);
}

/* Fixed numbers and those of a step are as such numbers are: rates, decays, counts of steps. */
static Data *make_data(uint64_t seed) {
    Data *data = calloc(1, sizeof *data);
    Rng rng = rng_seed(seed);
    assert_non_null(data);
    for (int i = 0; i < SYMBOLS_MAX; i++)
        data->values[i] = rng_next(&rng) % 4 ? rng_uniform(&rng, 0, 1) : floor(rng_uniform(&rng, 1, 2000));
    for (int k = 0; k < ARRAYS; k++)
        for (int i = 0; i < N_MAX; i++) data->inputs_f32[k][i] = (float)(data->inputs[k][i] = draw(&rng));
    return data;
}

static bool same(double a, double b) {
    return (isnan(a) && isnan(b)) || elementary_bits(a) == elementary_bits(b);
}

static bool same_f32(float a, float b) {
    return (isnan(a) && isnan(b)) || elementary_bits_f32(a) == elementary_bits_f32(b);
}

/* One program, its name, a workspace for each way to run it, and where that is tried. */
typedef struct Subject {
    const char *name;
    const Program *program;
    Workspace *interpreted, *compiled;
    Data *work;
} Subject;

static void check_points(const Subject *subject, const Data *data) {
    for (int i = 0; i < 200; i++) {
        double values[SYMBOLS_MAX], expected[PROGRAM_OUTPUTS_MAX], found[PROGRAM_OUTPUTS_MAX];
        const int n_outputs = program_output_count(subject->program);
        for (int k = 0; k < SYMBOLS_MAX; k++) values[k] = k < 2 ? data->inputs[k][i] : data->values[k];
        program_run_point(subject->program, subject->interpreted, values, expected);
        program_run_point(subject->program, subject->compiled, values, found);
        for (int o = 0; o < n_outputs; o++)
            if (!same(expected[o], found[o]))
                fail_msg("%s, output %d at a point: %a, not %a", subject->name, o, found[o], expected[o]);
    }
}

/* As instructions into outputs[0]; as C into outputs[1], the first of which lie over inputs. */
static void check_f64(const Subject *subject, const Data *data, size_t n, const char *set) {
    Data *work = subject->work;
    const double *inputs[SYMBOLS_MAX];
    double *expected[PROGRAM_OUTPUTS_MAX], *found[PROGRAM_OUTPUTS_MAX];
    for (int k = 0; k < SYMBOLS_MAX; k++)
        inputs[k] = memcpy(work->inputs[k], data->inputs[k], n * sizeof *inputs[k]);
    for (int o = 0; o < PROGRAM_OUTPUTS_MAX; o++) {
        expected[o] = work->outputs[0][o];
        found[o] = o < 3 ? work->inputs[2 - o] : work->outputs[1][o];
        memset(work->outputs[1][o], 0, n * sizeof *found[o]); /* not what was found before */
    }
    program_run_f64(subject->program, subject->interpreted, data->values, inputs, n, expected);
    program_run_f64(subject->program, subject->compiled, data->values, inputs, n, found);
    for (int o = 0; o < program_output_count(subject->program); o++)
        for (size_t i = 0; i < n; i++)
            if (!same(expected[o][i], found[o][i]))
                fail_msg("%s, float64, %s, n = %zu, output %d, element %zu: %a, not %a", subject->name, set,
                    n, o, i, found[o][i], expected[o][i]);
}

static void check_f32(const Subject *subject, const Data *data, size_t n, const char *set) {
    Data *work = subject->work;
    const float *inputs[SYMBOLS_MAX];
    float *expected[PROGRAM_OUTPUTS_MAX], *found[PROGRAM_OUTPUTS_MAX];
    for (int k = 0; k < SYMBOLS_MAX; k++)
        inputs[k] = memcpy(work->inputs_f32[k], data->inputs_f32[k], n * sizeof *inputs[k]);
    for (int o = 0; o < PROGRAM_OUTPUTS_MAX; o++) {
        expected[o] = work->outputs_f32[0][o];
        found[o] = o < 3 ? work->inputs_f32[2 - o] : work->outputs_f32[1][o];
        memset(work->outputs_f32[1][o], 0, n * sizeof *found[o]); /* not what was found before */
    }
    program_run_f32(subject->program, subject->interpreted, data->values, inputs, n, expected);
    program_run_f32(subject->program, subject->compiled, data->values, inputs, n, found);
    for (int o = 0; o < program_output_count(subject->program); o++)
        for (size_t i = 0; i < n; i++)
            if (!same_f32(expected[o][i], found[o][i]))
                fail_msg("%s, float32, %s, n = %zu, output %d, element %zu: %a, not %a", subject->name, set,
                    n, o, i, (double)found[o][i], (double)expected[o][i]);
}

static void check_program(const char *name, const Program *program, const Data *data) {
    Subject subject = {
        name, program, workspace_create(program), workspace_create(program), calloc(1, sizeof *subject.work)};
    assert_true(subject.interpreted && subject.compiled && subject.work);
    workspace_use_compiled(subject.interpreted, false);
    program_bind(program, subject.interpreted, data->values);
    program_bind(program, subject.compiled, data->values);
    check_points(&subject, data);
    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
        if (!workspace_use_instruction_set(subject.compiled, sets[s])) continue;
        assert_true(workspace_use_instruction_set(subject.interpreted, sets[s]));
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            check_f64(&subject, data, sizes[k], sets[s]);
            check_f32(&subject, data, sizes[k], sets[s]);
        }
    }
    workspace_destroy(subject.interpreted);
    workspace_destroy(subject.compiled);
    free(subject.work);
}

/* Present and equal. A program that is too large for the generator runs from its instructions. */
static void check_shipped(const char *name, const Program *const *programs, int n, const Data *data) {
    for (int i = 0; i < n; i++) {
        if (program_is_compiled(programs[i]) != emit_accepts(programs[i]))
            fail_msg("program %d of %s is %s the table", i, name,
                program_is_compiled(programs[i]) ? "too large, but in" : "not in");
        check_program(name, programs[i], data);
    }
}

static void surfaces_as_c_are_the_surfaces(void **state) {
    (void)state;
    int compiled = 0;
    Data *data = make_data(1);
    for (int i = 0; i < surface_count; i++) {
        Status status = status_ok();
        const Program *programs[SURFACE_PROGRAMS];
        Surface *surface = surface_create(surface_table[i].name, &status);
        assert_non_null(surface);
        surface_programs(surface, programs);
        check_shipped(surface_table[i].name, programs, SURFACE_PROGRAMS, data);
        for (int k = 0; k < SURFACE_PROGRAMS; k++) compiled += program_is_compiled(programs[k]);
        surface_destroy(surface);
    }
    assert_true(compiled >= 9 * (SURFACE_PROGRAMS * surface_count) / 10);
    free(data);
}

static void rules_as_c_are_the_rules(void **state) {
    (void)state;
    Data *data = make_data(2);
    for (int i = 0; i < optimizer_count; i++) {
        Status status = status_ok();
        const Program *programs[OPTIMIZER_PROGRAMS_MAX];
        double values[OPTIMIZER_PARAMETERS_MAX];
        if (optimizer_table[i].method) continue;
        optimizer_defaults(&optimizer_table[i], values);
        OptimizerRun *run = optimizer_run_create(&optimizer_table[i], values, 2, PRECISION_F64, &status);
        assert_non_null(run);
        const int n = optimizer_run_programs(run, programs);
        assert_true(n >= 1);
        check_shipped(optimizer_table[i].name, programs, n, data);
        optimizer_run_destroy(run);
    }
    free(data);
}

/* What a person types runs as C where it comes to a shipped formula's code, and from its instructions
 * otherwise. */
static void typed_formulas_run(void **state) {
    (void)state;
    Status status = status_ok();
    Surface *shipped = surface_create("rosenbrock", &status);
    Surface *same_again = surface_create("(1-x)² + 100 (y - x*x)^2", &status);
    Surface *other = surface_create("(1 - x)^2 + 100*(y - x^2)^2 + 0.125*x*y", &status);
    assert_true(shipped && same_again && other);
    assert_true(program_is_compiled(shipped->gradient_program));
    assert_true(program_is_compiled(same_again->gradient_program));
    assert_false(program_is_compiled(other->gradient_program));
    double gradient[2], gradient_again[2], gradient_other[2];
    const double x = -1.25, y = 0.75;
    const double f = surface_evaluate(shipped, x, y, gradient, NULL);
    assert_true(same(f, surface_evaluate(same_again, x, y, gradient_again, NULL)));
    assert_near(surface_evaluate(other, x, y, gradient_other, NULL), f + 0.125 * x * y, 1e-15);
    assert_true(same(gradient[0], gradient_again[0]) && same(gradient[1], gradient_again[1]));
    assert_near(gradient_other[0], gradient[0] + 0.125 * y, 1e-14);
    assert_near(gradient_other[1], gradient[1] + 0.125 * x, 1e-14);
    surface_destroy(shipped);
    surface_destroy(same_again);
    surface_destroy(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surfaces_as_c_are_the_surfaces),
        cmocka_unit_test(rules_as_c_are_the_rules),
        cmocka_unit_test(typed_formulas_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
