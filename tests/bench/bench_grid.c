/* How fast the block evaluator is: rosenbrock and its gradient over a 1920x1080 grid, row by row, against
 * loops that a C programmer would write by hand, on one thread. Pairs are run in turn, so that a busy machine
 * slows both; the median ratio counts. The goal is at most 2. */
#include "program.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 1920, HEIGHT = 1080, PAIRS = 15 };

/* One row of results: f, fx, fy. */
typedef double Row[3][WIDTH];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void hand_written(const double *x, double y, double *f, double *fx, double *fy) {
    for (int i = 0; i < WIDTH; i++) {
        const double u = 1 - x[i], v = y - x[i] * x[i];
        f[i] = u * u + 100 * v * v;
        fx[i] = -2 * u - 400 * x[i] * v;
        fy[i] = 200 * v;
    }
}

static double hand_grid(const double *x, Row *rows) {
    const double start = now();
    for (int j = 0; j < HEIGHT; j++)
        hand_written(x, -1 + 4.0 * j / HEIGHT, rows[j][0], rows[j][1], rows[j][2]);
    return now() - start;
}

static double program_grid(const Program *program, Workspace *workspace, const double *x, Row *rows) {
    const double start = now();
    for (int j = 0; j < HEIGHT; j++) {
        const double scalars[2] = {0, -1 + 4.0 * j / HEIGHT};
        const double *const inputs[2] = {x, NULL};
        double *const outputs[3] = {rows[j][0], rows[j][1], rows[j][2]};
        program_run_f64(program, workspace, scalars, inputs, WIDTH, outputs);
    }
    return now() - start;
}

static NodeId apply(Graph *graph, Operation operation, NodeId a, NodeId b) {
    return graph_apply(graph, operation, a, b, NODE_NONE);
}

/* f, fx, fy of x along a row of constant y. */
static Program *rosenbrock(void) {
    static const Symbol symbols[] = {{"x", LEVEL_ELEMENT, false}, {"y", LEVEL_STEP, false}};
    Graph *graph = graph_create();
    const NodeId x = graph_symbol(graph, 0), y = graph_symbol(graph, 1), two = graph_constant(graph, 2);
    const NodeId u = apply(graph, OPERATION_SUBTRACT, graph_constant(graph, 1), x);
    const NodeId v = apply(graph, OPERATION_SUBTRACT, y, apply(graph, OPERATION_POWER, x, two));
    const NodeId bend =
        apply(graph, OPERATION_MULTIPLY, graph_constant(graph, 100), apply(graph, OPERATION_POWER, v, two));
    const NodeId f = apply(graph, OPERATION_ADD, apply(graph, OPERATION_POWER, u, two), bend);
    const NodeId outputs[3] = {f, graph_derivative(graph, f, 0), graph_derivative(graph, f, 1)};
    Status status = status_ok();
    Program *program = program_create(graph, symbols, 2, outputs, 3, &status);
    graph_destroy(graph);
    return program;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The farthest apart that any two results are, relative to their size. */
static double difference(Row *a, Row *b) {
    double worst = 0;
    for (int j = 0; j < HEIGHT; j++) {
        for (int i = 0; i < 3 * WIDTH; i++) {
            const double x = a[j][i / WIDTH][i % WIDTH], y = b[j][i / WIDTH][i % WIDTH];
            worst = fmax(worst, fabs(x - y) / fmax(1, fabs(x)));
        }
    }
    return worst;
}

int main(void) {
    static const char *const sets[] = {"baseline", "avx2", "avx512"};
    Row *by_hand = malloc(HEIGHT * sizeof *by_hand), *by_program = malloc(HEIGHT * sizeof *by_program);
    Program *program = rosenbrock();
    Workspace *workspace = program ? workspace_create(program) : NULL;
    if (!by_hand || !by_program || !workspace) return 1;
    double x[WIDTH];
    for (int i = 0; i < WIDTH; i++) x[i] = -2 + 4.0 * i / WIDTH;
    program_bind(program, workspace, (const double[2]){0});
    hand_grid(x, by_hand); /* touches the memory */
    program_grid(program, workspace, x, by_program);
    printf("rosenbrock f, fx, fy on %dx%d, %d instructions, largest difference %.2g\n", WIDTH, HEIGHT,
        program_instruction_count(program, LEVEL_ELEMENT), difference(by_hand, by_program));
    for (int s = 0; s < 3; s++) {
        if (!workspace_use_instruction_set(workspace, sets[s])) continue;
        double hand[PAIRS], ours[PAIRS], ratio[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            hand[i] = hand_grid(x, by_hand);
            ours[i] = program_grid(program, workspace, x, by_program);
            ratio[i] = ours[i] / hand[i];
        }
        qsort(hand, PAIRS, sizeof *hand, by_size);
        qsort(ours, PAIRS, sizeof *ours, by_size);
        qsort(ratio, PAIRS, sizeof *ratio, by_size);
        printf("%-8s  by hand %6.2f ms, program %6.2f ms, median ratio %.2f\n", sets[s],
            1e3 * hand[PAIRS / 2], 1e3 * ours[PAIRS / 2], ratio[PAIRS / 2]);
    }
    workspace_destroy(workspace);
    program_destroy(program);
    free(by_hand);
    free(by_program);
    return 0;
}
