/* One operation on plain numbers, by the same functions as a program's kernels: the same bits. */
#ifndef SLALOM_EVALUATE_H
#define SLALOM_EVALUATE_H

#include "operation.h"

/* What a program makes of `operation` with constant operands (those beyond its arity are ignored): a power
 * with a whole exponent up to POWER_CHAIN_MAX in magnitude is a chain of products, one of 1/2 a root. SELECT
 * takes (condition, a, b). For folding constants. Not for OPERATION_CONSTANT and OPERATION_SYMBOL. */
double operation_apply(Operation operation, double a, double b, double c);

/* What the operation's kernel computes. */
double operation_compute(Operation operation, double a, double b, double c);

/* x^n for |n| up to this is made of products. */
enum { POWER_CHAIN_MAX = 64 };

#endif
