/* Rank-two updates of two dense matrices by pairs of steps and changes of gradient. Which pairs, and when, is
 * left to lbfgs.c. */
#include "dense_past.h"

static size_t row_bytes(size_t n) {
    return (n * sizeof(double) + 63) / 64 * 64;
}

double dense_past_bytes(size_t n) {
    double size = (double)n;
    return (2 * size + 3) * (double)row_bytes(n) + (double)row_bytes(2 * n) + 2 * size * sizeof(Vec) + 64;
}

static double *take(char **next, size_t n) {
    double *numbers = (double *)(void *)*next;
    *next += row_bytes(n);
    return numbers;
}

void dense_past_place(DensePast *past, char **next, size_t n) {
    past->n = n;
    past->images = take(next, 2 * n);
    past->s = take(next, n);
    past->y = take(next, n);
    past->w = take(next, n);
    past->rows = (Vec *)(void *)*next;
    *next += (2 * n * sizeof *past->rows + 63) / 64 * 64;
    for (size_t i = 0; i < 2 * n; i++) past->rows[i] = vec_of_f64(take(next, n), n);
}

void dense_past_begin(DensePast *past) {
    for (size_t i = 0; i < 2 * past->n; i++) vec_fill(&past->rows[i], 0);
    for (size_t i = 0; i < past->n; i++) past->rows[i].f64[i] = 1;
}

/* V'M V + weight s s' of one symmetric M, multiplied out into M + s w' + w s' with
 * w = (weight + rho^2 y'My)/2 s - rho My. image: M y. */
static void update(DensePast *past, const Vec *rows, double *image, double rho, double weight) {
    const size_t n = past->n;
    const Vec s = vec_of_f64(past->s, n), y = vec_of_f64(past->y, n), my = vec_of_f64(image, n),
              w = vec_of_f64(past->w, n);
    vec_combine(&w, (weight + rho * rho * vec_dot(&y, &my)) / 2, &s, -rho, &my);
    const double *const along = past->s, *const across = past->w;
    for (size_t i = 0; i < n; i++) {
        double *const row = rows[i].f64;
        const double s_i = along[i], w_i = across[i];
        for (size_t k = 0; k < n; k++) row[k] += s_i * across[k] + w_i * along[k];
    }
}

void dense_past_add(DensePast *past, const Vec *s, const Vec *y, double sy) {
    const size_t n = past->n;
    vec_read(s, past->s);
    vec_read(y, past->y);
    const Vec wide = vec_of_f64(past->y, n);
    vec_dot_rows(past->rows, 2 * n, &wide, past->images);
    update(past, past->rows, past->images, 1 / sy, 0);
    update(past, past->rows + n, past->images + n, 1 / sy, 1 / sy);
}

void dense_past_aim(DensePast *past, double gamma, const Vec *v, const Vec *to) {
    const size_t n = past->n;
    vec_read(v, past->y);
    const Vec wide = vec_of_f64(past->y, n);
    vec_dot_rows(past->rows, 2 * n, &wide, past->images);
    for (size_t i = 0; i < n; i++) past->w[i] = -(gamma * past->images[i] + past->images[n + i]);
    vec_write(to, past->w);
}
