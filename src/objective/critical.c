/* Random functions, and Newton's method on their gradients. Nothing is allocated: all of it is small. */
#include "critical.h"

#include "noise.h"
#include "rng.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    WAVES = 64,
    ITERATIONS = 40,
    SEEN_MAX = 256, /* points of one function */
};
static const double HALF_SIDE = 3;  /* of the box where points are sought */
static const double STEP_MAX = 0.4; /* a correlation length is 1 */
static const double VANISHED = 1e-10, SAME = 1e-5;
static const double TAU = 6.283185307179586;

typedef struct Waves {
    int n;
    double directions[WAVES][CRITICAL_DIM_MAX], phases[WAVES];
} Waves;

typedef struct Local {
    double f, g[CRITICAL_DIM_MAX], h[CRITICAL_DIM_MAX][CRITICAL_DIM_MAX];
} Local;

static void make_waves(Waves *waves, int n, Rng *rng) {
    waves->n = n;
    for (int k = 0; k < WAVES; k++) {
        for (int i = 0; i < n; i++) waves->directions[k][i] = noise_normal(rng);
        waves->phases[k] = rng_uniform(rng, 0, TAU);
    }
}

static void evaluate(const Waves *waves, const double *x, Local *at) {
    const int n = waves->n;
    const double size = sqrt(2.0 / WAVES);
    memset(at, 0, sizeof *at);
    for (int k = 0; k < WAVES; k++) {
        const double *w = waves->directions[k];
        double angle = waves->phases[k];
        for (int i = 0; i < n; i++) angle += w[i] * x[i];
        const double c = size * cos(angle), s = size * sin(angle);
        at->f += c;
        for (int i = 0; i < n; i++) {
            at->g[i] -= s * w[i];
            for (int j = 0; j <= i; j++) at->h[i][j] -= c * w[i] * w[j];
        }
    }
}

/* H = L D L', in place below the diagonal and on it. Returns how many numbers of D are negative, which is how
 * many eigenvalues are (Sylvester's law of inertia). */
static int factorise(int n, double h[CRITICAL_DIM_MAX][CRITICAL_DIM_MAX]) {
    int negative = 0;
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++) h[j][j] -= h[j][k] * h[j][k] * h[k][k];
        negative += h[j][j] < 0;
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++) h[i][j] -= h[i][k] * h[j][k] * h[k][k];
            h[i][j] /= h[j][j];
        }
    }
    return negative;
}

static void solve(int n, const double h[CRITICAL_DIM_MAX][CRITICAL_DIM_MAX], double *b) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) b[i] -= h[i][k] * b[k];
    for (int i = 0; i < n; i++) b[i] /= h[i][i];
    for (int i = n - 1; i >= 0; i--)
        for (int k = i + 1; k < n; k++) b[i] -= h[k][i] * b[k];
}

static double norm(const double *v, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += v[i] * v[i];
    return sqrt(sum);
}

static bool is_inside(const double *x, int n) {
    bool inside = true;
    for (int i = 0; i < n; i++) inside = inside && fabs(x[i]) <= HALF_SIDE;
    return inside;
}

/* Newton's method for a zero of the gradient, whatever kind of point that is. */
static bool find(const Waves *waves, double *x, CriticalPoint *point) {
    const int n = waves->n;
    Local at;
    for (int i = 0; i < ITERATIONS; i++) {
        evaluate(waves, x, &at);
        const bool there = norm(at.g, n) <= VANISHED;
        const int index = factorise(n, at.h);
        if (there) {
            *point = (CriticalPoint){.height = at.f, .index = index};
            return is_inside(x, n);
        }
        solve(n, at.h, at.g);
        const double length = norm(at.g, n), scale = length > STEP_MAX ? STEP_MAX / length : 1;
        if (!isfinite(length)) return false;
        for (int k = 0; k < n; k++) x[k] -= scale * at.g[k];
    }
    return false;
}

static bool is_new(const double *x, int n, double seen[SEEN_MAX][CRITICAL_DIM_MAX], int *n_seen) {
    for (int i = 0; i < *n_seen; i++) {
        double farthest = 0;
        for (int k = 0; k < n; k++) farthest = fmax(farthest, fabs(x[k] - seen[i][k]));
        if (farthest < SAME) return false;
    }
    if (*n_seen == SEEN_MAX) return false;
    memcpy(seen[(*n_seen)++], x, (size_t)n * sizeof *x);
    return true;
}

int critical_points(int n, int functions, int starts, uint64_t seed, CriticalPoint *points) {
    int found = 0;
    for (int f = 0; f < functions; f++) {
        Waves waves;
        Rng rng = rng_stream(seed, (uint64_t)n, (uint64_t)f);
        double seen[SEEN_MAX][CRITICAL_DIM_MAX];
        int n_seen = 0;
        make_waves(&waves, n, &rng);
        for (int i = 0; i < starts && found < CRITICAL_POINTS_MAX; i++) {
            double x[CRITICAL_DIM_MAX];
            for (int k = 0; k < n; k++) x[k] = rng_uniform(&rng, -HALF_SIDE, HALF_SIDE);
            if (find(&waves, x, &points[found]) && is_new(x, n, seen, &n_seen)) found++;
        }
    }
    return found;
}

CriticalSurvey critical_survey(int n, const CriticalPoint *points, int found) {
    CriticalSurvey survey = {.found = found};
    double height = 0, index = 0, hh = 0, ii = 0, hi = 0;
    for (int i = 0; i < found; i++) {
        survey.saddles += (points[i].index > 0 && points[i].index < n) / (double)found;
        height += points[i].height / found;
        index += points[i].index / (double)found;
    }
    for (int i = 0; i < found; i++) {
        const double dh = points[i].height - height, di = points[i].index - index;
        hh += dh * dh;
        ii += di * di;
        hi += dh * di;
    }
    if (found == 0) survey.saddles = NAN;
    survey.correlation = hh > 0 && ii > 0 ? hi / sqrt(hh * ii) : NAN;
    return survey;
}
