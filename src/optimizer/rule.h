/* An optimizer that is formulas: its symbols, its passes, its state. */
#ifndef SLALOM_RULE_H
#define SLALOM_RULE_H

#include "optimizer.h"

typedef struct Rule Rule;

Rule *rule_create(const Optimizer *optimizer, size_t n, Precision precision, Status *status);
void rule_destroy(Rule *rule);

/* Back to zero state; new hyperparameters where `values` is not NULL. */
void rule_reset(Rule *rule, const double *values, uint64_t seed);

/* New hyperparameters from the next step on; the state stays. */
void rule_set_values(Rule *rule, const double *values);

void rule_step(Rule *rule, const Vec *x, const Evaluator *evaluator, double lr, uint64_t t);

/* See optimizer_run_visit. Hyperparameters are not of it. */
void rule_visit(Rule *rule, StateVisit *visit, void *context);

int rule_state_count(const Rule *rule);
Vec rule_state(const Rule *rule, int i);
int rule_programs(const Rule *rule, const Program *programs[OPTIMIZER_PROGRAMS_MAX]);

#endif
