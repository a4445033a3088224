/* A landscape of 51 x 51 points on 2,000 examples, 784-256-128-10, against the whole way forward through BLAS
 * at each point, timed in turn on so many threads as are asked for. Prints medians of paired ratios.
 *
 * With the argument `alone THREADS` it prints one line of JSON with the seconds of the whole landscape and of
 * its first picture, for comparing with another program in turn. */
#include "init.h"
#include "landscape.h"
#include "rng.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 51, EXAMPLES = 2000, PAIRS = 5, FIRST = 7 * 7 };
/* By hand only so many of the points are done: the time of all is a multiple. */
enum { BY_HAND = 102 };

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *checked(void *made, const Status *status) {
    if (made) return made;
    fprintf(stderr, "%s\n", status->message);
    exit(1);
}

typedef struct Case {
    MlpSpec spec;
    Batch batch;
    Plane plane;
    float *inputs, *units[3], *x;
    int32_t *labels;
} Case;

static float *numbers(size_t n) {
    return aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64);
}

static Case make(void) {
    Status status = status_ok();
    Case made = {.spec = {.activation = activation_find("relu"),
                     .loss = loss_find("cross_entropy"),
                     .precision = PRECISION_F32,
                     .batch_max = EXAMPLES}};
    MlpSpec *spec = &made.spec;
    checked(mlp_sizes_read(spec, "784-256-128-10", &status) ? spec : NULL, &status);
    made.inputs = numbers((size_t)EXAMPLES * (size_t)spec->sizes[0]);
    made.labels = malloc(EXAMPLES * sizeof *made.labels);
    Rng rng = rng_seed(1);
    for (int i = 0; i < EXAMPLES * spec->sizes[0]; i++) made.inputs[i] = (float)rng_uniform(&rng, 0, 1);
    for (int i = 0; i < EXAMPLES; i++) made.labels[i] = (int32_t)rng_below(&rng, 10);
    made.batch =
        (Batch){.size = EXAMPLES, .n_in = spec->sizes[0], .inputs = made.inputs, .labels = made.labels};
    Mlp *mlp = checked(mlp_create(spec, &status), &status);
    const size_t dim = mlp_objective(mlp)->dim;
    made.x = numbers(dim);
    const Vec x = {.n = dim, .precision = PRECISION_F32, .data = made.x};
    InitSpec init;
    init_read(&init, "he", &status);
    init_fill(&init, mlp, &x, 1, &status);
    checked(plane_random(&made.plane, spec, &x, 1, &status) ? spec : NULL, &status);
    mlp_destroy(mlp);
    for (int l = 0; l < 3; l++) made.units[l] = numbers((size_t)EXAMPLES * (size_t)spec->sizes[l + 1]);
    return made;
}

static void case_free(Case *made) {
    for (int l = 0; l < 3; l++) free(made->units[l]);
    plane_destroy(&made->plane);
    free(made->inputs), free(made->labels), free(made->x);
}

/* Seconds of the whole landscape; *first: until its first picture. */
static double ours(const Case *made, int threads, double *first, double *centre) {
    Status status = status_ok();
    const LandscapeGrid grid = {.cols = SIDE, .rows = SIDE, .u_min = -1, .u_max = 1, .v_min = -1, .v_max = 1};
    Pool *pool = threads > 1 ? pool_create(threads - 1) : NULL;
    const double begin = now_s();
    Landscape *landscape =
        checked(landscape_create(&made->spec, &made->plane, &made->batch, &grid, pool, &status), &status);
    landscape_advance(landscape, FIRST);
    *first = now_s() - begin;
    while (landscape_advance(landscape, FIRST)) continue;
    const double seconds = now_s() - begin;
    *centre = landscape_at(landscape, SIDE / 2, SIDE / 2);
    landscape_destroy(landscape);
    pool_destroy(pool);
    return seconds;
}

/* The loss at a point: weights, three products, and a softmax. */
static double by_hand_point(const Case *made, float u, float v) {
    const int *sizes = made->spec.sizes;
    const float *o = made->plane.origin.f32, *a = made->plane.along[0].f32, *b = made->plane.along[1].f32;
    for (size_t i = 0; i < made->plane.origin.n; i++) made->x[i] = o[i] + u * a[i] + v * b[i];
    const float *below = made->inputs, *x = made->x;
    for (int l = 0; l < 3; l++) {
        const int n_in = sizes[l], n = sizes[l + 1];
        float *z = made->units[l];
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, EXAMPLES, n, n_in, 1, below, n_in, x, n, 0, z, n);
        x += (size_t)n_in * (size_t)n;
        for (int i = 0; i < EXAMPLES; i++, z += n)
            for (int j = 0; j < n; j++) z[j] = l < 2 ? fmaxf(z[j] + x[j], 0) : z[j] + x[j];
        x += n;
        below = made->units[l];
    }
    double sum = 0;
    for (int i = 0; i < EXAMPLES; i++) {
        const float *z = made->units[2] + (size_t)i * 10;
        float largest = z[0], all = 0;
        for (int j = 1; j < 10; j++) largest = z[j] > largest ? z[j] : largest;
        for (int j = 0; j < 10; j++) all += expf(z[j] - largest);
        sum += (double)(logf(all) + largest - z[made->labels[i]]);
    }
    return sum / EXAMPLES;
}

static double by_hand(const Case *made, int threads, double *centre) {
    openblas_set_num_threads(threads);
    const double begin = now_s();
    for (int i = 0; i < BY_HAND; i++)
        by_hand_point(made, -1 + 2 * (float)(i % SIDE) / (SIDE - 1), (float)i / BY_HAND);
    const double seconds = (now_s() - begin) * SIDE * SIDE / BY_HAND;
    *centre = by_hand_point(made, 0, 0);
    return seconds;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void compare(const Case *made, int threads) {
    double ratios[PAIRS], seconds[PAIRS], firsts[PAIRS], centre = 0, plain = 0;
    for (int i = 0; i < PAIRS; i++) {
        seconds[i] = ours(made, threads, &firsts[i], &centre);
        ratios[i] = by_hand(made, threads, &plain) / seconds[i];
    }
    qsort(ratios, PAIRS, sizeof *ratios, by_size);
    qsort(seconds, PAIRS, sizeof *seconds, by_size);
    qsort(firsts, PAIRS, sizeof *firsts, by_size);
    printf(
        "landscape 51x51, 2,000 examples, 784-256-128-10, %d thread%s: %.2f s, first picture after %.0f ms, "
        "%.2f times as fast as the whole way through BLAS (centre %.6f, %.6f)\n",
        threads, threads > 1 ? "s" : "", seconds[PAIRS / 2], 1e3 * firsts[PAIRS / 2], ratios[PAIRS / 2],
        centre, plain);
}

int main(int argc, char **argv) {
    Case made = make();
    if (argc == 3 && strcmp(argv[1], "alone") == 0) {
        double first, centre;
        const double seconds = ours(&made, atoi(argv[2]), &first, &centre);
        printf("{\"bench\": \"landscape\", \"threads\": %s, \"seconds\": %.4f, \"first_s\": %.4f}\n", argv[2],
            seconds, first);
    } else {
        compare(&made, 1);
        compare(&made, 2);
    }
    case_free(&made);
    return 0;
}
