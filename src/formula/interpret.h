/* Straight-line code over numbered slots, run on one number or on two side by side: for what is computed once
 * a call, and for a few elements, where a loop over a block would cost more than its work. */
#ifndef SLALOM_INTERPRET_H
#define SLALOM_INTERPRET_H

#include "kernels.h"

#include <stddef.h>
#include <stdint.h>

/* Opcodes beyond those of kernels.h, for numbers that do not vary over the elements: b^t, where b is FIXED
 * and t a STEP, as in adam's bias correction. The powers of b are laid out once, so that a whole t costs a
 * few multiplications, one for each of its hexadecimal digits (within 6 ulp); any other t takes the plain
 * power. */
enum {
    OPCODE_POWER_TABLE = OPCODE_COUNT, /* out..out+POWER_TABLE_SLOTS: digit * 16^place to the power of a */
    OPCODE_POWER_BY_TABLE,             /* b-th power of the number whose table begins at slot a */
    POWER_TABLE_DIGITS = 5,
    POWER_TABLE_SLOTS = 16 * POWER_TABLE_DIGITS,
};

typedef struct Instruction {
    uint32_t opcode;
    uint32_t out, a, b, c; /* slots; those beyond the arity name any slot */
} Instruction;

/* Two numbers that one instruction works on. */
typedef double Lanes __attribute__((vector_size(16)));

/* What OPCODE_POWER_BY_TABLE computes. */
double power_by_table(const double *table, double exponent);

/* Runs code[0..n). */
void interpret(const Instruction *code, size_t n, double *slots);
void interpret_lanes(const Instruction *code, size_t n, Lanes *slots); /* without the table opcodes */

#endif
