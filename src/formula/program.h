/* A program: some nodes of a graph, compiled to straight-line code and run over many elements at once.
 *
 * Elements go through in blocks that stay in the first-level cache; each instruction is one SIMD loop over a
 * block. What does not vary over the elements is computed once a call (LEVEL_STEP) or once for as long as the
 * parameters stay (LEVEL_FIXED), always in float64. The same point gives the same bits alone or in a block of
 * any size, with any instruction set and any compiler: every operation is our own chain of IEEE additions,
 * multiplications, divisions and square roots (elementary.h), never contracted and never reordered.
 *
 * A Program is immutable and may be shared between threads; each thread brings its own workspace. */
#ifndef SLALOM_PROGRAM_H
#define SLALOM_PROGRAM_H

#include "graph.h"
#include "status.h"

#include <stddef.h>

typedef struct Program Program;

enum { PROGRAM_OUTPUTS_MAX = 32 };

/* Compiles `outputs` (at most PROGRAM_OUTPUTS_MAX). The program keeps no reference to the graph. Fails when
 * the graph is full ("the formula is too large") or memory is out. */
Program *program_create(const Graph *graph, const Symbol *symbols, int n_symbols, const NodeId *outputs,
    int n_outputs, Status *status);
void program_destroy(Program *program);

/* Working memory for one thread: registers and bound constants. 64-byte aligned; the caller destroys it. */
typedef struct Workspace Workspace;
Workspace *workspace_create(const Program *program); /* NULL when memory is out */
void workspace_destroy(Workspace *workspace);

/* Sets the LEVEL_FIXED symbols and computes all that depends on them alone. `values` is indexed by symbol;
 * entries of other levels are ignored. Must be called once before a run; again when a parameter changes. */
void program_bind(const Program *program, Workspace *workspace, const double *values);

/* Computes each output for n elements. `scalars` is indexed by symbol and read at LEVEL_STEP symbols;
 * `inputs` is indexed by symbol and read at LEVEL_ELEMENT symbols that the program uses, each n numbers;
 * `outputs` has n_outputs arrays of n numbers each (a LEVEL_FIXED or LEVEL_STEP output is repeated n times).
 * An output array may be the very array of an input; partial overlap is not allowed. No alignment is
 * required. */
void program_run_f64(const Program *program, Workspace *workspace, const double *scalars,
    const double *const *inputs, size_t n, double *const *outputs);
void program_run_f32(const Program *program, Workspace *workspace, const double *scalars,
    const float *const *inputs, size_t n, float *const *outputs);

/* The same for one element whose LEVEL_ELEMENT symbols are given in `values`, indexed by symbol, beside the
 * LEVEL_STEP ones: the fast way for a single point. */
void program_run_point(const Program *program, Workspace *workspace, const double *values, double *outputs);

/* The same, but returns the first output and writes only the others, which saves a copy where it is a loss
 * with its derivatives. At least one output. */
double program_run_value(const Program *program, Workspace *workspace, const double *values, double *others);

/* For tests: run on a named instruction set ("baseline", "avx2", "avx512") instead of the best one. False
 * where this build or machine does not have it. Takes effect for one workspace. */
bool workspace_use_instruction_set(Workspace *workspace, const char *name);

/* Whether the program's code was turned into C when slalom was built, as that of the shipped formulas is. A
 * workspace runs it as C where it can; false: as instructions, for tests. */
bool program_is_compiled(const Program *program);
void workspace_use_compiled(Workspace *workspace, bool compiled);

int program_instruction_count(const Program *program, Level level);
int program_output_count(const Program *program);

#endif
