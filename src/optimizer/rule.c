/* A rule of formulas: a probe pass where it looks ahead, then the update. Computing a pass is pass.c's. */
#include "rule.h"

#include "curvature.h"
#include "noise.h"
#include "pass.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct Rule {
    const Optimizer *optimizer;
    size_t n;
    Precision precision;
    const Layout *layers; /* whose matrices are updated each by itself; NULL: all of x at once */
    RuleSymbols names;
    Pass update, probe, direction, scaling; /* all but the update: empty where the rule has none */
    bool probes, probe_reads_gradient, curves, scales;
    int every; /* the symbol of the parameter that says how often the direction is taken; -1: at each step */
    double scalars[SYMBOLS_MAX]; /* by symbol: t, lr, hyperparameters, scalar state, hidden ones */
    Vec state[OPTIMIZER_STATE_MAX];
    Vec probe_point, u, hu;
    void *block; /* owns the vectors */
    Rng rng;
    Pool *pool; /* borrowed; NULL: none */
};

/* Symbols. */

static bool add_symbol(RuleSymbols *names, const char *owner, const char *name, size_t length, Level level,
    bool assignable, Status *status) {
    if (names->n == SYMBOLS_MAX || length >= SYMBOL_NAME_BYTES)
        return status_fail(status, STATUS_BAD_INPUT, "%s: too many or too long names", owner);
    for (int i = 0; i < names->n; i++)
        if (strlen(names->symbols[i].name) == length && memcmp(names->symbols[i].name, name, length) == 0)
            return status_fail(
                status, STATUS_BAD_INPUT, "%s: '%.*s' is used twice", owner, (int)length, name);
    Symbol *symbol = &names->symbols[names->n++];
    *symbol = (Symbol){.level = level, .assignable = assignable};
    memcpy(symbol->name, name, length);
    return true;
}

/* Names separated by spaces; NULL is none. */
static bool add_names(
    RuleSymbols *names, const char *owner, const char *listed, Level level, Status *status) {
    while (listed && *listed) {
        size_t length = strcspn(listed, " ");
        if (!add_symbol(names, owner, listed, length, level, true, status)) return false;
        listed += length + strspn(listed + length, " ");
    }
    return true;
}

bool rule_symbols(RuleSymbols *names, const Optimizer *optimizer, Status *status) {
    const char *owner = optimizer->name;
    bool curves = optimizer->direction != NULL;
    *names = (RuleSymbols){.n_parameters = optimizer_parameter_count(optimizer)};
    bool good =
        add_symbol(names, owner, "x", 1, LEVEL_ELEMENT, true, status) &&
        add_symbol(names, owner, "g", 1, LEVEL_ELEMENT, false, status) &&
        add_symbol(names, owner, "t", 1, LEVEL_STEP, false, status) &&
        add_symbol(names, owner, "lr", 2, LEVEL_STEP, false, status) &&
        add_symbol(names, owner, curves ? "u" : "(u)", curves ? 1 : 3, LEVEL_ELEMENT, false, status) &&
        add_symbol(names, owner, curves ? "hu" : "(hu)", curves ? 2 : 4, LEVEL_ELEMENT, false, status);
    for (int i = 1; i < names->n_parameters && good; i++) {
        const char *name = optimizer->parameters[i].name;
        good = add_symbol(names, owner, name, strlen(name), LEVEL_FIXED, false, status);
    }
    names->first_scalar = names->n;
    good = good && add_names(names, owner, optimizer->scalars, LEVEL_STEP, status);
    names->first_state = names->n;
    good = good && add_names(names, owner, optimizer->state, LEVEL_ELEMENT, status);
    names->n_state = names->n - names->first_state;
    if (good && names->n_state > OPTIMIZER_STATE_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "%s has %d state vectors; at most %d", owner,
            names->n_state, OPTIMIZER_STATE_MAX);
    return good;
}

/* Compiling. */

/* Whether a pass reads a symbol, itself or in what is computed before it. */
static bool reads(const Graph *graph, const VectorTerms *terms, NodeId value, int symbol) {
    bool read = graph_depends(graph, value, symbol);
    for (int i = 0; i < terms->n_reductions && !read; i++)
        read = graph_depends(graph, terms->reductions[i].operand, symbol);
    return read;
}

/* A pass that computes one vector by an expression. */
static bool compile_expression(
    Rule *rule, Pass *pass, const char *text, bool *reads_gradient, Status *status) {
    VectorTerms terms;
    Assignment assignment = {.symbol = SYMBOL_X};
    Graph *graph = graph_create();
    bool good = graph || status_fail(status, STATUS_FAILED, "out of memory");
    good = good && expression_parse(graph, rule->optimizer->name, text, strlen(text), rule->names.symbols,
                       rule->names.n, &terms, &assignment.value, status);
    if (good) *reads_gradient = reads(graph, &terms, assignment.value, SYMBOL_G);
    good = good && pass_init(pass, graph, &terms, &assignment, 1, rule->n, rule->precision, status);
    graph_destroy(graph);
    return good;
}

static bool compile_update(Rule *rule, Status *status) {
    const Optimizer *optimizer = rule->optimizer;
    VectorTerms terms;
    Assignment assignments[SYMBOLS_MAX];
    int n;
    Graph *graph = graph_create();
    bool good = graph || status_fail(status, STATUS_FAILED, "out of memory");
    good = good && script_parse(graph, optimizer->name, optimizer->update, strlen(optimizer->update),
                       rule->names.symbols, rule->names.n, &terms, assignments, &n, status);
    if (good && assignments[0].symbol != SYMBOL_X)
        good = status_fail(
            status, STATUS_BAD_INPUT, "%s never moves x: no statement assigns to it", optimizer->name);
    good = good && pass_init(&rule->update, graph, &terms, assignments, n, rule->n, rule->precision, status);
    graph_destroy(graph);
    return good;
}

/* A script that sets p, which is no symbol of the other passes. */
static bool compile_scaling(Rule *rule, Status *status) {
    const char *text = rule->optimizer->scaling;
    RuleSymbols names = rule->names;
    VectorTerms terms;
    Assignment assignments[SYMBOLS_MAX];
    int n, p = names.n;
    Graph *graph = graph_create();
    bool good = graph || status_fail(status, STATUS_FAILED, "out of memory");
    good = good && add_symbol(&names, rule->optimizer->name, "p", 1, LEVEL_ELEMENT, true, status) &&
           script_parse(graph, rule->optimizer->name, text, strlen(text), names.symbols, names.n, &terms,
               assignments, &n, status);
    assert(!good || (n == 1 && assignments[0].symbol == p));
    good = good && pass_init(&rule->scaling, graph, &terms, assignments, n, rule->n, rule->precision, status);
    graph_destroy(graph);
    return good;
}

static bool compile(Rule *rule, Status *status) {
    const Optimizer *optimizer = rule->optimizer;
    bool ignored;
    rule->scales = optimizer->scaling != NULL;
    rule->probes = optimizer->probe != NULL;
    rule->curves = optimizer->direction != NULL;
    return compile_update(rule, status) &&
           (!rule->probes || compile_expression(rule, &rule->probe, optimizer->probe,
                                 &rule->probe_reads_gradient, status)) &&
           (!rule->curves ||
               compile_expression(rule, &rule->direction, optimizer->direction, &ignored, status)) &&
           (!rule->scales || compile_scaling(rule, status));
}

/* Vectors. */

static void point_at(Rule *rule, int symbol, const Vec *vec) {
    pass_read_from(&rule->update, symbol, vec);
    if (rule->probes) pass_read_from(&rule->probe, symbol, vec);
    if (rule->curves) pass_read_from(&rule->direction, symbol, vec);
    if (rule->scales) pass_read_from(&rule->scaling, symbol, vec);
}

/* Everything but x and g, which a step brings. */
static void place_vectors(Rule *rule) {
    for (int i = 0; i < rule->names.n_state; i++)
        point_at(rule, rule->names.first_state + i, &rule->state[i]);
    for (int i = 0; i < rule->update.n_vectors; i++)
        if (rule->update.vectors[i] != SYMBOL_X)
            pass_write_to(&rule->update, i, &rule->state[rule->update.vectors[i] - rule->names.first_state]);
    if (rule->probes) pass_write_to(&rule->probe, 0, &rule->probe_point);
    if (!rule->curves) return;
    pass_write_to(&rule->direction, 0, &rule->u);
    pass_read_from(&rule->update, SYMBOL_U, &rule->u);
    pass_read_from(&rule->update, SYMBOL_HU, &rule->hu);
}

static bool allocate(Rule *rule, Status *status) {
    Vec *vectors[OPTIMIZER_STATE_MAX + 3];
    size_t n = 0, stride = (rule->n * precision_bytes(rule->precision) + 63) / 64 * 64;
    for (int i = 0; i < rule->names.n_state; i++) vectors[n++] = &rule->state[i];
    if (rule->probes || rule->curves) vectors[n++] = &rule->probe_point;
    if (rule->curves) vectors[n++] = &rule->u;
    if (rule->curves) vectors[n++] = &rule->hu;
    if (n == 0) return true;
    rule->block = aligned_alloc(64, stride * n);
    if (!rule->block)
        return status_fail(
            status, STATUS_FAILED, "out of memory for %s on %zu parameters", rule->optimizer->name, rule->n);
    for (size_t i = 0; i < n; i++) {
        *vectors[i] = (Vec){.n = rule->n, .precision = rule->precision};
        vectors[i]->data = (char *)rule->block + stride * i;
    }
    return true;
}

Rule *rule_create(const Optimizer *optimizer, const Space *space, Status *status) {
    Rule *rule = calloc(1, sizeof *rule);
    if (!rule) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    rule->optimizer = optimizer;
    rule->n = space->n;
    rule->precision = space->precision;
    rule->layers = optimizer->is_layered ? space->layout : NULL;
    rule->every = -1;
    if (!rule_symbols(&rule->names, optimizer, status) || !compile(rule, status) || !allocate(rule, status)) {
        rule_destroy(rule);
        return NULL;
    }
    for (int i = 1; i < rule->names.n_parameters && optimizer->every; i++)
        if (strcmp(optimizer->parameters[i].name, optimizer->every) == 0)
            rule->every = SYMBOLS_COMMON + i - 1;
    place_vectors(rule);
    return rule;
}

void rule_destroy(Rule *rule) {
    if (!rule) return;
    pass_finish(&rule->update);
    pass_finish(&rule->probe);
    pass_finish(&rule->direction);
    pass_finish(&rule->scaling);
    free(rule->block);
    free(rule);
}

void rule_reset(Rule *rule, const double *values, uint64_t seed) {
    rule->rng = rng_seed(seed);
    for (int i = 0; i < rule->names.n_state; i++) vec_fill(&rule->state[i], 0);
    for (int i = rule->names.first_scalar; i < rule->names.first_state; i++) rule->scalars[i] = 0;
    if (rule->curves) vec_fill(&rule->u, 0);
    if (rule->curves) vec_fill(&rule->hu, 0);
    if (values) rule_set_values(rule, values);
}

/* Hyperparameters to where they are used. */
static void bind(Rule *rule) {
    pass_bind(&rule->update, rule->scalars);
    if (rule->probes) pass_bind(&rule->probe, rule->scalars);
    if (rule->curves) pass_bind(&rule->direction, rule->scalars);
    if (rule->scales) pass_bind(&rule->scaling, rule->scalars);
}

void rule_set_values(Rule *rule, const double *values) {
    for (int i = 1; i < rule->names.n_parameters; i++) rule->scalars[SYMBOLS_COMMON + i - 1] = values[i];
    bind(rule);
}

bool rule_reserve(Rule *rule, int n_threads, Status *status) {
    const bool good = pass_reserve(&rule->update, n_threads, status) &&
                      (!rule->probes || pass_reserve(&rule->probe, n_threads, status)) &&
                      (!rule->curves || pass_reserve(&rule->direction, n_threads, status)) &&
                      (!rule->scales || pass_reserve(&rule->scaling, n_threads, status));
    if (good) bind(rule);
    return good;
}

void rule_share(Rule *rule, Pool *pool) {
    rule->pool = pool;
}

/* One step. */

/* Whether u and hu are taken anew in this step: mod(t - 1, every) == 0, as a row would write it. */
static bool curvature_is_due(const Rule *rule) {
    if (rule->every < 0) return true;
    double every = rule->scalars[rule->every], done = rule->scalars[SYMBOL_T] - 1;
    return done - every * floor(done / every) == 0;
}

static void take_curvature(Rule *rule, const Vec *x, const Evaluator *evaluator) {
    pass_run(&rule->direction, rule->scalars, &rule->rng, rule->pool);
    curvature_product(evaluator, x, &rule->u, &rule->hu, &rule->probe_point);
}

void rule_step(Rule *rule, const Vec *x, const Evaluator *evaluator, double lr, uint64_t t) {
    assert(x->n == rule->n && x->precision == rule->precision);
    rule->scalars[SYMBOL_T] = (double)t;
    rule->scalars[SYMBOL_LR] = lr;
    pass_read_from(&rule->update, SYMBOL_X, x);
    pass_write_to(&rule->update, 0, x);
    const Vec *point = x, *gradient;
    if (rule->curves) {
        pass_read_from(&rule->direction, SYMBOL_X, x);
        if (curvature_is_due(rule)) take_curvature(rule, x, evaluator);
    }
    if (rule->probes) {
        pass_read_from(&rule->probe, SYMBOL_X, x);
        if (rule->probe_reads_gradient) {
            evaluator->evaluate(evaluator->context, x, &gradient);
            pass_read_from(&rule->probe, SYMBOL_G, gradient);
        }
        pass_run(&rule->probe, rule->scalars, &rule->rng, rule->pool);
        point = &rule->probe_point;
    }
    evaluator->evaluate(evaluator->context, point, &gradient);
    pass_read_from(&rule->update, SYMBOL_G, gradient);
    if (!rule->layers) pass_run(&rule->update, rule->scalars, &rule->rng, rule->pool);
    for (int i = 0; rule->layers && i < rule->layers->n_blocks; i++) {
        const LayoutBlock *block = &rule->layers->blocks[i];
        pass_run_part(&rule->update, rule->scalars, &rule->rng, block->offset, block->rows * block->cols);
    }
}

void rule_visit(Rule *rule, StateVisit *visit, void *context) {
    const size_t size = rule->n * precision_bytes(rule->precision);
    visit(context, &rule->rng, sizeof rule->rng);
    for (int i = rule->names.first_scalar; i < rule->names.first_state; i++)
        visit(context, &rule->scalars[i], sizeof rule->scalars[i]);
    for (int i = 0; i < rule->names.n_state; i++) visit(context, rule->state[i].data, size);
    if (rule->curves) visit(context, rule->u.data, size);
    if (rule->curves) visit(context, rule->hu.data, size);
}

int rule_state_count(const Rule *rule) {
    return rule->names.n_state;
}

Vec rule_state(const Rule *rule, int i) {
    assert(i >= 0 && i < rule->names.n_state);
    return rule->state[i];
}

int rule_scalar_count(const Rule *rule) {
    return rule->names.first_state - rule->names.first_scalar;
}

double rule_scalar(const Rule *rule, int i) {
    assert(i >= 0 && i < rule_scalar_count(rule));
    return rule->scalars[rule->names.first_scalar + i];
}

void rule_noise(const Rule *rule, int k, const Vec *out) {
    assert(k >= 0 && k < rule->update.terms.n_noises);
    noise_fill(out, rule->update.streams[k], 0);
}

bool rule_direction(const Rule *rule, Vec *u, Vec *hu) {
    *u = rule->u;
    *hu = rule->hu;
    return rule->curves;
}

void rule_scaling(Rule *rule, const Vec *out) {
    assert(rule->scales && out->n == rule->n && out->precision == rule->precision);
    pass_write_to(&rule->scaling, 0, out);
    pass_run(&rule->scaling, rule->scalars, &rule->rng, rule->pool);
}

int rule_programs(const Rule *rule, const Program *programs[OPTIMIZER_PROGRAMS_MAX]) {
    const Pass *passes[] = {&rule->update, &rule->probe, &rule->direction, &rule->scaling};
    int n = 0;
    for (int i = 0; i < 4; i++) {
        if (passes[i]->vector) programs[n++] = passes[i]->vector;
        if (passes[i]->scalar) programs[n++] = passes[i]->scalar;
        for (int j = 0; j < passes[i]->n_reductions; j++)
            if (passes[i]->reductions[j].program) programs[n++] = passes[i]->reductions[j].program;
    }
    return n;
}
