/* One run of a rule: its script compiled, its state in one block, one call a step. The rules are in rules.c;
 * who evaluates, and what becomes of a bad number, is left to the race. */
#include "optimizer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every rule's symbols, in this order; then its other hyperparameters, then its state vectors. */
enum { SYMBOL_X, SYMBOL_G, SYMBOL_T, SYMBOL_LR, SYMBOLS_COMMON };

/* Where a program reads and writes, in the form that the engine takes; x and g are filled in at each step. */
typedef union Inputs {
    const double *f64[SYMBOLS_MAX];
    const float *f32[SYMBOLS_MAX];
} Inputs;

typedef union Outputs {
    double *f64[SYMBOLS_MAX];
    float *f32[SYMBOLS_MAX];
} Outputs;

struct OptimizerRun {
    const Optimizer *optimizer;
    size_t n;
    Precision precision;
    uint64_t t; /* steps done */
    int n_symbols, n_parameters, n_state, first_state;
    Program *update, *probe; /* probe: NULL where the gradient is taken at x */
    Workspace *update_workspace, *probe_workspace;
    double scalars[SYMBOLS_MAX]; /* by symbol: hyperparameters, t, lr */
    Vec state[OPTIMIZER_STATE_MAX];
    Vec probe_point;
    void *block;                      /* owns all the vectors */
    int assigned[SYMBOLS_MAX];        /* the symbols that the update writes, in the order of its outputs */
    int n_assigned, x_output;         /* x_output: which of them is x */
    Inputs inputs;
    Outputs outputs, probe_output;
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
    static const char *const demands[] = {
        "greater than 0", "0 or more", "at least 0 and below 1", "0 or 1", "a finite number"};
    bool good = isfinite(value);
    switch (parameter->domain) {
    case DOMAIN_POSITIVE: good = good && value > 0; break;
    case DOMAIN_NOT_NEGATIVE: good = good && value >= 0; break;
    case DOMAIN_DECAY: good = good && value >= 0 && value < 1; break;
    case DOMAIN_SWITCH: good = value == 0 || value == 1; break;
    case DOMAIN_ANY: break;
    }
    return good || status_fail(status, STATUS_BAD_INPUT, "%s of %s is %g; it must be %s", parameter->name, owner, value,
                       demands[parameter->domain]);
}

/* Making a run. */

static void add_symbol(Symbol *symbols, int *n, const char *name, size_t length, Level level, bool assignable) {
    assert(*n < SYMBOLS_MAX && length < SYMBOL_NAME_BYTES);
    Symbol *symbol = &symbols[(*n)++];
    *symbol = (Symbol){.level = level, .assignable = assignable};
    memcpy(symbol->name, name, length);
}

static void name_symbols(OptimizerRun *run, Symbol *symbols) {
    const Optimizer *optimizer = run->optimizer;
    int n = 0;
    add_symbol(symbols, &n, "x", 1, LEVEL_ELEMENT, true);
    add_symbol(symbols, &n, "g", 1, LEVEL_ELEMENT, false);
    add_symbol(symbols, &n, "t", 1, LEVEL_STEP, false);
    add_symbol(symbols, &n, "lr", 2, LEVEL_STEP, false);
    assert(n == SYMBOLS_COMMON);
    for (int i = 1; i < run->n_parameters; i++) {
        const char *name = optimizer->parameters[i].name;
        add_symbol(symbols, &n, name, strlen(name), LEVEL_FIXED, false);
    }
    run->first_state = n;
    for (const char *name = optimizer->state; *name;) {
        size_t length = strcspn(name, " ");
        add_symbol(symbols, &n, name, length, LEVEL_ELEMENT, true);
        name += length + strspn(name + length, " ");
    }
    run->n_state = n - run->first_state;
    run->n_symbols = n;
}

static bool compile(OptimizerRun *run, const Symbol *symbols, Status *status) {
    const Optimizer *optimizer = run->optimizer;
    Graph *graph = graph_create();
    if (!graph) return status_fail(status, STATUS_FAILED, "out of memory");
    Assignment assignments[SYMBOLS_MAX];
    NodeId outputs[SYMBOLS_MAX], probe;
    bool good = script_parse(graph, optimizer->name, optimizer->update, strlen(optimizer->update), symbols,
        run->n_symbols, assignments, &run->n_assigned, status);
    if (good) {
        for (int i = 0; i < run->n_assigned; i++) {
            run->assigned[i] = assignments[i].symbol;
            if (run->assigned[i] == SYMBOL_X) run->x_output = i;
            outputs[i] = assignments[i].value;
        }
        run->update = program_create(graph, symbols, run->n_symbols, outputs, run->n_assigned, status);
        good = run->update != NULL;
    }
    if (good && optimizer->probe) {
        good = expression_parse(graph, optimizer->name, optimizer->probe, strlen(optimizer->probe), symbols,
            run->n_symbols, &probe, status);
        if (good) run->probe = program_create(graph, symbols, run->n_symbols, &probe, 1, status);
        good = run->probe != NULL;
    }
    graph_destroy(graph);
    return good;
}

static void point_at(OptimizerRun *run, int symbol, const Vec *vec) {
    if (run->precision == PRECISION_F64) run->inputs.f64[symbol] = vec->f64;
    else run->inputs.f32[symbol] = vec->f32;
}

static void put_to(OptimizerRun *run, int output, const Vec *vec) {
    if (run->precision == PRECISION_F64) run->outputs.f64[output] = vec->f64;
    else run->outputs.f32[output] = vec->f32;
}

/* Everything but x and g, which a step brings. */
static void point_at_state(OptimizerRun *run) {
    for (int i = 0; i < run->n_state; i++) point_at(run, run->first_state + i, &run->state[i]);
    for (int i = 0; i < run->n_assigned; i++)
        if (run->assigned[i] != SYMBOL_X) put_to(run, i, &run->state[run->assigned[i] - run->first_state]);
    if (run->precision == PRECISION_F64) run->probe_output.f64[0] = run->probe_point.f64;
    else run->probe_output.f32[0] = run->probe_point.f32;
}

/* The probe point and the state vectors side by side, each on a boundary of 64 bytes. */
static bool allocate(OptimizerRun *run, Status *status) {
    size_t stride = (run->n * precision_bytes(run->precision) + 63) / 64 * 64;
    size_t count = 1 + (size_t)run->n_state;
    run->block = aligned_alloc(64, stride * count);
    run->update_workspace = workspace_create(run->update);
    run->probe_workspace = run->probe ? workspace_create(run->probe) : NULL;
    if (!run->block || !run->update_workspace || (run->probe && !run->probe_workspace))
        return status_fail(status, STATUS_FAILED, "out of memory for %s on %zu parameters", run->optimizer->name, run->n);
    char *next = run->block;
    Vec vec = {.n = run->n, .precision = run->precision};
    for (size_t i = 0; i < count; i++, next += stride) {
        vec.data = next;
        if (i == 0) run->probe_point = vec;
        else run->state[i - 1] = vec;
    }
    return true;
}

OptimizerRun *optimizer_run_create(
    const Optimizer *optimizer, const double *values, size_t n, Precision precision, Status *status) {
    OptimizerRun *run = calloc(1, sizeof *run);
    if (!run) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    run->optimizer = optimizer;
    run->n = n;
    run->precision = precision;
    run->n_parameters = optimizer_parameter_count(optimizer);
    Symbol symbols[SYMBOLS_MAX];
    name_symbols(run, symbols);
    if (!compile(run, symbols, status) || !allocate(run, status)) {
        optimizer_run_destroy(run);
        return NULL;
    }
    point_at_state(run);
    optimizer_run_reset(run, values);
    return run;
}

void optimizer_run_destroy(OptimizerRun *run) {
    if (!run) return;
    workspace_destroy(run->update_workspace);
    workspace_destroy(run->probe_workspace);
    program_destroy(run->update);
    program_destroy(run->probe);
    free(run->block);
    free(run);
}

void optimizer_run_reset(OptimizerRun *run, const double *values) {
    run->t = 0;
    for (int i = 0; i < run->n_state; i++) vec_fill(&run->state[i], 0);
    if (!values) return;
    for (int i = 1; i < run->n_parameters; i++) run->scalars[SYMBOLS_COMMON + i - 1] = values[i];
    program_bind(run->update, run->update_workspace, run->scalars);
    if (run->probe) program_bind(run->probe, run->probe_workspace, run->scalars);
}

/* One step. */

static void run_program(
    const OptimizerRun *run, const Program *program, Workspace *workspace, const Outputs *outputs) {
    if (run->precision == PRECISION_F64)
        program_run_f64(program, workspace, run->scalars, run->inputs.f64, run->n, outputs->f64);
    else program_run_f32(program, workspace, run->scalars, run->inputs.f32, run->n, outputs->f32);
}

void optimizer_run_step(OptimizerRun *run, const Vec *x, const Evaluator *evaluator, double lr) {
    assert(x->n == run->n && x->precision == run->precision);
    run->scalars[SYMBOL_T] = (double)++run->t;
    run->scalars[SYMBOL_LR] = lr;
    point_at(run, SYMBOL_X, x);
    put_to(run, run->x_output, x);
    if (run->probe) run_program(run, run->probe, run->probe_workspace, &run->probe_output);
    const Vec *gradient;
    evaluator->evaluate(evaluator->context, run->probe ? &run->probe_point : x, &gradient);
    point_at(run, SYMBOL_G, gradient);
    run_program(run, run->update, run->update_workspace, &run->outputs);
}

Vec optimizer_run_state(const OptimizerRun *run, int i) {
    assert(i >= 0 && i < run->n_state);
    return run->state[i];
}
