/* Programs: every operation in every shape gives the same bits at a point, in blocks and with each
 * instruction set; outputs may be inputs; what does not vary is computed once; and big graphs come out as a
 * plain walk over their nodes does. */
#include "test.h"

#include "elementary.h"
#include "evaluate.h"
#include "program.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

/* Three symbols of each level: symbol = 3 * level + number. */
enum { SYMBOLS = 9, N_MAX = 1000 };
static const Symbol symbols[SYMBOLS] = {
    {"a", LEVEL_FIXED, false},
    {"b", LEVEL_FIXED, false},
    {"c", LEVEL_FIXED, false},
    {"r", LEVEL_STEP, false},
    {"s", LEVEL_STEP, false},
    {"t", LEVEL_STEP, false},
    {"x", LEVEL_ELEMENT, true},
    {"y", LEVEL_ELEMENT, true},
    {"z", LEVEL_ELEMENT, true},
};
enum { A = 0, R = 3, T = 5, X = 6, Y = 7, Z = 8 };

static const char *const sets[] = {"baseline", "avx2", "avx512"};

/* What a run reads. */
typedef struct Data {
    double values[SYMBOLS]; /* of FIXED and STEP symbols */
    double numbers[3][N_MAX];
    float numbers_f32[3][N_MAX];
} Data;

static NodeId op1(Graph *graph, Operation operation, NodeId a) {
    return graph_apply(graph, operation, a, NODE_NONE, NODE_NONE);
}

static NodeId op2(Graph *graph, Operation operation, NodeId a, NodeId b) {
    return graph_apply(graph, operation, a, b, NODE_NONE);
}

static Program *make(const Graph *graph, const NodeId *outputs, int n_outputs) {
    Status status = status_ok();
    Program *program = program_create(graph, symbols, SYMBOLS, outputs, n_outputs, &status);
    assert_non_null(program);
    return program;
}

static void finish(Graph *graph, Program *program, Workspace *workspace) {
    workspace_destroy(workspace);
    program_destroy(program);
    graph_destroy(graph);
}

static bool same(double a, double b) {
    return (isnan(a) && isnan(b)) || elementary_bits(a) == elementary_bits(b);
}

static bool same_f32(float a, float b) {
    return (isnan(a) && isnan(b)) || elementary_bits_f32(a) == elementary_bits_f32(b);
}

static double draw(Rng *rng) {
    static const double odd[] = {
        0, -0.0, 1, -1, 0.5, 2, INFINITY, -INFINITY, NAN, 0x1p-1074, 1e300, 1e7, -3e9, 0x1p53};
    const uint64_t kind = rng_next(rng) % 8;
    if (kind == 0) return odd[rng_next(rng) % (sizeof odd / sizeof odd[0])];
    if (kind == 1) return rng_uniform(rng, -100, 100);
    if (kind == 2) return floor(rng_uniform(rng, -5, 5));
    return rng_uniform(rng, -3, 3);
}

static void fill(Data *data, uint64_t seed) {
    Rng rng = rng_seed(seed);
    for (int i = 0; i < SYMBOLS; i++) data->values[i] = draw(&rng);
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < N_MAX; i++) data->numbers_f32[k][i] = (float)(data->numbers[k][i] = draw(&rng));
    }
}

static void point_values(const Data *data, int i, double *values) {
    memcpy(values, data->values, sizeof data->values);
    for (int k = 0; k < 3; k++) values[X + k] = data->numbers[k][i];
}

/* Runs one output over the first n elements with every set there is; all must agree with `expected`. */
static void check_f64(
    const Program *program, Workspace *workspace, const Data *data, int n, const double *expected) {
    const double *inputs[SYMBOLS] = {[X] = data->numbers[0], [Y] = data->numbers[1], [Z] = data->numbers[2]};
    static double result[N_MAX + 1];
    double *outputs[] = {result};
    for (int s = 0; s < 3; s++) {
        if (!workspace_use_instruction_set(workspace, sets[s])) continue;
        result[n] = 12345;
        program_run_f64(program, workspace, data->values, inputs, (size_t)n, outputs);
        assert_true(result[n] == 12345);
        for (int i = 0; i < n; i++) {
            if (same(result[i], expected[i])) continue;
            fail_msg("%s, n = %d, element %d: %a, not %a", sets[s], n, i, result[i], expected[i]);
        }
    }
}

static void check_f32(
    const Program *program, Workspace *workspace, const Data *data, int n, float *expected, bool first) {
    const float *inputs[SYMBOLS] = {
        [X] = data->numbers_f32[0], [Y] = data->numbers_f32[1], [Z] = data->numbers_f32[2]};
    static float result[N_MAX];
    float *outputs[] = {result};
    for (int s = 0; s < 3; s++) {
        if (!workspace_use_instruction_set(workspace, sets[s])) continue;
        program_run_f32(program, workspace, data->values, inputs, (size_t)n, outputs);
        if (first) memcpy(expected, result, (size_t)n * sizeof *result);
        first = false;
        for (int i = 0; i < n; i++) {
            if (same_f32(result[i], expected[i])) continue;
            fail_msg(
                "%s, n = %d, element %d: %a, not %a", sets[s], n, i, (double)result[i], (double)expected[i]);
        }
    }
}

/* operation(operands), where operand k is an ELEMENT symbol or, by its bits of `levels`, STEP or FIXED. */
static void check_operation(Operation operation, const int levels[3], const Data *data) {
    static const int sizes[] = {1, 2, 3, 4, 5, 15, 16, 17, 31, 100, 511, 512, 513, 1000};
    const int arity = operation_table[operation].arity;
    NodeId operands[3] = {NODE_NONE, NODE_NONE, NODE_NONE};
    Graph *graph = graph_create();
    for (int k = 0; k < arity; k++) operands[k] = graph_symbol(graph, 3 * levels[k] + k);
    const NodeId value = graph_apply(graph, operation, operands[0], operands[1], operands[2]);
    Program *program = make(graph, &value, 1);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, data->values);
    static double expected[N_MAX];
    static float expected_f32[N_MAX];
    for (int i = 0; i < N_MAX; i++) {
        double values[SYMBOLS], arguments[3] = {0};
        point_values(data, i, values);
        for (int k = 0; k < arity; k++) arguments[k] = values[3 * levels[k] + k];
        program_run_point(program, workspace, values, &expected[i]);
        /* b^t goes by a table of its own, see test_power_by_table. */
        if (operation == OPERATION_POWER && levels[0] == LEVEL_FIXED && levels[1] == LEVEL_STEP) continue;
        const double plain = operation_compute(operation, arguments[0], arguments[1], arguments[2]);
        if (!same(expected[i], plain))
            fail_msg("%s: %a, not %a", operation_table[operation].spelling, expected[i], plain);
    }
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
        check_f64(program, workspace, data, sizes[k], expected);
    check_f32(program, workspace, data, N_MAX, expected_f32, true);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        check_f32(program, workspace, data, sizes[k], expected_f32, false);
    }
    finish(graph, program, workspace);
}

static void test_every_operation(void **state) {
    (void)state;
    Data *data = malloc(sizeof *data);
    for (int operation = OPERATION_SYMBOL + 1; operation < OPERATION_COUNT; operation++) {
        const int arity = operation_table[operation].arity;
        for (int shape = 0; shape < (arity == 1 ? 3 : arity == 2 ? 9 : 27); shape++) {
            fill(data, (uint64_t)operation * 31 + (uint64_t)shape);
            check_operation((Operation)operation, (const int[3]){shape % 3, shape / 3 % 3, shape / 9}, data);
        }
    }
    free(data);
}

/* Every n up to 1000, with registers, inputs, a scalar and a fused product. */
static void test_every_size(void **state) {
    (void)state;
    Data *data = malloc(sizeof *data);
    fill(data, 77);
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, X), y = graph_symbol(graph, Y);
    const NodeId product =
        op2(graph, OPERATION_MULTIPLY, op1(graph, OPERATION_SIN, x), op1(graph, OPERATION_EXP, y));
    const NodeId sum = op2(graph, OPERATION_ADD, product, graph_symbol(graph, R));
    const NodeId value = op2(graph, OPERATION_SUBTRACT, sum, op2(graph, OPERATION_MULTIPLY, x, y));
    Program *program = make(graph, &value, 1);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, data->values);
    double expected[N_MAX];
    for (int i = 0; i < N_MAX; i++) {
        double values[SYMBOLS];
        point_values(data, i, values);
        program_run_point(program, workspace, values, &expected[i]);
    }
    for (int n = 0; n <= N_MAX; n++) check_f64(program, workspace, data, n, expected);
    finish(graph, program, workspace);
    free(data);
}

/* A value of every node, by walking over them. */
static double *walk(const Graph *graph, const double *values) {
    double *results = malloc(graph_size(graph) * sizeof *results);
    for (uint32_t id = 0; id < graph_size(graph); id++) {
        const Node *node = graph_node(graph, id);
        double operands[3] = {0};
        for (int k = 0; k < operation_table[node->operation].arity; k++)
            operands[k] = results[node->operands[k]];
        results[id] = node->operation == OPERATION_CONSTANT ? node->constant
                      : node->operation == OPERATION_SYMBOL
                          ? values[node->symbol]
                          : operation_apply(node->operation, operands[0], operands[1], operands[2]);
    }
    return results;
}

/* A random graph of about n nodes; few of its values overflow. */
static Graph *random_graph(Rng *rng, int n, NodeId *outputs, int n_outputs) {
    static const Operation operations[] = {OPERATION_ADD, OPERATION_SUBTRACT, OPERATION_MULTIPLY,
        OPERATION_ADD, OPERATION_SUBTRACT, OPERATION_MULTIPLY, OPERATION_DIVIDE, OPERATION_MIN, OPERATION_MAX,
        OPERATION_SQRT, OPERATION_SIN, OPERATION_TANH, OPERATION_ATAN2, OPERATION_SELECT, OPERATION_CLAMP,
        OPERATION_POWER, OPERATION_LESS};
    Graph *graph = graph_create();
    NodeId *pool = malloc((size_t)n * sizeof *pool);
    for (int i = 0; i < n; i++) {
        NodeId operands[3] = {NODE_NONE, NODE_NONE, NODE_NONE};
        const Operation operation = operations[rng_next(rng) % (sizeof operations / sizeof operations[0])];
        for (int k = 0; i >= 12 && k < operation_table[operation].arity; k++) {
            const uint64_t back = rng_next(rng) % 4 ? rng_next(rng) % 12 : rng_next(rng) % (uint64_t)i;
            operands[k] = pool[(uint64_t)i - 1 - back];
        }
        if (operation == OPERATION_POWER && i >= 12)
            operands[1] =
                graph_constant(graph, rng_uniform(rng, 0, 4) < 3 ? floor(rng_uniform(rng, -3, 9)) : 0.5);
        pool[i] = i < SYMBOLS ? graph_symbol(graph, i)
                  : i < 12    ? graph_constant(graph, rng_uniform(rng, -2, 2))
                              : graph_apply(graph, operation, operands[0], operands[1], operands[2]);
    }
    for (int o = 0; o < n_outputs; o++)
        outputs[o] = pool[n - 1 - (int)(rng_next(rng) % (uint64_t)(n / 2 + 1))];
    free(pool);
    return graph;
}

/* Random programs, with outputs that write over inputs, against the walk. */
static void check_random(uint64_t seed, int nodes, int n_outputs) {
    enum { N = 150 };
    Rng rng = rng_seed(seed);
    NodeId nodes_out[PROGRAM_OUTPUTS_MAX];
    Graph *graph = random_graph(&rng, nodes, nodes_out, n_outputs);
    Data *data = malloc(sizeof *data);
    fill(data, seed + 1);
    Program *program = make(graph, nodes_out, n_outputs);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, data->values);
    double expected[PROGRAM_OUTPUTS_MAX][N];
    for (int i = 0; i < N; i++) {
        double values[SYMBOLS], point[PROGRAM_OUTPUTS_MAX];
        point_values(data, i, values);
        double *results = walk(graph, values);
        program_run_point(program, workspace, values, point);
        for (int o = 0; o < n_outputs; o++) {
            expected[o][i] = results[nodes_out[o]];
            if (!same(point[o], expected[o][i]))
                fail_msg("seed %d: %a, not %a", (int)seed, point[o], expected[o][i]);
        }
        free(results);
    }
    for (int n = 1; n <= N; n += n < 4 ? 1 : 73) {
        for (int s = 0; s < 3; s++) {
            if (!workspace_use_instruction_set(workspace, sets[s])) continue;
            Data copy = *data;
            static double separate[PROGRAM_OUTPUTS_MAX][N];
            double *outputs[PROGRAM_OUTPUTS_MAX];
            /* The first outputs over the inputs, in an order that turns with the seed. */
            for (int o = 0; o < n_outputs; o++)
                outputs[o] = o < 3 ? copy.numbers[((uint64_t)o + seed) % 3] : separate[o];
            const double *inputs[SYMBOLS] = {
                [X] = copy.numbers[0], [Y] = copy.numbers[1], [Z] = copy.numbers[2]};
            program_run_f64(program, workspace, data->values, inputs, (size_t)n, outputs);
            for (int o = 0; o < n_outputs; o++) {
                for (int i = 0; i < n; i++) {
                    if (same(outputs[o][i], expected[o][i])) continue;
                    fail_msg("seed %d, %s, n = %d, output %d, element %d: %a, not %a", (int)seed, sets[s], n,
                        o, i, outputs[o][i], expected[o][i]);
                }
            }
        }
    }
    free(data);
    finish(graph, program, workspace);
}

static void test_random(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) check_random(seed, 20 + (int)seed % 60, 1 + (int)seed % 7);
    for (uint64_t seed = 1; seed <= 10; seed++) check_random(1000 + seed, 1000, PROGRAM_OUTPUTS_MAX);
    check_random(2000, 20000, 5);
}

/* Inputs handed through, exchanged and repeated; scalars as outputs. */
static void test_aliasing(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, X), y = graph_symbol(graph, Y), r = graph_symbol(graph, R);
    const NodeId sum = op2(graph, OPERATION_ADD, x, y);
    const NodeId nodes[] = {
        y, x, sum, sum, r, graph_constant(graph, 7), op2(graph, OPERATION_MULTIPLY, sum, x)};
    Program *program = make(graph, nodes, 7);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, (const double[SYMBOLS]){0});
    for (int n = 1; n <= N_MAX; n += 37) {
        static double xs[N_MAX], ys[N_MAX], rest[5][N_MAX];
        for (int i = 0; i < n; i++) xs[i] = i + 0.5, ys[i] = -i;
        program_run_f64(program, workspace, (const double[SYMBOLS]){[R] = 3},
            (const double *const[SYMBOLS]){[X] = xs, [Y] = ys}, (size_t)n,
            (double *const[]){xs, ys, rest[0], rest[1], rest[2], rest[3], rest[4]});
        for (int i = 0; i < n; i++) {
            assert_true(xs[i] == -i && ys[i] == i + 0.5 && rest[0][i] == 0.5 && rest[1][i] == 0.5);
            assert_true(rest[2][i] == 3 && rest[3][i] == 7 && rest[4][i] == 0.5 * (i + 0.5));
        }
    }
    finish(graph, program, workspace);
}

/* Work is done at its own level: (a*a + 1) once a binding, times r once a call, times x for each element. */
static void test_levels(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId a = graph_symbol(graph, A), r = graph_symbol(graph, R), x = graph_symbol(graph, X);
    const NodeId fixed =
        op2(graph, OPERATION_ADD, op2(graph, OPERATION_MULTIPLY, a, a), graph_constant(graph, 1));
    const NodeId step = op1(graph, OPERATION_EXP, op2(graph, OPERATION_MULTIPLY, fixed, r));
    const NodeId value = op2(graph, OPERATION_DIVIDE, x, step);
    op1(graph, OPERATION_COSH, value); /* nobody wants it */
    Program *program = make(graph, &value, 1);
    assert_int_equal(program_instruction_count(program, LEVEL_FIXED), 2);
    assert_int_equal(program_instruction_count(program, LEVEL_STEP), 2);
    assert_int_equal(program_instruction_count(program, LEVEL_ELEMENT), 1);
    Workspace *workspace = workspace_create(program);
    double values[SYMBOLS] = {[A] = 2, [R] = 0.1, [X] = 3}, result;
    program_bind(program, workspace, values);
    program_run_point(program, workspace, values, &result);
    assert_near(result, 3 / exp(0.5), 1e-15);
    values[A] = 1; /* has no effect until it is bound */
    program_run_point(program, workspace, values, &result);
    assert_near(result, 3 / exp(0.5), 1e-15);
    program_bind(program, workspace, values);
    program_run_point(program, workspace, values, &result);
    assert_near(result, 3 / exp(0.2), 1e-15);
    finish(graph, program, workspace);
}

/* (1-x)^2 + 100 (y-x^2)^2 and its gradient. */
static void test_rosenbrock(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, X), y = graph_symbol(graph, Y), two = graph_constant(graph, 2);
    const NodeId u = op2(graph, OPERATION_SUBTRACT, graph_constant(graph, 1), x);
    const NodeId v = op2(graph, OPERATION_SUBTRACT, y, op2(graph, OPERATION_POWER, x, two));
    const NodeId bend =
        op2(graph, OPERATION_MULTIPLY, graph_constant(graph, 100), op2(graph, OPERATION_POWER, v, two));
    const NodeId value = op2(graph, OPERATION_ADD, op2(graph, OPERATION_POWER, u, two), bend);
    const NodeId outputs[] = {value, graph_derivative(graph, value, X), graph_derivative(graph, value, Y)};
    Program *program = make(graph, outputs, 3);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, (const double[SYMBOLS]){0});
    assert_true(program_instruction_count(program, LEVEL_ELEMENT) <= 12);
    Rng rng = rng_seed(3);
    for (int i = 0; i < 1000; i++) {
        const double p = rng_uniform(&rng, -2, 2), q = rng_uniform(&rng, -1, 3), w = q - p * p;
        double results[3];
        program_run_point(program, workspace, (const double[SYMBOLS]){[X] = p, [Y] = q}, results);
        assert_near(results[0], (1 - p) * (1 - p) + 100 * w * w, 1e-14);
        assert_near(results[1], -2 * (1 - p) - 400 * p * w, 1e-13);
        assert_near(results[2], 200 * w, 1e-13);
    }
    finish(graph, program, workspace);
}

static void test_power_chains(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, X);
    for (int n = -64; n <= 64; n++) {
        const NodeId value = op2(graph, OPERATION_POWER, x, graph_constant(graph, n));
        Program *program = make(graph, &value, 1);
        Workspace *workspace = workspace_create(program);
        program_bind(program, workspace, (const double[SYMBOLS]){0});
        for (double at = -1.75; at < 2; at += 0.5) {
            double result;
            program_run_point(program, workspace, (const double[SYMBOLS]){[X] = at}, &result);
            assert_true(fabsl(result - powl(at, n)) <= 64 * 0x1p-53L * fabsl(powl(at, n)));
        }
        assert_true(program_instruction_count(program, LEVEL_ELEMENT) <= 12);
        workspace_destroy(workspace);
        program_destroy(program);
    }
    /* x^8 makes x^4 and x^2 on the way, x^-0.5 is not a chain, a quotient by a power of two is a product. */
    const NodeId outputs[] = {op2(graph, OPERATION_POWER, x, graph_constant(graph, 8)),
        op2(graph, OPERATION_POWER, x, graph_constant(graph, 4)),
        op2(graph, OPERATION_POWER, x, graph_constant(graph, 2)),
        op2(graph, OPERATION_POWER, x, graph_constant(graph, 0.5)), op1(graph, OPERATION_SQRT, x)};
    Program *program = make(graph, outputs, 5);
    assert_int_equal(program_instruction_count(program, LEVEL_ELEMENT), 4);
    program_destroy(program);
    graph_destroy(graph);
}

/* beta^t by the table of beta's powers, against long double. */
static void test_power_by_table(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId value = op2(graph, OPERATION_POWER, graph_symbol(graph, A), graph_symbol(graph, T));
    Program *program = make(graph, &value, 1);
    Workspace *workspace = workspace_create(program);
    const double bases[] = {0.9, 0.999, 0.99999, 1.00001, -0.5, 2, 1, 0};
    const double exponents[] = {
        0, 1, 2, 3, 15, 16, 17, 1000, 12345, 65536, 1048575, 1048576, 1e7, 0.5, 2.25, -1, -7};
    for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++) {
        program_bind(program, workspace, (const double[SYMBOLS]){[A] = bases[b]});
        for (size_t e = 0; e < sizeof exponents / sizeof exponents[0]; e++) {
            double result, again[2], *const outputs[] = {again};
            const double values[SYMBOLS] = {[T] = exponents[e]};
            program_run_point(program, workspace, values, &result);
            const long double expected = powl(bases[b], exponents[e]);
            const bool finite = fabsl(expected) <= 1.7e308L && fabsl(expected) >= 0x1p-1000L;
            if (finite)
                assert_true(fabsl(result - expected) <= 6 * 0x1p-52L * fabsl(expected));
            else
                assert_true(same(result, (double)expected) || fabs(result) < 0x1p-1000);
            program_run_f64(program, workspace, values, (const double *const[SYMBOLS]){0}, 2, outputs);
            assert_true(same(again[0], result) && same(again[1], result));
        }
    }
    finish(graph, program, workspace);
}

/* Step work is done in float64 and rounded once; float32 follows float64 to its own precision. */
static void test_f32(void **state) {
    (void)state;
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, X), g = graph_symbol(graph, Y), lr = graph_symbol(graph, R);
    const NodeId bias = op2(graph, OPERATION_SUBTRACT, graph_constant(graph, 1),
        op2(graph, OPERATION_POWER, graph_constant(graph, 0.999), graph_symbol(graph, T)));
    const NodeId root =
        op1(graph, OPERATION_SQRT, op2(graph, OPERATION_DIVIDE, op2(graph, OPERATION_MULTIPLY, g, g), bias));
    const NodeId ratio =
        op2(graph, OPERATION_DIVIDE, g, op2(graph, OPERATION_ADD, root, graph_constant(graph, 1e-8)));
    const NodeId value = op2(graph, OPERATION_SUBTRACT, x, op2(graph, OPERATION_MULTIPLY, lr, ratio));
    Program *program = make(graph, &value, 1);
    Workspace *workspace = workspace_create(program);
    program_bind(program, workspace, (const double[SYMBOLS]){0});
    float xs[101], gs[101];
    double wide_x[101], wide_g[101];
    for (int i = 0; i < 101; i++) {
        wide_x[i] = xs[i] = (float)(i * 0.1 - 5);
        wide_g[i] = gs[i] = (float)(1 + i * 0.01);
    }
    const double scalars[SYMBOLS] = {[R] = 0.1, [T] = 3};
    program_run_f32(program, workspace, scalars, (const float *const[SYMBOLS]){[X] = xs, [Y] = gs}, 101,
        (float *const[]){xs});
    program_run_f64(program, workspace, scalars, (const double *const[SYMBOLS]){[X] = wide_x, [Y] = wide_g},
        101, (double *const[]){wide_x});
    for (int i = 0; i < 101; i++) assert_near(xs[i], wide_x[i], 5e-7);
    finish(graph, program, workspace);
}

static void test_too_large(void **state) {
    (void)state;
    Graph *graph = graph_create();
    NodeId value = graph_symbol(graph, X);
    for (int i = 0; !graph_is_full(graph); i++) {
        assert_true(i <= GRAPH_NODES_MAX);
        value = op2(graph, OPERATION_ADD, op1(graph, OPERATION_SIN, value), graph_constant(graph, i + 0.5));
    }
    Status status = status_ok();
    assert_null(program_create(graph, symbols, SYMBOLS, &value, 1, &status));
    assert_non_null(strstr(status.message, "the formula is too large"));
    graph_destroy(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation),
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_aliasing),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_rosenbrock),
        cmocka_unit_test(test_power_chains),
        cmocka_unit_test(test_power_by_table),
        cmocka_unit_test(test_f32),
        cmocka_unit_test(test_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
