/* Training networks: the race, sampler and all, against what limits it, timed in turn: the same machine's
 * product of two 1024 x 1024 matrices, and loops by hand around BLAS. Prints medians of paired ratios.
 *
 * With arguments SIZES BATCH OPTIMIZER THREADS [RACERS] prints one line of JSON with the examples learned in
 * a second, for comparing with another program in turn. */
#include "init.h"
#include "race.h"
#include "sampler.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXAMPLES = 6000, STEPS_MAX = 400000, PAIRS = 11, RACERS_MAX = 10 };

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

/* A race of `n` racers on networks of one shape. */
typedef struct Training {
    MlpSpec spec;
    Dataset *data;
    Sampler *sampler;
    Pool *pool;
    int n;
    Mlp *networks[RACERS_MAX];
    Race *race;
    Vec start;
} Training;

static Training training_create(const char *sizes, int batch, const char *optimizer, int threads, int n) {
    Status status = status_ok();
    Training training = {.n = n,
        .spec = {.activation = activation_find("relu"),
            .loss = loss_find("cross_entropy"),
            .precision = PRECISION_F32,
            .batch_max = batch,
            .seed = 1}};
    MlpSpec *spec = &training.spec;
    checked(mlp_sizes_read(spec, sizes, &status) ? spec : NULL, &status);
    Dataset *data = training.data = checked(
        dataset_create(EXAMPLES, spec->sizes[0], spec->sizes[spec->n_layers], false, &status), &status);
    Rng rng = rng_seed(1);
    for (size_t i = 0; i < data->n * (size_t)data->n_in; i++)
        data->inputs[i] = (float)rng_uniform(&rng, 0, 1);
    for (size_t i = 0; i < data->n; i++) data->labels[i] = (int32_t)rng_uniform(&rng, 0, data->n_out);
    const SamplerSpec order = {.kind = SAMPLING_SHUFFLE, .batch = (size_t)batch, .seed = 1};
    training.sampler = checked(
        sampler_create(data, (Part){.n = EXAMPLES / (size_t)batch * (size_t)batch}, NULL, &order, &status),
        &status);
    if (threads > 1) training.pool = pool_create(threads - 1);
    sampler_set_pool(training.sampler, training.pool);
    const Optimizer *chosen = optimizer_find(optimizer);
    if (!chosen) exit(1);
    RacerSpec specs[RACERS_MAX];
    Objective *objectives[RACERS_MAX];
    for (int i = 0; i < n; i++) {
        specs[i] = (RacerSpec){.optimizer = chosen};
        optimizer_defaults(chosen, specs[i].values);
        devices_defaults(specs[i].devices);
        specs[i].values[0] = 1e-3 * (1 + 0.1 * i);
        training.networks[i] = checked(mlp_create(spec, &status), &status);
        mlp_set_source(training.networks[i], sampler_source(training.sampler));
        objectives[i] = mlp_objective(training.networks[i]);
    }
    const size_t dim = objectives[0]->dim;
    training.start =
        (Vec){.n = dim, .precision = PRECISION_F32, .data = aligned_alloc(64, (dim * 4 + 63) / 64 * 64)};
    InitSpec init;
    init_read(&init, "he", &status);
    init_fill(&init, training.networks[0], &training.start, 1, &status);
    training.race = checked(
        race_create_apart(objectives, specs, n, &training.start, STEPS_MAX / n, 1, training.pool, &status),
        &status);
    return training;
}

static void training_destroy(Training *training) {
    race_destroy(training->race);
    for (int i = 0; i < training->n; i++) mlp_destroy(training->networks[i]);
    sampler_destroy(training->sampler);
    dataset_destroy(training->data);
    pool_destroy(training->pool);
    free(training->start.data);
}

/* Seconds of so many steps; at the end of the rows the race begins again. */
static double time_steps(Training *training, int steps) {
    if (race_steps_done(training->race) + steps > race_step_count(training->race))
        race_restart_apart(training->race, &training->start);
    const double begin = now_s();
    for (int i = 0; i < steps; i++) race_step(training->race);
    return now_s() - begin;
}

/* So many steps take a tenth of a second or so. */
static int steps_for(Training *training) {
    int steps = 1;
    while (time_steps(training, steps) < 0.05 && steps < STEPS_MAX / 20) steps *= 2;
    return 2 * steps;
}

/* By hand: the same shapes through BLAS, or plain loops where they are small, momentum fused behind. */
typedef struct Plain {
    int n_layers, sizes[MLP_LAYERS_MAX + 1], batch;
    bool loops;
    float *x, *g, *v, *a[MLP_LAYERS_MAX + 1], *d[MLP_LAYERS_MAX + 1];
    const Dataset *data;
    size_t n, next;
} Plain;

static float *numbers(size_t n) {
    float *made = aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64);
    for (size_t i = 0; i < n; i++) made[i] = 0.01F * (float)((i * 7919) % 100) - 0.5F;
    return made;
}

static void plain_product(const Plain *plain, bool ta, bool tb, int m, int n, int k, const float *a,
    const float *b, float *restrict c) {
    if (!plain->loops) {
        cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1,
            a, ta ? m : k, b, tb ? k : n, 0, c, n);
        return;
    }
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) c[i * n + j] = 0;
    for (int i = 0; i < m; i++)
        for (int p = 0; p < k; p++) {
            const float of_a = ta ? a[p * m + i] : a[i * k + p];
            if (tb)
                for (int j = 0; j < n; j++) c[i * n + j] += of_a * b[j * k + p];
            else
                for (int j = 0; j < n; j++) c[i * n + j] += of_a * b[p * n + j];
        }
}

static void plain_step(Plain *plain) {
    const int last = plain->n_layers, m = plain->batch;
    size_t at[MLP_LAYERS_MAX + 1] = {0};
    for (int i = 0; i < m; i++) {
        const size_t row = (size_t)plain->sizes[0],
                     example = (plain->next + (size_t)i * 613) % plain->data->n;
        memcpy(plain->a[0] + (size_t)i * row, plain->data->inputs + example * row, row * sizeof(float));
    }
    for (int l = 0; l < last; l++) {
        const int k = plain->sizes[l], n = plain->sizes[l + 1];
        float *restrict z = plain->a[l + 1];
        const float *restrict bias = plain->x + at[l] + (size_t)k * (size_t)n;
        plain_product(plain, false, false, m, n, k, plain->a[l], plain->x + at[l], z);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                const float sum = z[i * n + j] + bias[j];
                z[i * n + j] = l + 1 < last && sum <= 0 ? 0 : sum;
            }
        at[l + 1] = at[l] + (size_t)(k + 1) * (size_t)n;
    }
    for (int i = 0, n = plain->sizes[last]; i < m; i++) {
        float sum = 0, *z = plain->a[last] + (size_t)i * (size_t)n,
              *d = plain->d[last] + (size_t)i * (size_t)n;
        for (int j = 0; j < n; j++) sum += d[j] = expf(z[j]);
        const size_t example = (plain->next + (size_t)i * 613) % plain->data->n;
        for (int j = 0; j < n; j++) d[j] = (d[j] / sum - (j == plain->data->labels[example])) / (float)m;
    }
    for (int l = last - 1; l >= 0; l--) {
        const int k = plain->sizes[l], n = plain->sizes[l + 1];
        plain_product(plain, true, false, k, n, m, plain->a[l], plain->d[l + 1], plain->g + at[l]);
        float *restrict bias = plain->g + at[l] + (size_t)k * (size_t)n;
        for (int j = 0; j < n; j++) bias[j] = 0;
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) bias[j] += plain->d[l + 1][i * n + j];
        if (l == 0) break;
        plain_product(plain, false, true, m, k, n, plain->d[l + 1], plain->x + at[l], plain->d[l]);
        for (int i = 0; i < m * k; i++) plain->d[l][i] = plain->a[l][i] > 0 ? plain->d[l][i] : 0;
    }
    for (size_t i = 0; i < plain->n; i++) {
        plain->v[i] = 0.9F * plain->v[i] - 1e-3F * plain->g[i];
        plain->x[i] += plain->v[i];
    }
    plain->next += (size_t)m;
}

static Plain plain_create(const Training *like) {
    const MlpSpec *spec = &like->spec;
    Plain plain = {
        .n_layers = spec->n_layers, .batch = spec->batch_max, .data = like->data, .n = like->start.n};
    plain.x = numbers(plain.n), plain.g = numbers(plain.n), plain.v = numbers(plain.n);
    memcpy(plain.x, like->start.f32, plain.n * sizeof(float));
    memset(plain.v, 0, plain.n * sizeof(float));
    plain.loops = spec->sizes[0] <= 64;
    for (int l = 0; l <= spec->n_layers; l++) {
        plain.sizes[l] = spec->sizes[l];
        plain.a[l] = numbers((size_t)plain.batch * (size_t)spec->sizes[l]);
        plain.d[l] = numbers((size_t)plain.batch * (size_t)spec->sizes[l]);
    }
    return plain;
}

static void plain_destroy(Plain *plain) {
    free(plain->x), free(plain->g), free(plain->v);
    for (int l = 0; l <= plain->n_layers; l++) free(plain->a[l]), free(plain->d[l]);
}

static double time_plain(Plain *plain, int steps) {
    const double begin = now_s();
    for (int i = 0; i < steps; i++) plain_step(plain);
    return now_s() - begin;
}

/* Floating-point operations of one step: the first layer has no delta below it. */
static double operations(const MlpSpec *spec) {
    double sum = 0;
    for (int l = 0; l < spec->n_layers; l++)
        sum += 2.0 * spec->batch_max * spec->sizes[l] * spec->sizes[l + 1] * (l ? 3 : 2);
    return sum;
}

/* Operations per second of a product of matrices with 1024 rows and columns. */
static double product_speed(int threads) {
    enum { N = 1024 };
    static float *a, *b, *c;
    if (!a) a = numbers(N * N), b = numbers(N * N), c = numbers(N * N);
    openblas_set_num_threads(threads);
    const double begin = now_s();
    for (int i = 0; i < 2; i++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
    const double spent = now_s() - begin;
    openblas_set_num_threads(1);
    return 2 * 2.0 * N * N * N / spent;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, by_size);
    return values[n / 2];
}

static void compare(const char *sizes, int batch, const char *optimizer, int threads) {
    Training training = training_create(sizes, batch, optimizer, threads, 1);
    Plain plain = plain_create(&training);
    const int steps = steps_for(&training);
    double speed[PAIRS], by_hand[PAIRS], of_product[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        const double product = product_speed(threads), ours = time_steps(&training, steps);
        speed[i] = batch * (double)steps / ours;
        of_product[i] = operations(&training.spec) * steps / ours / product;
        by_hand[i] = time_plain(&plain, steps) / ours;
    }
    printf("%-18s batch %-4d %-9s %d thread%s %9.0f examples/s, %.2f of a product's speed, %.2f times one "
           "thread by "
           "hand\n",
        sizes, batch, optimizer, threads, threads > 1 ? "s:" : ": ", median(speed, PAIRS),
        median(of_product, PAIRS), median(by_hand, PAIRS));
    plain_destroy(&plain);
    training_destroy(&training);
}

static void compare_racers(const char *sizes, int batch) {
    Training one = training_create(sizes, batch, "adam", 1, RACERS_MAX);
    Training two = training_create(sizes, batch, "adam", 2, RACERS_MAX);
    const int steps = steps_for(&one);
    double ratio[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        const double alone = time_steps(&one, steps);
        ratio[i] = alone / time_steps(&two, steps);
    }
    printf("%-18s batch %-4d ten racers on two threads: %.2f times as fast as on one (goal 1.8)\n", sizes,
        batch, median(ratio, PAIRS));
    training_destroy(&one);
    training_destroy(&two);
}

static int measure(char **arguments, int racers) {
    Training training =
        training_create(arguments[1], atoi(arguments[2]), arguments[3], atoi(arguments[4]), racers);
    const int steps = steps_for(&training);
    double speed[7];
    for (int i = 0; i < 7; i++)
        speed[i] = training.spec.batch_max * (double)steps * racers / time_steps(&training, steps);
    printf(
        "{\"bench\":\"slalom\",\"sizes\":\"%s\",\"ex_s\":{\"med\":%.0f}}\n", arguments[1], median(speed, 7));
    training_destroy(&training);
    return 0;
}

int main(int argc, char **argv) {
    if (argc >= 5) return measure(argv, argc > 5 ? atoi(argv[5]) : 1);
    for (int threads = 1; threads <= 2; threads++) {
        compare("784-256-128-10", 64, "adam", threads);
        compare("784-256-128-10", 256, "adam", threads);
        compare("784-1024-1024-10", 256, "momentum", threads);
    }
    compare("2-16-16-2", 32, "adam", 1);
    compare_racers("784-256-128-10", 64);
    compare_racers("2-16-16-2", 32);
    return 0;
}
