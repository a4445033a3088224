/* Lanczos' method with full reorthogonalisation: without it, eigenvalues that have been found are found again
 * and again, and would be counted as many times. */
#include "spectrum.h"

#include "dense.h"
#include "noise.h"
#include "rng.h"
#include "text.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Spectra whose memory would be more than this are refused. */
#define BYTES_MAX 16e9

struct Spectrum {
    size_t dim;
    Precision precision;
    int steps_max, steps;
    bool more, finite;
    double scale;          /* the largest number of the tridiagonal matrix so far */
    Vec *basis;            /* (steps_max + 1), each (dim): orthonormal, and the next one */
    double *diagonal;      /* (steps_max) */
    double *beside;        /* (steps_max): [i] between steps i and i + 1 */
    double *dots;          /* (steps_max + 1) */
    double *matrix;        /* (steps, steps) */
    double *values;        /* (steps_max) */
    void *work;            /* dense.h's */
    void *vectors, *block; /* own the numbers */
};

static bool allocate(Spectrum *spectrum, Status *status) {
    const size_t n = (size_t)spectrum->steps_max;
    const size_t numbers = 4 * n + 1 + n * n;
    const double vec_bytes =
        ceil((double)spectrum->dim * (double)precision_bytes(spectrum->precision) / 64) * 64;
    const double bytes = vec_bytes * (double)(n + 1);
    char would[32];
    text_format_bytes(would, sizeof would, bytes);
    if (!(bytes <= BYTES_MAX))
        return status_fail(
            status, STATUS_BAD_INPUT, "a spectrum of %zu steps would take %s of memory", n, would);
    spectrum->basis = calloc(n + 1, sizeof *spectrum->basis);
    spectrum->vectors = aligned_alloc(64, (size_t)bytes);
    spectrum->block = malloc(numbers * sizeof(double));
    spectrum->work = aligned_alloc(64, ((size_t)dense_work_bytes(n) + 63) / 64 * 64);
    if (!spectrum->basis || !spectrum->vectors || !spectrum->block || !spectrum->work)
        return status_fail(status, STATUS_FAILED, "out of memory: the spectrum takes %s", would);
    for (size_t i = 0; i <= n; i++)
        spectrum->basis[i] = (Vec){.n = spectrum->dim,
            .precision = spectrum->precision,
            .data = (char *)spectrum->vectors + i * (size_t)vec_bytes};
    spectrum->diagonal = spectrum->block;
    spectrum->beside = spectrum->diagonal + n;
    spectrum->values = spectrum->beside + n;
    spectrum->dots = spectrum->values + n;
    spectrum->matrix = spectrum->dots + n + 1;
    return true;
}

Spectrum *spectrum_create(size_t dim, Precision precision, int steps_max, Status *status) {
    assert(dim > 0);
    if (steps_max < 1 || steps_max > SPECTRUM_STEPS_MAX) {
        status_fail(status, STATUS_BAD_INPUT, "a spectrum of %d steps; 1 to %d are possible", steps_max,
            SPECTRUM_STEPS_MAX);
        return NULL;
    }
    Spectrum *spectrum = calloc(1, sizeof *spectrum);
    if (!spectrum) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    spectrum->dim = dim;
    spectrum->precision = precision;
    spectrum->steps_max = (size_t)steps_max < dim ? steps_max : (int)dim;
    if (allocate(spectrum, status)) return spectrum;
    spectrum_destroy(spectrum);
    return NULL;
}

void spectrum_destroy(Spectrum *spectrum) {
    if (!spectrum) return;
    free(spectrum->basis);
    free(spectrum->vectors);
    free(spectrum->block);
    free(spectrum->work);
    free(spectrum);
}

static void set_unit(const Vec *vec) {
    vec_combine(vec, 1 / vec_norm(vec), vec, 0, vec);
}

void spectrum_start(Spectrum *spectrum, uint64_t seed) {
    Rng rng = rng_seed(seed);
    for (size_t i = 0; i < spectrum->dim; i++) vec_set(&spectrum->basis[0], i, noise_normal(&rng));
    set_unit(&spectrum->basis[0]);
    spectrum->steps = 0;
    spectrum->scale = 0;
    spectrum->more = spectrum->finite = true;
}

/* Takes off what the vector has in common with the basis so far; twice is enough (Parlett, "The symmetric
 * eigenvalue problem", section 6.9). */
static void orthogonalise(Spectrum *spectrum, const Vec *vec) {
    const size_t n = (size_t)spectrum->steps + 1;
    for (int round = 0; round < 2; round++) {
        vec_dot_rows(spectrum->basis, n, vec, spectrum->dots);
        for (size_t i = 0; i < n; i++) spectrum->dots[i] = -spectrum->dots[i];
        vec_combine_rows(vec, 1, vec, spectrum->dots, spectrum->basis, n);
    }
}

bool spectrum_advance(Spectrum *spectrum, Objective *objective, const Vec *x) {
    assert(objective->dim == spectrum->dim && objective->precision == spectrum->precision);
    assert(objective->type->hessian_vector);
    if (!spectrum->more) return false;
    const int i = spectrum->steps;
    const Vec *const now = &spectrum->basis[i], *const next = &spectrum->basis[i + 1];
    objective->type->hessian_vector(objective, x, now, next);
    spectrum->diagonal[i] = vec_dot(now, next);
    orthogonalise(spectrum, next);
    spectrum->beside[i] = vec_norm(next);
    spectrum->steps++;
    spectrum->finite = isfinite(spectrum->diagonal[i]) && isfinite(spectrum->beside[i]);
    spectrum->scale = fmax(spectrum->scale, fmax(fabs(spectrum->diagonal[i]), spectrum->beside[i]));
    /* Nothing but rounding is left: the vectors so far are mapped onto themselves. */
    const double epsilon = spectrum->precision == PRECISION_F64 ? DBL_EPSILON : FLT_EPSILON;
    const bool closed = !(spectrum->beside[i] > 16 * epsilon * spectrum->scale);
    spectrum->more = spectrum->finite && !closed && spectrum->steps < spectrum->steps_max;
    if (spectrum->more) set_unit(next);
    return spectrum->more;
}

int spectrum_steps(const Spectrum *spectrum) {
    return spectrum->steps;
}

int spectrum_read(Spectrum *spectrum, Ritz *ritz) {
    const size_t n = (size_t)spectrum->steps;
    if (n == 0 || !spectrum->finite) return 0;
    memset(spectrum->matrix, 0, n * n * sizeof *spectrum->matrix);
    for (size_t i = 0; i < n; i++) {
        spectrum->matrix[i * n + i] = spectrum->diagonal[i];
        if (i + 1 < n)
            spectrum->matrix[i * n + i + 1] = spectrum->matrix[(i + 1) * n + i] = spectrum->beside[i];
    }
    if (!dense_eigen(n, spectrum->matrix, spectrum->values, spectrum->work)) return 0;
    for (size_t i = 0; i < n; i++) {
        const double first = spectrum->matrix[i * n], last = spectrum->matrix[i * n + n - 1];
        ritz[i] = (Ritz){.value = spectrum->values[i],
            .off = fabs(spectrum->beside[n - 1] * last),
            .weight = first * first};
    }
    return (int)n;
}

void spectrum_density(
    const Ritz *ritz, int n, double blur, double low, double width, int cells, double *density) {
    const double root_two_pi = 2.5066282746310002, reach = 8; /* beyond it nothing is left */
    assert(blur > 0 && width > 0);
    for (int i = 0; i < cells; i++) density[i] = 0;
    for (int k = 0; k < n; k++) {
        const double from = (ritz[k].value - reach * blur - low) / width - 0.5;
        const double to = (ritz[k].value + reach * blur - low) / width - 0.5;
        const int first = (int)fmin(fmax(ceil(from), 0), cells), last = (int)fmin(fmax(to, -1), cells - 1);
        for (int i = first; i <= last; i++) {
            const double off = (low + (i + 0.5) * width - ritz[k].value) / blur;
            density[i] += ritz[k].weight / (root_two_pi * blur) * exp(-0.5 * off * off);
        }
    }
}
