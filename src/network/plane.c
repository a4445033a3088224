/* Planes, and what becomes of a point on them. Sums are taken in float64, some numbers of all vectors at a
 * time, so that nothing of the size of a network is copied. Losses on a plane are landscape.c's. */
#include "plane.h"

#include "dense.h"
#include "loop.h"
#include "matrix.h"
#include "noise.h"
#include "rng.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024 }; /* numbers of a vector that are taken at once */

static size_t vec_bytes(const Vec *like) {
    return (like->n * precision_bytes(like->precision) + 63) / 64 * 64;
}

/* `n` numbers of a vector from `first` on. */
static Vec part_of(const Vec *vec, size_t first, size_t n) {
    Vec part = *vec;
    part.n = n;
    part.data = (char *)part.data + first * precision_bytes(part.precision);
    return part;
}

static size_t chunk_at(const Vec *vec, size_t first) {
    return vec->n - first < CHUNK ? vec->n - first : CHUNK;
}

static bool allocate(Plane *plane, const Vec *like, Status *status) {
    const size_t bytes = vec_bytes(like);
    char *next = plane->block = aligned_alloc(64, 3 * bytes);
    if (!next) return status_fail(status, STATUS_FAILED, "out of memory");
    memset(next, 0, 3 * bytes);
    Vec *const vectors[] = {&plane->origin, &plane->along[0], &plane->along[1]};
    for (int i = 0; i < 3; i++, next += bytes)
        *vectors[i] = (Vec){.n = like->n, .precision = like->precision, .data = next};
    return true;
}

void plane_destroy(Plane *plane) {
    free(plane->block);
    *plane = (Plane){0};
}

/* Random directions. */

/* One direction's weights of a layer, (n_in, n_out); a unit's are a column. */
static void random_layer(const Vec *weights, const Vec *direction, int n_out, Rng *rng) {
    const size_t stride = (size_t)n_out;
    for (size_t i = 0; i < weights->n; i++) vec_set(direction, i, noise_normal(rng));
    for (size_t unit = 0; unit < stride; unit++) {
        double size = 0, drawn = 0;
        for (size_t i = unit; i < weights->n; i += stride) {
            size += vec_get(weights, i) * vec_get(weights, i);
            drawn += vec_get(direction, i) * vec_get(direction, i);
        }
        const double scale = drawn > 0 ? sqrt(size / drawn) : 0;
        for (size_t i = unit; i < weights->n; i += stride)
            vec_set(direction, i, scale * vec_get(direction, i));
    }
}

bool plane_random(Plane *plane, const MlpSpec *spec, const Vec *origin, uint64_t seed, Status *status) {
    assert((double)origin->n == mlp_parameter_count(spec));
    *plane = (Plane){0};
    if (!allocate(plane, origin, status)) return false;
    vec_copy(&plane->origin, origin);
    for (uint64_t k = 0; k < 2; k++) {
        size_t first = 0;
        for (int l = 0; l < spec->n_layers; l++) {
            const size_t n = (size_t)spec->sizes[l] * (size_t)spec->sizes[l + 1];
            const Vec weights = part_of(origin, first, n), direction = part_of(&plane->along[k], first, n);
            Rng rng = rng_stream(seed, k, (uint64_t)l);
            random_layer(&weights, &direction, spec->sizes[l + 1], &rng);
            first += n + (size_t)spec->sizes[l + 1];
        }
    }
    return true;
}

/* Through points. */

static bool through(Plane *plane, const Vec *a, const Vec *b, const Vec *c, Status *status) {
    const Vec *const u = &plane->along[0], *const v = &plane->along[1];
    vec_copy(&plane->origin, a);
    vec_combine(u, 1, b, -1, a);
    const double size = vec_norm(u);
    if (!isfinite(size) || !(size > 0))
        return status_fail(status, STATUS_BAD_INPUT, "a line needs two points that differ");
    if (!c) return true;
    vec_combine(v, 1, c, -1, a);
    const double before = vec_norm(v);
    /* Twice, for what rounding leaves. */
    for (int i = 0; i < 2; i++) vec_combine(v, 1, v, -vec_dot(u, v) / (size * size), u);
    const double left = vec_norm(v), epsilon = a->precision == PRECISION_F64 ? DBL_EPSILON : FLT_EPSILON;
    if (!isfinite(left) || !(left > 16 * epsilon * before))
        return status_fail(status, STATUS_BAD_INPUT, "a plane needs three points that are not on one line");
    vec_combine(v, size / left, v, 0, v);
    return true;
}

bool plane_through(Plane *plane, const Vec *a, const Vec *b, const Vec *c, Status *status) {
    *plane = (Plane){0};
    if (!allocate(plane, a, status)) return false;
    if (through(plane, a, b, c, status)) return true;
    plane_destroy(plane);
    return false;
}

/* Principal components: of the vectors' products with each other, since there are far fewer vectors than
 * parameters. */

typedef struct Principal {
    const Vec *vectors;
    size_t n;
    double *mean;      /* (CHUNK) */
    double *centred;   /* (n, CHUNK) */
    double *products;  /* (n, n), then its eigenvectors, one a row */
    double *values;    /* (n), rising */
    double *component; /* (CHUNK) */
    void *work, *block;
} Principal;

static bool principal_allocate(Principal *room, Status *status) {
    const double n = (double)room->n;
    const double numbers = CHUNK * (n + 2) + n * n + n;
    room->block = malloc((size_t)(numbers * sizeof(double)));
    room->work = aligned_alloc(64, ((size_t)dense_work_bytes(room->n) + 63) / 64 * 64);
    if (!room->block || !room->work) return status_fail(status, STATUS_FAILED, "out of memory");
    room->mean = room->block;
    room->component = room->mean + CHUNK;
    room->centred = room->component + CHUNK;
    room->products = room->centred + room->n * CHUNK;
    room->values = room->products + room->n * room->n;
    return true;
}

LOOP void add_to(double *restrict sum, const double *x, size_t n) {
    for (size_t k = 0; k < n; k++) sum[k] += x[k];
}

LOOP void take_from(double *restrict x, const double *from, size_t n) {
    for (size_t k = 0; k < n; k++) x[k] -= from[k];
}

/* The vectors' numbers from `first` on less their mean. (n, the chunk) */
static Matrix centre(const Principal *room, size_t first) {
    const size_t count = chunk_at(&room->vectors[0], first);
    memset(room->mean, 0, CHUNK * sizeof *room->mean);
    for (size_t i = 0; i < room->n; i++) {
        const Vec part = part_of(&room->vectors[i], first, count);
        vec_read(&part, room->centred + i * count);
        add_to(room->mean, room->centred + i * count, count);
    }
    for (size_t k = 0; k < count; k++) room->mean[k] /= (double)room->n;
    for (size_t i = 0; i < room->n; i++) take_from(room->centred + i * count, room->mean, count);
    return matrix_of(room->centred, (int)room->n, (int)count, PRECISION_F64);
}

/* Eigenvector i of the products as a direction: the vectors' sum with its numbers, of unit length. */
static void write_component(const Principal *room, size_t i, const Matrix *centred, const Vec *to) {
    const double scale = (room->products[i * room->n] > 0 ? -1 : 1) / sqrt(room->values[i]);
    const Matrix numbers = matrix_of(room->products + i * room->n, 1, (int)room->n, PRECISION_F64);
    const Matrix sum = matrix_of(room->component, 1, centred->cols, PRECISION_F64);
    matrix_product(&sum, &numbers, AS_IT_IS, centred, AS_IT_IS, false);
    for (int k = 0; k < centred->cols; k++) room->component[k] *= scale;
    vec_write(to, room->component);
}

static bool principal(Plane *plane, Principal *room, Status *status) {
    const size_t n = room->n, dim = room->vectors[0].n;
    if (!principal_allocate(room, status)) return false;
    const Matrix products = matrix_of(room->products, (int)n, (int)n, PRECISION_F64);
    for (size_t first = 0; first < dim; first += CHUNK) {
        const Matrix centred = centre(room, first);
        matrix_product(&products, &centred, AS_IT_IS, &centred, TRANSPOSED, first > 0);
    }
    double size = 0;
    for (size_t i = 0; i < n; i++) size += room->products[i * n + i];
    if (!isfinite(size)) return status_fail(status, STATUS_BAD_INPUT, "the vectors are not finite");
    if (!dense_eigen(n, room->products, room->values, room->work))
        return status_fail(status, STATUS_FAILED, "the principal components were not found");
    if (!(room->values[n - 2] > 16 * DBL_EPSILON * size))
        return status_fail(
            status, STATUS_BAD_INPUT, "principal components need vectors that are not on one line");
    for (size_t first = 0; first < dim; first += CHUNK) {
        const Matrix centred = centre(room, first);
        const size_t count = (size_t)centred.cols;
        const Vec origin = part_of(&plane->origin, first, count);
        vec_write(&origin, room->mean);
        for (size_t k = 0; k < 2; k++) {
            const Vec along = part_of(&plane->along[k], first, count);
            write_component(room, n - 1 - k, &centred, &along);
        }
    }
    return true;
}

bool plane_principal(Plane *plane, const Vec *vectors, int n, Status *status) {
    *plane = (Plane){0};
    if (n < 3 || (size_t)n > DENSE_N_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "principal components need 3 to %zu vectors, not %d", DENSE_N_MAX, n);
    if (!allocate(plane, &vectors[0], status)) return false;
    Principal room = {.vectors = vectors, .n = (size_t)n};
    const bool done = principal(plane, &room, status);
    free(room.block);
    free(room.work);
    if (!done) plane_destroy(plane);
    return done;
}

/* Points. */

void plane_point(const Plane *plane, double u, double v, const Vec *x) {
    vec_combine_rows(x, 1, &plane->origin, (double[]){u, v}, plane->along, 2);
}

typedef struct Chunk {
    double x[CHUNK], origin[CHUNK], along[2][CHUNK];
    size_t n;
} Chunk;

static void read_chunk(const Plane *plane, const Vec *x, size_t first, Chunk *chunk) {
    chunk->n = chunk_at(x, first);
    const Vec *const vectors[] = {x, &plane->origin, &plane->along[0], &plane->along[1]};
    double *const numbers[] = {chunk->x, chunk->origin, chunk->along[0], chunk->along[1]};
    for (int i = 0; i < 4; i++) {
        const Vec part = part_of(vectors[i], first, chunk->n);
        vec_read(&part, numbers[i]);
    }
    take_from(chunk->x, chunk->origin, chunk->n);
}

/* Solves the normal equations, where (a, b; b, d) are the products of the directions with each other. A
 * direction that adds nothing gets 0. */
static PlaneFoot solve(double a, double b, double d, const double *right) {
    const double determinant = a * d - b * b;
    if (!(a > 0)) return (PlaneFoot){.v = d > 0 ? right[1] / d : 0};
    if (!(determinant > 16 * DBL_EPSILON * a * d)) return (PlaneFoot){.u = right[0] / a};
    return (PlaneFoot){
        .u = (d * right[0] - b * right[1]) / determinant, .v = (a * right[1] - b * right[0]) / determinant};
}

LOOP void take_rows_from(double *restrict x, double a, const double *p, double b, const double *q, size_t n) {
    for (size_t k = 0; k < n; k++) x[k] = x[k] - a * p[k] - b * q[k];
}

PlaneFoot plane_project(const Plane *plane, const Vec *x) {
    assert(x->n == plane->origin.n && x->precision == plane->origin.precision);
    double a = 0, b = 0, d = 0, right[2] = {0}, off = 0;
    Chunk chunk;
    for (size_t first = 0; first < x->n; first += CHUNK) {
        read_chunk(plane, x, first, &chunk);
        const Vec p = vec_of_f64(chunk.along[0], chunk.n), q = vec_of_f64(chunk.along[1], chunk.n),
                  moved = vec_of_f64(chunk.x, chunk.n);
        a += vec_dot(&p, &p);
        b += vec_dot(&p, &q);
        d += vec_dot(&q, &q);
        right[0] += vec_dot(&p, &moved);
        right[1] += vec_dot(&q, &moved);
    }
    PlaneFoot foot = solve(a, b, d, right);
    /* What is left, not what Pythagoras makes of the sums: that cancels. */
    for (size_t first = 0; first < x->n; first += CHUNK) {
        read_chunk(plane, x, first, &chunk);
        take_rows_from(chunk.x, foot.u, chunk.along[0], foot.v, chunk.along[1], chunk.n);
        const Vec left = vec_of_f64(chunk.x, chunk.n);
        off += vec_dot(&left, &left);
    }
    foot.off = sqrt(off);
    return foot;
}

LOOP void add_moved(
    double *restrict sums, double *restrict squares, const double *x, const double *from, size_t n) {
    for (size_t k = 0; k < n; k++) {
        const double moved = x[k] - from[k];
        sums[k] += moved;
        squares[k] += moved * moved;
    }
}

/* The variance of n vectors times n. Each number's own mean is taken off, which the first vector stands for
 * meanwhile: (sum of (x - first)^2) - (sum of (x - first))^2/n. */
static double scatter(const Vec *vectors, int n) {
    double sums[CHUNK], squares[CHUNK], from[CHUNK], numbers[CHUNK], all = 0;
    for (size_t first = 0; first < vectors[0].n; first += CHUNK) {
        const size_t count = chunk_at(&vectors[0], first);
        memset(sums, 0, sizeof sums);
        memset(squares, 0, sizeof squares);
        for (int i = 0; i < n; i++) {
            const Vec part = part_of(&vectors[i], first, count);
            vec_read(&part, i == 0 ? from : numbers);
            if (i > 0) add_moved(sums, squares, numbers, from, count);
        }
        for (size_t k = 0; k < count; k++) all += squares[k] - sums[k] * sums[k] / n;
    }
    return all;
}

double plane_explained(const Plane *plane, const Vec *vectors, const PlaneFoot *feet, int n) {
    const Vec *const along = plane->along;
    const double a = vec_dot(&along[0], &along[0]), b = vec_dot(&along[0], &along[1]),
                 d = vec_dot(&along[1], &along[1]);
    double u = 0, v = 0, uu = 0, uv = 0, vv = 0;
    for (int i = 0; i < n; i++) {
        const PlaneFoot foot = {.u = feet[i].u - feet[0].u, .v = feet[i].v - feet[0].v};
        u += foot.u;
        v += foot.v;
        uu += foot.u * foot.u;
        uv += foot.u * foot.v;
        vv += foot.v * foot.v;
    }
    const double inside = a * (uu - u * u / n) + 2 * b * (uv - u * v / n) + d * (vv - v * v / n);
    const double all = n > 0 ? scatter(vectors, n) : 0;
    return all > 0 ? fmin(fmax(inside / all, 0), 1) : NAN;
}
