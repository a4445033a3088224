/* Optimizers that are told the matrices of x: Muon and Shampoo against plain loops, LARS and LAMB against
 * runs on each matrix alone. */
#include "test.h"

#include "dense.h"
#include "optimizer.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE = 6, N = 5 * 3 + 3 + 3 * 6 + 6, STEPS = 7 };

/* A tall matrix, a wide one, and their biases. */
static const LayoutBlock blocks[] = {{0, 5, 3}, {15, 1, 3}, {18, 3, 6}, {36, 1, 6}};
static const Layout layout = {.blocks = blocks, .n_blocks = 4};

/* Half the sum of c_i (x_i - 1)^2, coupled a little so that no matrix of gradients is diagonal or of rank 1.
 */
static void bowl(const double *x, double *g) {
    for (int i = 0; i < N; i++)
        g[i] = (1 + i * i % 7) * (x[i] - 1) + 0.3 * x[(i + 5) % N] + 0.3 * x[(i + N - 5) % N];
}

typedef struct Bowl {
    double position[N], numbers[N];
    Vec gradient;
} Bowl;

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    Bowl *at = context;
    vec_read(x, at->position);
    bowl(at->position, at->numbers);
    vec_write(&at->gradient, at->numbers);
    *gradient = &at->gradient;
    return 0;
}

static Vec vec_create(size_t n, Precision precision) {
    return (Vec){.n = n, .precision = precision, .data = aligned_alloc(64, (n * 8 + 63) / 64 * 64)};
}

static void start(double *x) {
    for (int i = 0; i < N; i++) x[i] = sin(3 * i);
}

/* Runs an optimizer at its defaults but for the rate; x: (N). */
static void run(const char *name, double lr, Precision precision, double *x) {
    const Optimizer *optimizer = optimizer_find(name);
    double values[OPTIMIZER_PARAMETERS_MAX];
    optimizer_defaults(optimizer, values);
    values[0] = lr;
    const Space space = {.n = N, .precision = precision, .layout = &layout};
    Status status = status_ok();
    OptimizerRun *made = optimizer_run_create_on(optimizer, values, &space, &status);
    if (!made) fail_msg("%s", status.message);
    Bowl context = {.gradient = vec_create(N, precision)};
    const Evaluator evaluator = {.evaluate = evaluate, .context = &context};
    const Vec at = vec_create(N, precision);
    start(x);
    vec_write(&at, x);
    for (int t = 0; t < STEPS; t++)
        if (optimizer_run_step(made, &at, &evaluator, lr)) fail_msg("%s fails", name);
    vec_read(&at, x);
    free(at.data), free(context.gradient.data);
    optimizer_run_destroy(made);
}

/* c = op(a) b for matrices with rows of SIDE. */
typedef double Square[SIDE][SIDE];

static void multiply(Square c, Square a, bool transposed, Square b) {
    Square sum = {{0}};
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            for (int k = 0; k < SIDE; k++) sum[i][j] += (transposed ? a[k][i] : a[i][k]) * b[k][j];
    memcpy(c, sum, sizeof sum);
}

static void read_block(Square to, const double *from, const LayoutBlock *block) {
    memset(to, 0, sizeof(Square));
    for (size_t i = 0; i < block->rows; i++)
        for (size_t j = 0; j < block->cols; j++) to[i][j] = from[block->offset + i * block->cols + j];
}

/* aX + (bA + cA^2)X with A = XX', whatever the shape. */
static void newton_schulz(Square x) {
    double norm = 0;
    for (int i = 0; i < SIDE * SIDE; i++) norm += x[i / SIDE][i % SIDE] * x[i / SIDE][i % SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) x[i / SIDE][i % SIDE] /= sqrt(norm) + 1e-7;
    for (int k = 0; k < 5; k++) {
        Square transposed, gram, third, fifth;
        for (int i = 0; i < SIDE * SIDE; i++) transposed[i % SIDE][i / SIDE] = x[i / SIDE][i % SIDE];
        multiply(gram, x, false, transposed);
        multiply(third, gram, false, x);
        multiply(fifth, gram, false, third);
        for (int i = 0; i < SIDE * SIDE; i++) {
            const int r = i / SIDE, s = i % SIDE;
            x[r][s] = 3.4445 * x[r][s] - 4.7750 * third[r][s] + 2.0315 * fifth[r][s];
        }
    }
}

static void plain_muon(double lr, double *x) {
    double m[N] = {0}, r[N] = {0}, g[N];
    start(x);
    for (int t = 1; t <= STEPS; t++) {
        bowl(x, g);
        for (int b = 0; b < 4; b++) {
            const LayoutBlock *block = &blocks[b];
            const size_t n = block->rows * block->cols;
            double ahead[N] = {0};
            for (size_t i = block->offset; i < block->offset + n; i++) {
                if (block->rows == 1) {
                    m[i] = 0.9 * m[i] + 0.1 * g[i];
                    r[i] = 0.95 * r[i] + 0.05 * g[i] * g[i];
                    x[i] -= 1e-3 * (m[i] / (1 - pow(0.9, t))) / (1e-10 + sqrt(r[i] / (1 - pow(0.95, t))));
                } else {
                    m[i] = 0.95 * m[i] + g[i];
                    ahead[i] = g[i] + 0.95 * m[i];
                }
            }
            if (block->rows == 1) continue;
            Square direction;
            read_block(direction, ahead, block);
            newton_schulz(direction);
            const double scale = sqrt(fmax(1, (double)block->cols / (double)block->rows));
            for (size_t i = 0; i < n; i++)
                x[block->offset + i] -= lr * scale * direction[i / block->cols][i % block->cols];
        }
    }
}

static void muon_is_its_definition(void **state) {
    (void)state;
    double x[N], expected[N];
    plain_muon(0.02, expected);
    for (int wide = 0; wide < 2; wide++) {
        run("muon", 0.02, wide ? PRECISION_F64 : PRECISION_F32, x);
        for (int i = 0; i < N; i++) assert_near(x[i], expected[i], wide ? 1e-12 : 1e-5);
    }
}

/* (A + eps I)^(-1/4) by Jacobi's rotations; of the first n rows and columns. */
static void plain_root(Square a, int n, Square root) {
    Square v = {{0}}, of = {{0}};
    for (int i = 0; i < n; i++) v[i][i] = 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) of[i][j] = a[i][j] + (i == j ? 1e-4 : 0);
    for (int sweep = 0; sweep < 60; sweep++)
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++) {
                if (fabs(of[p][q]) < 1e-300) continue;
                const double theta = 0.5 * atan2(2 * of[p][q], of[q][q] - of[p][p]), c = cos(theta),
                             s = sin(theta);
                for (int k = 0; k < n; k++) {
                    const double x = of[k][p], y = of[k][q];
                    of[k][p] = c * x - s * y, of[k][q] = s * x + c * y;
                }
                for (int k = 0; k < n; k++) {
                    const double x = of[p][k], y = of[q][k];
                    of[p][k] = c * x - s * y, of[q][k] = s * x + c * y;
                }
                for (int k = 0; k < n; k++) {
                    const double x = v[k][p], y = v[k][q];
                    v[k][p] = c * x - s * y, v[k][q] = s * x + c * y;
                }
            }
    memset(root, 0, sizeof(Square));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++) root[i][j] += v[i][k] * pow(fmax(of[k][k], 1e-4), -0.25) * v[j][k];
}

/* The roots are taken in the first of ten steps only. */
static void plain_shampoo(double lr, double *x) {
    double m[N] = {0}, r[N] = {0}, g[N];
    Square left[4] = {{{0}}}, right[4] = {{{0}}}, left_root[4], right_root[4];
    start(x);
    for (int t = 1; t <= STEPS; t++) {
        bowl(x, g);
        for (int b = 0; b < 4; b++) {
            const LayoutBlock *block = &blocks[b];
            const size_t n = block->rows * block->cols;
            Square gradient, transposed, product, scaled = {{0}};
            read_block(gradient, g, block);
            if (block->rows == 1) {
                for (size_t i = block->offset; i < block->offset + n; i++) {
                    r[i] += g[i] * g[i];
                    scaled[0][i - block->offset] = g[i] / sqrt(r[i] + 1e-4);
                }
            } else {
                for (int i = 0; i < SIDE * SIDE; i++)
                    transposed[i % SIDE][i / SIDE] = gradient[i / SIDE][i % SIDE];
                multiply(product, gradient, false, transposed);
                for (int i = 0; i < SIDE * SIDE; i++)
                    left[b][i / SIDE][i % SIDE] += product[i / SIDE][i % SIDE];
                multiply(product, gradient, true, gradient);
                for (int i = 0; i < SIDE * SIDE; i++)
                    right[b][i / SIDE][i % SIDE] += product[i / SIDE][i % SIDE];
                if (t == 1) plain_root(left[b], (int)block->rows, left_root[b]);
                if (t == 1) plain_root(right[b], (int)block->cols, right_root[b]);
                multiply(product, left_root[b], false, gradient);
                multiply(scaled, product, false, right_root[b]);
            }
            for (size_t i = 0; i < n; i++) {
                const size_t at = block->offset + i;
                m[at] = 0.9 * m[at] + scaled[i / block->cols][i % block->cols];
                x[at] -= lr * m[at];
            }
        }
    }
}

static void shampoo_is_its_definition(void **state) {
    (void)state;
    double x[N], expected[N];
    plain_shampoo(0.05, expected);
    for (int wide = 0; wide < 2; wide++) {
        run("shampoo", 0.05, wide ? PRECISION_F64 : PRECISION_F32, x);
        for (int i = 0; i < N; i++) assert_near(x[i], expected[i], wide ? 1e-11 : 1e-3);
    }
}

/* One matrix of the bowl, the others standing where they stand. */
typedef struct PartBowl {
    const LayoutBlock *block;
    double whole[N], gradient[N];
    Vec part;
} PartBowl;

static double evaluate_part(void *context, const Vec *x, const Vec **gradient) {
    PartBowl *at = context;
    vec_read(x, at->whole + at->block->offset);
    bowl(at->whole, at->gradient);
    vec_write(&at->part, at->gradient + at->block->offset);
    *gradient = &at->part;
    return 0;
}

/* A layered rule on all of x is the rule on each matrix alone. One step: the matrices are coupled. */
static void layered_rules_take_each_matrix_alone(void **state) {
    (void)state;
    const char *const names[] = {"lars", "lamb", "adam"};
    for (int k = 0; k < 3; k++) {
        const Optimizer *optimizer = optimizer_find(names[k]);
        double values[OPTIMIZER_PARAMETERS_MAX], x[N], alone[N];
        optimizer_defaults(optimizer, values);
        const Space space = {.n = N, .precision = PRECISION_F64, .layout = &layout};
        Status status = status_ok();
        OptimizerRun *whole = optimizer_run_create_on(optimizer, values, &space, &status);
        Bowl bowl_context = {.gradient = vec_create(N, PRECISION_F64)};
        const Evaluator evaluator = {.evaluate = evaluate, .context = &bowl_context};
        start(x);
        start(alone);
        const Vec at = vec_of_f64(x, N);
        optimizer_run_step(whole, &at, &evaluator, values[0]);
        for (int b = 0; b < 4; b++) {
            const size_t n = blocks[b].rows * blocks[b].cols;
            OptimizerRun *one = optimizer_run_create(optimizer, values, n, PRECISION_F64, &status);
            PartBowl context = {.block = &blocks[b], .part = vec_create(n, PRECISION_F64)};
            start(context.whole);
            const Evaluator of_part = {.evaluate = evaluate_part, .context = &context};
            const Vec part = vec_of_f64(alone + blocks[b].offset, n);
            optimizer_run_step(one, &part, &of_part, values[0]);
            free(context.part.data);
            optimizer_run_destroy(one);
        }
        for (int i = 0; i < N; i++) assert_near(x[i], alone[i], 1e-14);
        free(bowl_context.gradient.data);
        optimizer_run_destroy(whole);
    }
}

static void they_refuse_one_vector(void **state) {
    (void)state;
    const char *const names[] = {"muon", "shampoo"};
    for (int k = 0; k < 2; k++) {
        double values[OPTIMIZER_PARAMETERS_MAX];
        Status status = status_ok();
        optimizer_defaults(optimizer_find(names[k]), values);
        assert_null(optimizer_run_create(optimizer_find(names[k]), values, 2, PRECISION_F64, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_non_null(strstr(status.message, "works on the weight matrices of a network"));
    }
}

/* A to the power 1/2, twice multiplied, is A; to -1 it is the inverse; small eigenvalues are raised. */
static void powers_of_matrices(void **state) {
    (void)state;
    enum { SIZE = 6 };
    Square a, copy, root;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) a[i][j] = 1.0 / (1 + i + j) + (i == j); /* positive definite */
    void *work = aligned_alloc(64, ((size_t)dense_work_bytes(SIZE) + 63) / 64 * 64);
    memcpy(copy, a, sizeof a);
    assert_true(dense_power(SIZE, copy[0], 0.5, 1e-12, root[0], work));
    multiply(copy, root, false, root);
    for (int i = 0; i < SIZE * SIZE; i++) assert_near(copy[i / SIZE][i % SIZE], a[i / SIZE][i % SIZE], 1e-13);
    memcpy(copy, a, sizeof a);
    assert_true(dense_power(SIZE, copy[0], -1, 1e-12, root[0], work));
    multiply(copy, root, false, a);
    for (int i = 0; i < SIZE * SIZE; i++) assert_near(copy[i / SIZE][i % SIZE], i / SIZE == i % SIZE, 1e-13);
    memset(copy, 0, sizeof copy);
    assert_true(dense_power(SIZE, copy[0], -0.25, 1e-4, root[0], work));
    for (int i = 0; i < SIZE * SIZE; i++)
        assert_near(root[i / SIZE][i % SIZE], i / SIZE == i % SIZE ? 10 : 0, 1e-13);
    free(work);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(muon_is_its_definition),
        cmocka_unit_test(shampoo_is_its_definition),
        cmocka_unit_test(layered_rules_take_each_matrix_alone),
        cmocka_unit_test(they_refuse_one_vector),
        cmocka_unit_test(powers_of_matrices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
