/* Optimizers by name and value, and one run of one: a rule of formulas (rule.c) or a method that is code. The
 * rows are in rules.c; who evaluates, and what becomes of a bad number, is left to the race. */
#include "rule.h"

#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct OptimizerRun {
    const Optimizer *optimizer;
    Space space;
    double values[OPTIMIZER_PARAMETERS_MAX];
    uint64_t t, seed;    /* t: steps done */
    Rule *rule;          /* NULL for a method */
    MethodState *method; /* NULL for a rule */
};

const char *parameter_scale_name(ParameterScale scale) {
    static const char *const names[] = {"linear", "log", "switch"};
    return names[scale];
}

const Optimizer *optimizer_find(const char *name) {
    for (int i = 0; i < optimizer_count; i++)
        if (strcmp(optimizer_table[i].name, name) == 0) return &optimizer_table[i];
    return NULL;
}

bool optimizer_takes_matrices(const Optimizer *optimizer) {
    return optimizer->method && optimizer->method->takes_matrices;
}

int optimizer_parameter_count(const Optimizer *optimizer) {
    int n = 0;
    while (n < OPTIMIZER_PARAMETERS_MAX && optimizer->parameters[n].name) n++;
    return n;
}

int optimizer_parameter_find(const Optimizer *optimizer, const char *name) {
    for (int i = 0; i < optimizer_parameter_count(optimizer); i++)
        if (strcmp(optimizer->parameters[i].name, name) == 0) return i;
    return -1;
}

void optimizer_defaults(const Optimizer *optimizer, double *values) {
    for (int i = 0; i < optimizer_parameter_count(optimizer); i++) values[i] = optimizer->parameters[i].value;
}

bool parameter_check(const OptimizerParameter *parameter, const char *owner, double value, Status *status) {
    static const char *const demands[] = {"greater than 0", "0 or more", "at least 0 and below 1", "0 or 1",
        "a finite number", "a whole number, 1 or more"};
    bool good = isfinite(value);
    switch (parameter->domain) {
    case DOMAIN_POSITIVE: good = good && value > 0; break;
    case DOMAIN_NOT_NEGATIVE: good = good && value >= 0; break;
    case DOMAIN_DECAY: good = good && value >= 0 && value < 1; break;
    case DOMAIN_SWITCH: good = value == 0 || value == 1; break;
    case DOMAIN_ANY: break;
    case DOMAIN_COUNT: good = good && value >= 1 && value == floor(value); break;
    }
    return good || status_fail(status, STATUS_BAD_INPUT, "%s of %s is %g; it must be %s", parameter->name,
                       owner, value, demands[parameter->domain]);
}

/* One run. */

/* More than this for one state is refused rather than tried. */
static const double state_bytes_max = 4e9;

static bool allocate_method(OptimizerRun *run, Status *status) {
    if (optimizer_takes_matrices(run->optimizer) && !run->space.layout)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s works on the weight matrices of a network; here x is one vector", run->optimizer->name);
    double bytes = run->optimizer->method->state_bytes(&run->space, run->values);
    char would[32];
    text_format_bytes(would, sizeof would, bytes);
    if (!(bytes <= state_bytes_max))
        return status_fail(status, STATUS_BAD_INPUT, "%s on %zu parameters would take %s of memory",
            run->optimizer->name, run->space.n, would);
    run->method = aligned_alloc(64, ((size_t)bytes + 63) / 64 * 64);
    return run->method ||
           status_fail(status, STATUS_FAILED, "out of memory: %s takes %s", run->optimizer->name, would);
}

static bool prepare(OptimizerRun *run, Status *status) {
    if (run->optimizer->method) return allocate_method(run, status);
    run->rule = rule_create(run->optimizer, &run->space, status);
    return run->rule != NULL;
}

OptimizerRun *optimizer_run_create(
    const Optimizer *optimizer, const double *values, size_t n, Precision precision, Status *status) {
    const Space space = {.n = n, .precision = precision};
    return optimizer_run_create_on(optimizer, values, &space, status);
}

OptimizerRun *optimizer_run_create_on(
    const Optimizer *optimizer, const double *values, const Space *space, Status *status) {
    OptimizerRun *run = calloc(1, sizeof *run);
    if (!run) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    run->optimizer = optimizer;
    run->space = *space;
    memcpy(run->values, values, (size_t)optimizer_parameter_count(optimizer) * sizeof *values);
    if (!prepare(run, status)) {
        optimizer_run_destroy(run);
        return NULL;
    }
    optimizer_run_reset(run, values);
    return run;
}

void optimizer_run_destroy(OptimizerRun *run) {
    if (!run) return;
    rule_destroy(run->rule);
    free(run->method);
    free(run);
}

void optimizer_run_seed(OptimizerRun *run, uint64_t seed) {
    run->seed = seed;
}

void optimizer_run_reset(OptimizerRun *run, const double *values) {
    run->t = 0;
    if (values)
        memcpy(run->values, values, (size_t)optimizer_parameter_count(run->optimizer) * sizeof *values);
    if (run->rule)
        rule_reset(run->rule, values, run->seed);
    else
        run->optimizer->method->reset(run->method, &run->space, run->values);
}

bool optimizer_run_reserve(OptimizerRun *run, const Pool *pool, Status *status) {
    return !run->rule || rule_reserve(run->rule, pool_width(pool), status);
}

void optimizer_run_share(OptimizerRun *run, Pool *pool) {
    if (run->rule) rule_share(run->rule, pool);
}

void optimizer_run_set_values(OptimizerRun *run, const double *values) {
    const unsigned sizes = run->rule ? 0 : run->optimizer->method->sizes;
    for (int i = 0; i < optimizer_parameter_count(run->optimizer); i++)
        if (!(sizes >> i & 1)) run->values[i] = values[i];
    if (run->rule) rule_set_values(run->rule, values);
}

const char *optimizer_run_step(OptimizerRun *run, const Vec *x, const Evaluator *evaluator, double lr) {
    run->t++;
    if (run->rule) {
        rule_step(run->rule, x, evaluator, lr, run->t);
        return NULL;
    }
    MethodStep step = {.x = x,
        .evaluator = evaluator,
        .values = run->values,
        .lr = lr,
        .t = run->t,
        .changed = evaluator->noisy};
    return run->optimizer->method->step(run->method, &step) ? NULL : step.failure;
}

bool optimizer_run_visit(OptimizerRun *run, StateVisit *visit, void *context) {
    const Method *method = run->optimizer->method;
    if (method && !method->place) return false;
    visit(context, &run->t, sizeof run->t);
    double values[OPTIMIZER_PARAMETERS_MAX];
    memcpy(values, run->values, sizeof values);
    visit(context, values, sizeof values);
    optimizer_run_set_values(run, values); /* but those that memory was laid out by */
    if (run->rule) {
        rule_visit(run->rule, visit, context);
        return true;
    }
    visit(context, run->method, (size_t)method->state_bytes(&run->space, run->values));
    method->place(run->method, &run->space, run->values);
    return true;
}

int optimizer_run_programs(const OptimizerRun *run, const Program *programs[OPTIMIZER_PROGRAMS_MAX]) {
    return run->rule ? rule_programs(run->rule, programs) : 0;
}

int optimizer_run_state_count(const OptimizerRun *run) {
    return run->rule ? rule_state_count(run->rule) : 0;
}

Vec optimizer_run_state(const OptimizerRun *run, int i) {
    return rule_state(run->rule, i);
}

int optimizer_run_scalar_count(const OptimizerRun *run) {
    return run->rule ? rule_scalar_count(run->rule) : 0;
}

double optimizer_run_scalar(const OptimizerRun *run, int i) {
    return rule_scalar(run->rule, i);
}

void optimizer_run_noise(const OptimizerRun *run, int k, const Vec *out) {
    rule_noise(run->rule, k, out);
}

bool optimizer_run_direction(const OptimizerRun *run, Vec *u, Vec *hu) {
    return run->rule && rule_direction(run->rule, u, hu);
}

bool optimizer_run_scaling(OptimizerRun *run, const Vec *out) {
    if (!run->optimizer->scaling || run->t == 0) return false;
    rule_scaling(run->rule, out);
    return true;
}

bool optimizer_run_aim(OptimizerRun *run, const Vec *gradient, const Vec *direction) {
    const Method *method = run->optimizer->method;
    if (!method || !method->aim) return false;
    method->aim(run->method, gradient, direction);
    return true;
}
