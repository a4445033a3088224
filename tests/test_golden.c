/* Trajectories against torch.optim's (tests/golden/README.md): every one of 200 steps. */
#include "test.h"

#include "own.h"
#include "race.h"
#include "surface.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 200 };

typedef struct Case {
    const char *file;
    const char *surface;
    const char *optimizer;
    const char *settings[4]; /* name, value as text; pairs; beside lr, which is in the file */
    double amplification;    /* of a change in the start, where the trajectory is chaotic */
    double l2;               /* the coupled penalty, a device of the racer's */
    const char *script;      /* a typed optimizer in the place of `optimizer` */
} Case;

/* torch 1.13's NAdam, with one mu too many in the last line's product: no row, but a person can type it. */
static const char torch_nadam[] = "state = s r\n"
                                  "scalars = product\n"
                                  "s = beta1*s + (1 - beta1)*g\n"
                                  "r = beta2*r + (1 - beta2)*g^2\n"
                                  "mu = beta1*(1 - 0.5*0.96^(0.004*t))\n"
                                  "mu_next = beta1*(1 - 0.5*0.96^(0.004*(t + 1)))\n"
                                  "product = (t == 1 ? 1 : product)*mu\n"
                                  "d = 1e-8 + sqrt(r/(1 - beta2^t))\n"
                                  "x -= lr*(1 - mu)/(1 - product)*g/d\n"
                                  "x -= lr*mu_next/(1 - product*mu*mu_next)*s/d\n"
                                  "where lr = 0.02, beta1 = 0.9, beta2 = 0.999";

#define ON_BOTH(rate_rosenbrock, rate_quad, name, ...)                                                       \
    {"rosenbrock__" name "__lr" rate_rosenbrock ".csv", "rosenbrock", __VA_ARGS__}, {                        \
        "quad50__" name "__lr" rate_quad ".csv", "ravine", __VA_ARGS__                                       \
    }

static const Case cases[] = {
    ON_BOTH("0.001", "0.035", "sgd", "sgd"),
    ON_BOTH("0.0002", "0.02", "momentum", "momentum", {"momentum", "0.9"}),
    ON_BOTH("0.0002", "0.02", "nesterov", "nesterov", {"momentum", "0.9"}),
    ON_BOTH("0.5", "0.5", "adagrad", "adagrad", {"eps", "1e-10"}),
    {"rosenbrock__rmsprop_a90__lr0.01.csv", "rosenbrock", "rmsprop", {"rho", "0.9", "eps", "1e-8"}, 3.3e10},
    {"quad50__rmsprop_a90__lr0.05.csv", "ravine", "rmsprop", {"rho", "0.9", "eps", "1e-8"}, 20.9},
    ON_BOTH("0.01", "0.05", "rmsprop_a99", "rmsprop", {"rho", "0.99", "eps", "1e-8"}),
    ON_BOTH("0.02", "0.1", "adam", "adam"),
    ON_BOTH("0.02", "0.1", "adamw", "adamw", {"weight_decay", "0.1"}),
    ON_BOTH("0.001", "0.035", "sgd_wd", "sgd", .l2 = 0.01),
    ON_BOTH("0.02", "0.1", "adam_l2", "adam", .l2 = 0.1),
    ON_BOTH("1", "1", "adadelta", "adadelta"),
    ON_BOTH("0.02", "0.1", "adamax", "adamax"),
    ON_BOTH("0.0002", "0.02", "momentum_damp", "momentum_dampened", {"momentum", "0.9", "dampening", "0.5"}),
    ON_BOTH("0.005", "0.02", "rmsprop_centered", "rmsprop_centered", {"rho", "0.99", "momentum", "0"}),
    ON_BOTH("0.002", "0.01", "rmsprop_mom", "rmsprop_momentum", {"rho", "0.99", "momentum", "0.9"}),
    {"rosenbrock__nadam__lr0.02.csv", "rosenbrock", .script = torch_nadam},
    {"quad50__nadam__lr0.1.csv", "ravine", .script = torch_nadam, .amplification = 200},
    {"rosenbrock__nadam_dozat__lr0.02.csv", "rosenbrock", "nadam"},
    {"quad50__nadam_dozat__lr0.1.csv", "ravine", "nadam", .amplification = 2470},
    ON_BOTH("0.002", "0.02", "radam", "radam"),
    ON_BOTH("0.02", "0.1", "amsgrad", "amsgrad"),
    ON_BOTH("0.01", "0.1", "rprop", "rprop"),
    ON_BOTH("0.001", "0.035", "asgd", "asgd"),
};

/* Reads rows of step,x,y,f,... into x and f; returns the rate in the first line. */
static double read_golden(const char *name, double x[][2], double f[]) {
    char path[512], line[512];
    snprintf(path, sizeof path, "%s/golden/%s", TESTS_FOLDER, name);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("cannot open %s", path);
    assert_non_null(fgets(line, sizeof line, file));
    const char *rate = strstr(line, " lr=");
    assert_non_null(rate);
    double lr = strtod(rate + 4, NULL);
    assert_non_null(fgets(line, sizeof line, file));
    for (int k = 0; k <= STEPS; k++) {
        int step;
        assert_non_null(fgets(line, sizeof line, file));
        assert_int_equal(sscanf(line, "%d,%lf,%lf,%lf", &step, &x[k][0], &x[k][1], &f[k]), 4);
        assert_int_equal(step, k);
    }
    fclose(file);
    return lr;
}

static void check(const Case *row) {
    static double x[STEPS + 1][2], f[STEPS + 1];
    Status status = status_ok();
    OwnOptimizer *own = row->script ? own_optimizer_create("torch_nadam", row->script, &status) : NULL;
    RacerSpec racer = {.optimizer = own ? own_optimizer_row(own) : optimizer_find(row->optimizer)};
    assert_non_null(racer.optimizer);
    optimizer_defaults(racer.optimizer, racer.values);
    devices_defaults(racer.devices);
    racer.devices[DEVICE_L2] = row->l2;
    racer.values[0] = read_golden(row->file, x, f);
    for (int i = 0; i < 4 && row->settings[i]; i += 2)
        racer.values[optimizer_parameter_find(racer.optimizer, row->settings[i])] =
            strtod(row->settings[i + 1], NULL);
    Surface *surface = surface_create(row->surface, &status);
    Race *race = race_create(&surface->objective, &racer, 1, x[0], STEPS, 1, &status);
    assert_non_null(race);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    bool looks_ahead = racer.optimizer->probe != NULL;
    for (int k = 0; k <= STEPS; k++) {
        double ours[2] = {trace->x[2 * k], trace->x[2 * k + 1]};
        if (looks_ahead && k > 0) /* torch's point is x + momentum v, and v is the last step */
            for (int i = 0; i < 2; i++) ours[i] += racer.values[1] * (ours[i] - trace->x[2 * (k - 1) + i]);
        double allowed = 1e-12;
        if (k > 20 && 1e-13 * row->amplification > allowed) allowed = 1e-13 * row->amplification;
        double off = hypot(ours[0] - x[k][0], ours[1] - x[k][1]) / hypot(x[k][0], x[k][1]);
        if (!(off < allowed))
            fail_msg("%s, step %d: (%.17g, %.17g), not (%.17g, %.17g): off by %.3g", row->file, k, ours[0],
                ours[1], x[k][0], x[k][1], off);
        if (!looks_ahead) assert_near(trace->loss[k], f[k], fmax(1e-12, 100 * allowed));
    }
    race_destroy(race);
    surface_destroy(surface);
    own_optimizer_release(own);
}

static void trajectories_equal_torch(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) check(&cases[i]);
}

static bool is_compared(const char *file) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (strcmp(cases[i].file, file) == 0) return true;
    return false;
}

static void every_file_is_compared(void **state) {
    (void)state;
    DIR *folder = opendir(TESTS_FOLDER "/golden");
    assert_non_null(folder);
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (!strstr(entry->d_name, ".csv")) continue;
        files++;
        if (!is_compared(entry->d_name)) fail_msg("nothing is compared with %s", entry->d_name);
    }
    closedir(folder);
    assert_int_equal(files, sizeof cases / sizeof cases[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trajectories_equal_torch),
        cmocka_unit_test(every_file_is_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
