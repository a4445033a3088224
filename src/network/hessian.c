/* Lanczos' method for the ends, and for all eigenvalues of a large network; LAPACK for all of a small one. */
#include "hessian.h"

#include "dense.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Steps for the ends at most, but fewer where their vectors would take more memory than this; and after how
 * many it is looked whether the ends are known. */
enum { END_STEPS = 80, END_STEPS_LEAST = 16, FIRST_LOOK = 8, NEXT_LOOK = 8 };
static const double VECTORS_BYTES = 5e8;
/* An end is known when it is off by no more than a share of itself. What is left is less still, about the
 * square of that over the distance to the next eigenvalue. Near 0 it need not be better than a share of the
 * other end. */
static const double END_OFF = 0.02, END_OFF_OTHER = 1e-4;
/* Examples times parameters of a product, so that it takes no longer than about a tenth of a second. */
static const double PRODUCT_MAX = 2e8;
enum { BATCH = 256 };

/* The loss of P^-1/2 x, whose Hessian P^-1/2 H P^-1/2 is symmetric and has the eigenvalues of P^-1 H. */
typedef struct ScaledLoss {
    Objective objective; /* first */
    Objective *of;
    Vec roots, product; /* (dim): 1/sqrt(p), and what was multiplied by them */
} ScaledLoss;

struct Hessian {
    Mlp *mlp;
    Spectrum *spectrum;
    Vec given, scaling;            /* (dim), as the caller writes them */
    Vec x, gradient, column, unit; /* (dim), of the network's precision */
    ScaledLoss scaled;
    Batch examples; /* owned, as the next two are its */
    float *inputs, *targets;
    int32_t *labels;
    double *matrix; /* (dim, dim), of a small network; else NULL */
    double *values; /* (dim) */
    void *work;
    void *block; /* owns the numbers of the vectors */
    HessianTask task;
    size_t columns;         /* of the matrix so far */
    int run;                /* of the spread's */
    bool scales, at_scaled; /* the scaled one is wanted too; is under way */
    HessianExtremes extremes;
    HessianSpread spread;
};

static void multiply(const Vec *to, const Vec *a, const Vec *b) {
    for (size_t i = 0; i < to->n; i++) {
        if (to->precision == PRECISION_F64)
            to->f64[i] = a->f64[i] * b->f64[i];
        else
            to->f32[i] = a->f32[i] * b->f32[i];
    }
}

static void scaled_vector(Objective *objective, const Vec *x, const Vec *v, const Vec *product) {
    const ScaledLoss *scaled = (ScaledLoss *)objective;
    multiply(&scaled->product, &scaled->roots, v);
    scaled->of->type->hessian_vector(scaled->of, x, &scaled->product, product);
    multiply(product, &scaled->roots, product);
}

static const ObjectiveType scaled_type = {.name = "scaled", .hessian_vector = scaled_vector};

static int example_count(const Batch *all, double parameters) {
    const double affordable = fmax(PRODUCT_MAX / parameters, HESSIAN_EXAMPLES_LEAST);
    return (int)fmin(fmin(HESSIAN_EXAMPLES_MAX, affordable), all->size);
}

static int step_count(double parameters, Precision precision) {
    const double affordable = VECTORS_BYTES / (parameters * (double)precision_bytes(precision));
    return (int)fmin(fmax(affordable, END_STEPS_LEAST), END_STEPS);
}

static size_t common_divisor(size_t a, size_t b) {
    while (b > 0) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* From one example to the next: they never come twice, lie evenly after any number of them, and are in step
 * with nothing that repeats, as classes that take turns do, or copies. */
static size_t stride_of(size_t n) {
    static const double golden = 0.6180339887498949;
    size_t stride = (size_t)(golden * (double)n) + 1;
    while (common_divisor(stride, n) > 1) stride++;
    return stride;
}

static bool copy_examples(Hessian *hessian, const Batch *all, int n, int n_out) {
    const size_t n_in = (size_t)all->n_in, size = (size_t)n, outputs = (size_t)n_out;
    hessian->inputs = malloc(size * n_in * sizeof(float));
    if (all->labels) hessian->labels = malloc(size * sizeof(int32_t));
    if (all->targets) hessian->targets = malloc(size * outputs * sizeof(float));
    if (!hessian->inputs || (all->labels && !hessian->labels) || (all->targets && !hessian->targets))
        return false;
    const size_t stride = size < (size_t)all->size ? stride_of((size_t)all->size) : 1;
    for (size_t i = 0; i < size; i++) {
        const size_t from = i * stride % (size_t)all->size;
        memcpy(hessian->inputs + i * n_in, all->inputs + from * n_in, n_in * sizeof(float));
        if (all->labels) hessian->labels[i] = all->labels[from];
        if (all->targets)
            memcpy(hessian->targets + i * outputs, all->targets + from * outputs, outputs * sizeof(float));
    }
    hessian->examples = (Batch){.size = n,
        .n_in = all->n_in,
        .inputs = hessian->inputs,
        .labels = hessian->labels,
        .targets = hessian->targets};
    return true;
}

static bool allocate(Hessian *hessian, size_t dim, Precision given, Precision own) {
    Vec *const vectors[] = {&hessian->given, &hessian->scaling, &hessian->x, &hessian->gradient,
        &hessian->column, &hessian->unit, &hessian->scaled.roots, &hessian->scaled.product};
    const size_t n = sizeof vectors / sizeof *vectors, bytes = (dim * sizeof(double) + 63) / 64 * 64;
    char *at = hessian->block = aligned_alloc(64, n * bytes);
    if (!at) return false;
    memset(at, 0, n * bytes);
    for (size_t i = 0; i < n; i++, at += bytes)
        *vectors[i] = (Vec){.n = dim, .precision = i < 2 ? given : own, .data = at};
    if (!hessian_is_exact(hessian)) return true;
    hessian->matrix = malloc(dim * dim * sizeof *hessian->matrix);
    hessian->values = malloc(dim * sizeof *hessian->values);
    hessian->work = aligned_alloc(64, ((size_t)dense_work_bytes(dim) + 63) / 64 * 64);
    return hessian->matrix && hessian->values && hessian->work;
}

static bool set_up(Hessian *hessian, const MlpSpec *spec, const Batch *examples, Status *status) {
    MlpSpec own = *spec;
    const double parameters = mlp_parameter_count(spec);
    const int n = example_count(examples, parameters);
    own.dropout = own.label_noise = 0;
    own.batch_max = n < BATCH ? n : BATCH;
    if (parameters <= HESSIAN_EXACT_MAX) own.precision = PRECISION_F64;
    hessian->mlp = mlp_create(&own, status);
    if (!hessian->mlp) return false;
    Objective *objective = mlp_objective(hessian->mlp);
    if (!objective->type->reserve_curvature(objective, status)) return false;
    hessian->spectrum =
        spectrum_create(objective->dim, own.precision, step_count(parameters, own.precision), status);
    if (!hessian->spectrum) return false;
    if (!copy_examples(hessian, examples, n, own.sizes[own.n_layers]) ||
        !allocate(hessian, objective->dim, spec->precision, own.precision))
        return status_fail(status, STATUS_FAILED, "out of memory");
    mlp_set_batch(hessian->mlp, &hessian->examples, 0);
    hessian->scaled.of = objective;
    hessian->scaled.objective =
        (Objective){.type = &scaled_type, .dim = objective->dim, .precision = own.precision};
    return true;
}

Hessian *hessian_create(const MlpSpec *spec, const Batch *examples, Status *status) {
    assert(examples->size > 0);
    Hessian *hessian = calloc(1, sizeof *hessian);
    if (!hessian) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    if (set_up(hessian, spec, examples, status)) return hessian;
    hessian_destroy(hessian);
    return NULL;
}

void hessian_destroy(Hessian *hessian) {
    if (!hessian) return;
    mlp_destroy(hessian->mlp);
    spectrum_destroy(hessian->spectrum);
    free(hessian->inputs);
    free(hessian->labels);
    free(hessian->targets);
    free(hessian->matrix);
    free(hessian->values);
    free(hessian->work);
    free(hessian->block);
    free(hessian);
}

size_t hessian_dim(const Hessian *hessian) {
    return mlp_objective(hessian->mlp)->dim;
}

int hessian_examples(const Hessian *hessian) {
    return hessian->examples.size;
}

bool hessian_is_exact(const Hessian *hessian) {
    return hessian_dim(hessian) <= HESSIAN_EXACT_MAX;
}

const Vec *hessian_at(const Hessian *hessian) {
    return &hessian->given;
}

const Vec *hessian_scaling(const Hessian *hessian) {
    return &hessian->scaling;
}

void hessian_begin(Hessian *hessian, HessianTask task) {
    Objective *objective = mlp_objective(hessian->mlp);
    HessianExtremes *extremes = &hessian->extremes;
    for (size_t i = 0; i < hessian->x.n; i++) vec_set(&hessian->x, i, vec_get(&hessian->given, i));
    hessian->task = task;
    hessian->scales = hessian->at_scaled = false;
    hessian->columns = 0;
    hessian->run = 0;
    hessian->spread.exact = hessian_is_exact(hessian);
    hessian->spread.n = 0;
    extremes->smallest = extremes->largest = extremes->scaled = NAN;
    extremes->loss = objective->type->evaluate(objective, &hessian->x, &hessian->gradient);
    extremes->gradient_norm = vec_norm(&hessian->gradient);
    spectrum_start(hessian->spectrum, 1);
}

void hessian_begin_scaled(Hessian *hessian) {
    hessian_begin(hessian, HESSIAN_EXTREMES);
    hessian->scales = true;
    for (size_t i = 0; i < hessian->scaling.n; i++) {
        const double p = vec_get(&hessian->scaling, i);
        vec_set(&hessian->scaled.roots, i, 1 / sqrt(p));
        hessian->scales = hessian->scales && p > 0;
    }
}

/* The ends. */

static bool is_known(double value, double off, double other) {
    return off <= fmax(END_OFF * fabs(value), END_OFF_OTHER * fabs(other));
}

/* A step towards them. Returns how many ritz there are, where it is the last; 0: something is not finite, -1:
 * it is not the last. `both`: the smallest is wanted too. */
static int advance_ends(Hessian *hessian, Objective *objective, bool both, Ritz *ritz) {
    const bool more = spectrum_advance(hessian->spectrum, objective, &hessian->x);
    const int steps = spectrum_steps(hessian->spectrum);
    if (more && (steps < FIRST_LOOK || steps % NEXT_LOOK != 0)) return -1;
    const int n = spectrum_read(hessian->spectrum, ritz);
    if (n == 0 || !more) return n;
    const Ritz *low = &ritz[0], *high = &ritz[n - 1];
    const bool known = is_known(high->value, high->off, low->value) &&
                       (!both || is_known(low->value, low->off, high->value));
    return known ? n : -1;
}

static bool advance_scaled(Hessian *hessian) {
    Ritz ritz[END_STEPS];
    const int n = advance_ends(hessian, &hessian->scaled.objective, false, ritz);
    if (n > 0) hessian->extremes.scaled = ritz[n - 1].value;
    return n < 0;
}

static bool advance_extremes(Hessian *hessian) {
    Ritz ritz[END_STEPS];
    const int n = advance_ends(hessian, mlp_objective(hessian->mlp), true, ritz);
    if (n <= 0) return n < 0;
    hessian->extremes.smallest = ritz[0].value;
    hessian->extremes.largest = ritz[n - 1].value;
    hessian->at_scaled = hessian->scales;
    if (hessian->at_scaled) spectrum_start(hessian->spectrum, 1);
    return hessian->at_scaled;
}

/* The spread. */

static double flat_size(const HessianSpread *spread) {
    if (spread->n == 0) return 0;
    return HESSIAN_FLAT * fmax(fabs(spread->ritz[0].value), fabs(spread->ritz[spread->n - 1].value));
}

int hessian_down(const HessianSpread *spread) {
    const double flat = flat_size(spread);
    int n = 0;
    while (n < spread->n && spread->ritz[n].value < -flat) n++;
    return n;
}

static void count(Hessian *hessian) {
    HessianSpread *spread = &hessian->spread;
    const double flat = flat_size(spread), dim = (double)hessian_dim(hessian);
    spread->down = spread->flat = spread->up = 0;
    for (int i = 0; i < spread->n; i++) {
        const double value = spread->ritz[i].value, directions = dim * spread->ritz[i].weight;
        *(value < -flat ? &spread->down : value <= flat ? &spread->flat : &spread->up) += directions;
    }
    hessian->extremes.smallest = spread->ritz[0].value;
    hessian->extremes.largest = spread->ritz[spread->n - 1].value;
}

static bool is_finite(const double *numbers, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += 0 * numbers[i];
    return sum == 0;
}

/* A column of the matrix, and after the last one its eigenvalues. */
static bool advance_exact(Hessian *hessian) {
    const size_t dim = hessian->x.n, i = hessian->columns;
    Objective *objective = mlp_objective(hessian->mlp);
    if (i < dim) {
        vec_set(&hessian->unit, i, 1);
        objective->type->hessian_vector(objective, &hessian->x, &hessian->unit, &hessian->column);
        vec_set(&hessian->unit, i, 0);
        vec_read(&hessian->column, hessian->matrix + i * dim);
        hessian->columns++;
        return is_finite(hessian->matrix + i * dim, dim);
    }
    HessianSpread *spread = &hessian->spread;
    if (!dense_eigenvalues(dim, hessian->matrix, hessian->values, hessian->work)) return false;
    spread->n = (int)dim;
    for (size_t k = 0; k < dim; k++)
        spread->ritz[k] = (Ritz){.value = hessian->values[k], .weight = 1 / (double)dim};
    count(hessian);
    return false;
}

static int by_value(const void *a, const void *b) {
    const Ritz *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* A step of a run; after the last run the mean of all. */
static bool advance_estimate(Hessian *hessian) {
    HessianSpread *spread = &hessian->spread;
    const bool more = spectrum_advance(hessian->spectrum, mlp_objective(hessian->mlp), &hessian->x);
    if (more && spectrum_steps(hessian->spectrum) < HESSIAN_RUN_STEPS) return true;
    const int n = spectrum_read(hessian->spectrum, spread->ritz + spread->n);
    if (n == 0) {
        spread->n = 0;
        return false;
    }
    for (int i = 0; i < n; i++) spread->ritz[spread->n + i].weight /= HESSIAN_RUNS;
    spread->n += n;
    if (++hessian->run < HESSIAN_RUNS) {
        spectrum_start(hessian->spectrum, (uint64_t)hessian->run + 1);
        return true;
    }
    qsort(spread->ritz, (size_t)spread->n, sizeof *spread->ritz, by_value);
    count(hessian);
    return false;
}

bool hessian_advance(Hessian *hessian) {
    if (!isfinite(hessian->extremes.gradient_norm)) return false;
    if (hessian->at_scaled) return advance_scaled(hessian);
    if (hessian->task == HESSIAN_EXTREMES) return advance_extremes(hessian);
    return hessian_is_exact(hessian) ? advance_exact(hessian) : advance_estimate(hessian);
}

HessianExtremes hessian_extremes(const Hessian *hessian) {
    return hessian->extremes;
}

const HessianSpread *hessian_spread(const Hessian *hessian) {
    return &hessian->spread;
}

HessianPlace hessian_place(const HessianExtremes *extremes, double down) {
    const double g = extremes->gradient_norm, steepest = fmax(extremes->largest, -extremes->smallest);
    if (!(0.5 * g * g <= HESSIAN_CRITICAL * extremes->loss * steepest)) return HESSIAN_SLOPE;
    return down >= 0.5 ? HESSIAN_SADDLE : HESSIAN_VALLEY;
}
