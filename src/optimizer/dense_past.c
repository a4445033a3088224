/* Rank-two updates of a dense symmetric matrix by pairs of steps and changes of gradient. A pair is put into
 * the cells when they are next read: two passes over the memory a step instead of three. Which pairs, and
 * when, is left to lbfgs.c. */
#include "dense_past.h"

#include "loop.h"

#include <string.h>

/* Rows are kept up to the end of the block on the diagonal, which is whole: of row i those of the columns
 * before i rounded up to lanes. */
enum { LANES = 8, ALIGNMENT = 64 };
typedef double Block __attribute__((vector_size(LANES * sizeof(double))));

static size_t width_of(size_t n) {
    return (n + LANES - 1) / LANES * LANES;
}

/* Where row i begins, in cells. */
static size_t row_at(size_t i) {
    const size_t block = i / LANES;
    return LANES * LANES * (block * (block + 1) / 2) + i % LANES * LANES * (block + 1);
}

double dense_past_bytes(size_t n) {
    const double width = (double)n + LANES;
    return (width * (width + LANES) / 2 + 4 * width) * sizeof(double);
}

static double *take(char **next, size_t n) {
    double *numbers = (double *)(void *)*next;
    *next += (n * sizeof(double) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return numbers;
}

void dense_past_place(DensePast *past, char **next, size_t n) {
    const size_t width = width_of(n);
    past->n = n;
    past->width = width;
    past->cells = take(next, row_at(width));
    past->s = take(next, width);
    past->w = take(next, width);
    past->v = take(next, width);
    past->image = take(next, width);
}

void dense_past_begin(DensePast *past, double gamma) {
    const size_t vector = past->width * sizeof(double);
    memset(past->cells, 0, row_at(past->width) * sizeof(double));
    memset(past->s, 0, vector);
    memset(past->w, 0, vector);
    memset(past->v, 0, vector);
    for (size_t i = 0; i < past->n; i++) past->cells[row_at(i) + i] = gamma;
    past->is_behind = false;
}

/* The four sums over the lanes of four blocks, always in this order. */
#define SUM_LANES(out, a, b, c, d)                                                                           \
    do {                                                                                                     \
        const Block ab = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +                          \
                         __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);                           \
        const Block cd = __builtin_shufflevector(c, d, 0, 8, 2, 10, 4, 12, 6, 14) +                          \
                         __builtin_shufflevector(c, d, 1, 9, 3, 11, 5, 13, 7, 15);                           \
        const Block halves = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13) +                     \
                             __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);                    \
        for (size_t k = 0; k < 4; k++) (out)[k] += halves[k] + halves[k + 4];                                \
    } while (0)

/* image = H v, after H += s w' + w s' where `updates`, four rows at a time. A cell left of the diagonal's
 * block stands for its mirror image too. */
static inline __attribute__((always_inline)) void pass(double *restrict cells, const double *restrict s,
    const double *restrict w, const double *restrict v, double *restrict image, size_t width,
    const bool updates) {
    enum { ROWS = 4 };
    memset(image, 0, width * sizeof *image);
    for (size_t i = 0; i < width; i += ROWS) {
        const size_t before = i / LANES * LANES, length = before + LANES;
        Block sums[ROWS] = {{0}};
        for (size_t j = 0; j < length; j += LANES) {
            Block v_j, s_j, w_j, mirrored = {0};
            memcpy(&v_j, v + j, sizeof v_j);
            if (updates) memcpy(&s_j, s + j, sizeof s_j);
            if (updates) memcpy(&w_j, w + j, sizeof w_j);
            for (size_t k = 0; k < ROWS; k++) {
                Block m;
                memcpy(&m, cells + k * length + j, sizeof m);
                if (updates) m += s[i + k] * w_j + w[i + k] * s_j;
                if (updates) memcpy(cells + k * length + j, &m, sizeof m);
                sums[k] += m * v_j;
                mirrored += m * v[i + k];
            }
            if (j == before) break;
            Block above;
            memcpy(&above, image + j, sizeof above);
            above += mirrored;
            memcpy(image + j, &above, sizeof above);
        }
        SUM_LANES(image + i, sums[0], sums[1], sums[2], sums[3]);
        cells += ROWS * length;
    }
}

LOOP void multiply(const DensePast *past) {
    pass(past->cells, past->s, past->w, past->v, past->image, past->width, false);
}

LOOP void update_and_multiply(const DensePast *past) {
    pass(past->cells, past->s, past->w, past->v, past->image, past->width, true);
}

static void look_at(DensePast *past, const Vec *v) {
    vec_read(v, past->v);
    if (past->is_behind)
        update_and_multiply(past);
    else
        multiply(past);
    past->is_behind = false;
}

/* V'H V + s s'/y's, multiplied out, is H + s w' + w s' with w = (rho + rho^2 y'Hy)/2 s - rho Hy, rho = 1/y's.
 */
void dense_past_add(DensePast *past, const Vec *s, const Vec *y, double sy) {
    const double rho = 1 / sy;
    const Vec wide_s = vec_of_f64(past->s, past->n), wide_y = vec_of_f64(past->v, past->n),
              hy = vec_of_f64(past->image, past->n), w = vec_of_f64(past->w, past->n);
    look_at(past, y);
    vec_read(s, past->s);
    vec_combine(&w, (rho + rho * rho * vec_dot(&wide_y, &hy)) / 2, &wide_s, -rho, &hy);
    past->is_behind = true;
}

void dense_past_aim(DensePast *past, const Vec *v, const Vec *to) {
    look_at(past, v);
    for (size_t i = 0; i < past->n; i++) past->v[i] = -past->image[i];
    vec_write(to, past->v);
}
