/* Programs as C: what the generator (src/generate) writes for the shipped formulas when slalom is built, and
 * what program.c runs in place of instructions. The numbers are the same bits.
 *
 * A program finds its row by its key; one that has no row, such as most of what a person types, is run from
 * its instructions. So is a form of pair or loop that a row leaves NULL. */
#ifndef SLALOM_COMPILED_H
#define SLALOM_COMPILED_H

#include "kernels.h"

#include <stddef.h>
#include <stdint.h>

/* STEP code: reads `scalars` (by symbol) and FIXED slots, writes the STEP slots that a loop reads. */
typedef void CompiledStep(double *slots, const double *scalars);

/* STEP and ELEMENT code for one element: `values` by symbol. Returns the first output, writes the others. */
typedef double CompiledPoint(const double *slots, const double *values, double *others);

/* The same for exactly two float64 elements: `scalars` and `inputs` by symbol, `outputs` (n_outputs) arrays,
 * any of which may be an input. */
typedef void CompiledPair(
    const double *slots, const double *scalars, const double *const *inputs, double *const *outputs);

/* ELEMENT code for n elements of one precision in a single pass; what does not vary is read from slots. An
 * output may be an input. */
typedef void CompiledLoop(const double *slots, const void *const *inputs, size_t n, void *const *outputs);

typedef struct CompiledProgram {
    uint64_t key;
    CompiledStep *step;
    CompiledPoint *point;
    CompiledPair *pair;
    CompiledLoop *loops[2][SET_COUNT]; /* by Precision and InstructionSet */
} CompiledProgram;

/* By ascending key; the last row has no forms and only ends the table. */
extern const CompiledProgram compiled_programs[];
extern const size_t compiled_program_count;

#endif
