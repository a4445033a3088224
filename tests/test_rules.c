/* Rules of formulas against their published pseudo-code, written here a second time as loops over numbers
 * with the papers' constants. Those that torch has are in test_golden.c; what single rules promise beside
 * their trajectory, and what holds for every rule, is in test_every_rule.c. */
#include "rule_problems.h"

enum { STEPS = 200 };

/* The second implementations. One step each, from x to the next x. */

typedef struct Reference {
    const Problem *problem;
    int n, t; /* t: of this step, from 1 */
    double lr, setting;
    double x[N_MAX], g[N_MAX];
    double a[N_MAX], b[N_MAX], c[N_MAX], e[N_MAX], d, r; /* state, zero at first */
    Rng rng;
} Reference;

static void slope(Reference *r) {
    r->problem->gradient(r->x, r->g);
}

static double direction(double v) {
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}

/* Running averages: a of the gradient, b of its square. */
static void average(Reference *r, double beta1, double beta2) {
    for (int i = 0; i < r->n; i++) {
        r->a[i] += (1 - beta1) * (r->g[i] - r->a[i]);
        r->b[i] += (1 - beta2) * (r->g[i] * r->g[i] - r->b[i]);
    }
}

static void lion(Reference *r) { /* Chen et al. 2023, algorithm 2; setting: lambda */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        double update = direction(0.9 * r->a[i] + (1 - 0.9) * r->g[i]);
        r->a[i] = 0.99 * r->a[i] + (1 - 0.99) * r->g[i];
        r->x[i] = r->x[i] - r->lr * update - r->lr * r->setting * r->x[i];
    }
}

static void signsgd(Reference *r) { /* Bernstein et al. 2018, algorithm 1 */
    slope(r);
    for (int i = 0; i < r->n; i++) r->x[i] -= r->lr * direction(r->g[i]);
}

static void signum(Reference *r) { /* the same, algorithm 2 */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        r->a[i] = 0.9 * r->a[i] + (1 - 0.9) * r->g[i];
        r->x[i] -= r->lr * direction(r->a[i]);
    }
}

static void qhm(Reference *r) { /* Ma & Yarats 2018, equations 3, 4 */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        r->a[i] = 0.999 * r->a[i] + (1 - 0.999) * r->g[i];
        r->x[i] -= r->lr * (1 - 0.7) * r->g[i] + r->lr * 0.7 * r->a[i];
    }
}

static void qhadam(Reference *r) { /* the same, equations 14 to 18; setting: nu2 */
    slope(r);
    average(r, 0.995, 0.999);
    for (int i = 0; i < r->n; i++) {
        double first = r->a[i] / (1 - pow(0.995, r->t)), second = r->b[i] / (1 - pow(0.999, r->t));
        double root = sqrt((1 - r->setting) * r->g[i] * r->g[i] + r->setting * second);
        r->x[i] -= r->lr * ((1 - 0.7) * r->g[i] + 0.7 * first) / (root + 1e-8);
    }
}

static void adabelief(Reference *r) { /* Zhuang et al. 2020, algorithm 2 */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        r->a[i] = 0.9 * r->a[i] + (1 - 0.9) * r->g[i];
        double surprise = r->g[i] - r->a[i];
        r->b[i] = 0.999 * r->b[i] + (1 - 0.999) * surprise * surprise + 1e-8;
        r->x[i] -= r->lr * (r->a[i] / (1 - pow(0.9, r->t))) / (sqrt(r->b[i] / (1 - pow(0.999, r->t))) + 1e-8);
    }
}

static void yogi(Reference *r) { /* Zaheer et al. 2018, algorithm 2 */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        double square = r->g[i] * r->g[i];
        r->a[i] = 0.9 * r->a[i] + (1 - 0.9) * r->g[i];
        r->b[i] -= (1 - 0.999) * direction(r->b[i] - square) * square;
        r->x[i] -= r->lr * r->a[i] / (sqrt(r->b[i]) + 1e-3);
    }
}

static void adan(Reference *r) { /* Xie et al. 2022, algorithm 1; setting: lambda; e: the gradient before */
    slope(r);
    for (int i = 0; i < r->n; i++) {
        double g = r->g[i], change = g - r->e[i];
        if (r->t == 1) { /* m_0 = g_0, v_0 = 0, n_0 = g_0^2 */
            r->a[i] = g;
            r->c[i] = g * g;
        } else {
            r->a[i] = 0.98 * r->a[i] + 0.02 * g;
            r->b[i] = 0.92 * r->b[i] + 0.08 * change;
            double ahead = g + 0.92 * change;
            r->c[i] = 0.99 * r->c[i] + 0.01 * ahead * ahead;
        }
        double rate = r->lr / (sqrt(r->c[i]) + 1e-8);
        r->x[i] = (r->x[i] - rate * (r->a[i] + 0.92 * r->b[i])) / (1 + r->lr * r->setting);
        r->e[i] = g;
    }
}

static void lamb(Reference *r) { /* You et al. 2019, algorithm 2, phi the identity; setting: lambda */
    double update[N_MAX];
    slope(r);
    average(r, 0.9, 0.999);
    for (int i = 0; i < r->n; i++) {
        double first = r->a[i] / (1 - pow(0.9, r->t)), second = r->b[i] / (1 - pow(0.999, r->t));
        update[i] = first / (sqrt(second) + 1e-6) + r->setting * r->x[i];
    }
    double trust = length(r->x, r->n) / length(update, r->n);
    for (int i = 0; i < r->n; i++) r->x[i] -= r->lr * trust * update[i];
}

static void lars(Reference *r) { /* You, Gitman & Ginsburg 2017, algorithm 1; setting: beta */
    slope(r);
    double x = length(r->x, r->n), local = 0.001 * x / (length(r->g, r->n) + r->setting * x);
    for (int i = 0; i < r->n; i++) {
        r->a[i] = 0.9 * r->a[i] + r->lr * local * (r->g[i] + r->setting * r->x[i]);
        r->x[i] -= r->a[i];
    }
}

static void sophia(Reference *r) { /* Liu et al. 2023, algorithms 1, 3; setting: gamma; the exact Hessian */
    double hessian[N_MAX][N_MAX], u[N_MAX];
    slope(r);
    r->problem->hessian(r->x, hessian);
    const uint64_t stream = r->t % 10 == 1 ? rng_next(&r->rng) : 0;
    for (int i = 0; i < r->n && r->t % 10 == 1; i++) u[i] = normal_oracle(stream, (uint64_t)i, true);
    for (int i = 0; i < r->n; i++) {
        double estimate = 0;
        for (int k = 0; k < r->n && r->t % 10 == 1; k++) estimate += u[i] * hessian[i][k] * u[k];
        if (r->t % 10 == 1) r->b[i] = 0.99 * r->b[i] + (1 - 0.99) * estimate;
        r->a[i] = 0.965 * r->a[i] + (1 - 0.965) * r->g[i];
    }
    for (int i = 0; i < r->n; i++) {
        double ratio = r->a[i] / fmax(r->setting * r->b[i], 1e-12);
        r->x[i] -= r->lr * fmax(-1, fmin(1, ratio));
    }
}

static void prodigy(Reference *r) { /* Mishchenko & Defazio 2023, algorithm 4; c: s; e: where it began */
    double forget = sqrt(0.999), along = 0, taxi = 0;
    slope(r);
    if (r->t == 1) r->d = 1e-6;
    if (r->t == 1) memcpy(r->e, r->x, sizeof r->e);
    const double d = r->d;
    for (int i = 0; i < r->n; i++) {
        along += r->g[i] * (r->e[i] - r->x[i]);
        r->a[i] = 0.9 * r->a[i] + (1 - 0.9) * d * r->g[i];
        r->b[i] = 0.999 * r->b[i] + (1 - 0.999) * d * d * r->g[i] * r->g[i];
        r->c[i] = forget * r->c[i] + (1 - forget) * r->lr * d * d * r->g[i];
        taxi += fabs(r->c[i]);
    }
    r->r = forget * r->r + (1 - forget) * r->lr * d * d * along;
    r->d = fmax(d, r->r / taxi);
    for (int i = 0; i < r->n; i++) r->x[i] -= r->lr * d * r->a[i] / (sqrt(r->b[i]) + d * 1e-8);
}

static void schedule_free(Reference *r) { /* Defazio et al. 2024, equations 3 to 5; a: z */
    double y[N_MAX], c = 1.0 / (r->t + 1);
    if (r->t == 1) memcpy(r->a, r->x, sizeof r->a);
    for (int i = 0; i < r->n; i++) y[i] = (1 - 0.9) * r->a[i] + 0.9 * r->x[i];
    r->problem->gradient(y, r->g);
    for (int i = 0; i < r->n; i++) {
        r->a[i] -= r->lr * r->g[i];
        r->x[i] += c * (r->a[i] - r->x[i]);
    }
}

static void sam(Reference *r) { /* Foret et al. 2021, algorithm 1, p = 2 */
    double worst[N_MAX];
    slope(r);
    double size = length(r->g, r->n);
    for (int i = 0; i < r->n; i++) worst[i] = r->x[i] + 0.05 * (r->g[i] / size);
    r->problem->gradient(worst, r->g);
    for (int i = 0; i < r->n; i++) r->x[i] -= r->lr * r->g[i];
}

static void sgld(Reference *r) { /* Welling & Teh 2011, equation 4; setting: temperature */
    slope(r);
    const uint64_t stream = rng_next(&r->rng);
    for (int i = 0; i < r->n; i++)
        r->x[i] += -r->lr / 2 * r->g[i] + sqrt(r->lr * r->setting) * normal_oracle(stream, (uint64_t)i, true);
}

typedef struct Case {
    const char *optimizer;
    void (*step)(Reference *reference);
    const char *setting;     /* a hyperparameter that is not at its default; NULL: none */
    double value, tolerance; /* sophia takes Hu from differences of gradients */
    double rates[2][2];      /* by problem */
} Case;

static const Case cases[] = {
    {"lion", lion, NULL, 0, 1e-12, {{0.0037, 0.011}, {0.011, 0.073}}},
    {"lion", lion, "weight_decay", 0.3, 1e-12, {{0.0037, 0.011}, {0.011, 0.073}}},
    {"signsgd", signsgd, NULL, 0, 1e-12, {{0.0037, 0.011}, {0.011, 0.073}}},
    {"signum", signum, NULL, 0, 1e-12, {{0.0037, 0.011}, {0.011, 0.073}}},
    {"qhm", qhm, NULL, 0, 1e-12, {{2e-4, 0.001}, {0.05, 0.3}}},
    {"qhadam", qhadam, "nu2", 1, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"qhadam", qhadam, "nu2", 0.8, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"adabelief", adabelief, NULL, 0, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"yogi", yogi, NULL, 0, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"adan", adan, NULL, 0, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"adan", adan, "weight_decay", 0.3, 1e-12, {{0.005, 0.02}, {0.02, 0.1}}},
    {"lamb", lamb, "weight_decay", 0.01, 1e-12, {{0.005, 0.02}, {0.005, 0.02}}},
    {"lamb", lamb, "weight_decay", 0, 1e-12, {{0.005, 0.02}, {0.005, 0.02}}},
    {"lars", lars, "weight_decay", 0.0005, 1e-12, {{0.5, 2}, {2, 10}}},
    {"lars", lars, "weight_decay", 0.2, 1e-12, {{0.5, 2}, {2, 10}}},
    {"sophia", sophia, "gamma", 0.01, 1e-10, {{0.0011, 0.0037}, {0.0037, 0.011}}},
    {"sophia", sophia, "gamma", 2, 1e-9, {{0.0023, 0.0051}, {0.011, 0.073}}},
    {"prodigy", prodigy, NULL, 0, 1e-12, {{0.02, 0.1}, {0.5, 1}}},
    {"schedule_free", schedule_free, NULL, 0, 1e-12, {{2e-4, 0.001}, {0.05, 0.3}}},
    {"sam", sam, NULL, 0, 1e-12, {{2e-4, 6e-4}, {0.003, 0.01}}}, /* at the minimum it is chaotic */
    {"sgld", sgld, "temperature", 1, 1e-12, {{2e-4, 0.001}, {0.05, 0.3}}},
    {"sgld", sgld, "temperature", 0.2, 1e-12, {{2e-4, 0.001}, {0.05, 0.3}}},
};

/* Comparing. */

static Reference reference_at(
    const Case *row, const Problem *problem, const double *start, double lr, double scale) {
    Reference reference = {.problem = problem, .n = (int)problem->n, .lr = lr, .setting = row->value};
    reference.rng = rng_seed(0);
    for (int i = 0; i < reference.n; i++) reference.x[i] = start[i] * (i ? 1 : scale);
    return reference;
}

static double apart(const double *a, const double *b, int n) {
    double difference[N_MAX];
    for (int i = 0; i < n; i++) difference[i] = a[i] - b[i];
    return length(difference, n) / length(b, n);
}

/* Every step, to the tolerance; or to 0.1 of what a relative change of 1e-12 in the start has grown to. */
static void check(const Case *row, const Problem *problem, const double *start, double lr) {
    Reference plain = reference_at(row, problem, start, lr, 1);
    Reference moved = reference_at(row, problem, start, lr, 1 + 1e-12);
    OptimizerRun *run = run_of(row->optimizer, row->setting, row->value, problem->n, PRECISION_F64);
    Asked asked = {.problem = problem};
    const Evaluator evaluator = {.evaluate = ask, .context = &asked};
    double ours[N_MAX], grown = 0;
    memcpy(ours, start, sizeof ours);
    Vec x = vec_of_f64(ours, problem->n);
    for (plain.t = moved.t = 1; plain.t <= STEPS; plain.t++, moved.t++) {
        row->step(&plain);
        row->step(&moved);
        optimizer_run_step(run, &x, &evaluator, lr);
        grown = fmax(grown, apart(moved.x, plain.x, plain.n));
        double off = apart(ours, plain.x, plain.n);
        if (!(off <= fmax(row->tolerance, 0.1 * grown)))
            fail_msg("%s, %s %g, %s, lr %g, step %d: off by %.3g (a change of 1e-12 has grown to %.3g)",
                row->optimizer, row->setting ? row->setting : "", row->value, problem->name, lr, plain.t, off,
                grown);
    }
    if (grown > 1e-8)
        fail_msg("%s, %s, lr %g: chaotic, which compares nothing", row->optimizer, problem->name, lr);
    optimizer_run_destroy(run);
}

static void rules_follow_their_papers(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int k = 0; k < 8; k++) {
            const Problem *problem = &problems[k / 4];
            check(&cases[i], problem, problem->starts[k / 2 % 2], cases[i].rates[k / 4][k % 2]);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rules_follow_their_papers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
