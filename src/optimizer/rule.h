/* An optimizer that is formulas: its symbols, its passes, its state. */
#ifndef SLALOM_RULE_H
#define SLALOM_RULE_H

#include "optimizer.h"

typedef struct Rule Rule;

/* Every rule's symbols, in this order; then its other hyperparameters, scalars and state vectors. u and hu
 * have names only where the row has a direction. */
enum { SYMBOL_X, SYMBOL_G, SYMBOL_T, SYMBOL_LR, SYMBOL_U, SYMBOL_HU, SYMBOLS_COMMON };

typedef struct RuleSymbols {
    Symbol symbols[SYMBOLS_MAX];
    int n;
    int n_parameters; /* lr included, which is among the first symbols */
    int first_scalar, first_state, n_state;
} RuleSymbols;

/* Fails where a name is used twice, or there are too many. */
bool rule_symbols(RuleSymbols *names, const Optimizer *optimizer, Status *status);

/* The layout, if any, is borrowed. */
Rule *rule_create(const Optimizer *optimizer, const Space *space, Status *status);
void rule_destroy(Rule *rule);

/* Back to zero state; new hyperparameters where `values` is not NULL. */
void rule_reset(Rule *rule, const double *values, uint64_t seed);

/* Threads that share the steps, as many as had room made for them; NULL: none. */
bool rule_reserve(Rule *rule, int n_threads, Status *status);
void rule_share(Rule *rule, Pool *pool);

/* New hyperparameters from the next step on; the state stays. */
void rule_set_values(Rule *rule, const double *values);

void rule_step(Rule *rule, const Vec *x, const Evaluator *evaluator, double lr, uint64_t t);

/* See optimizer_run_visit. Hyperparameters are not of it. */
void rule_visit(Rule *rule, StateVisit *visit, void *context);

int rule_state_count(const Rule *rule);
Vec rule_state(const Rule *rule, int i);
int rule_scalar_count(const Rule *rule);
double rule_scalar(const Rule *rule, int i);
void rule_noise(const Rule *rule, int k, const Vec *out);
bool rule_direction(const Rule *rule, Vec *u, Vec *hu);
/* Of a row that has a scaling. */
void rule_scaling(Rule *rule, const Vec *out);
int rule_programs(const Rule *rule, const Program *programs[OPTIMIZER_PROGRAMS_MAX]);

#endif
