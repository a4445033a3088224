/* One pass over the vectors of a rule: a script compiled, with what it says of whole vectors computed before
 * it and the scalars that it sets kept until its end. */
#ifndef SLALOM_PASS_H
#define SLALOM_PASS_H

#include "parse.h"
#include "pool.h"
#include "program.h"
#include "rng.h"
#include "status.h"
#include "vec.h"

#include <stdint.h>

/* Where a program reads and writes, in the form that the engine takes. */
typedef union Inputs {
    const double *f64[SYMBOLS_MAX];
    const float *f32[SYMBOLS_MAX];
} Inputs;

typedef union Outputs {
    double *f64[SYMBOLS_MAX];
    float *f32[SYMBOLS_MAX];
} Outputs;

typedef struct PassReduction {
    ReductionKind kind;
    int symbol;
    Program *program; /* NULL for a count */
} PassReduction;

/* What a thread needs for itself. */
typedef struct PassWorker {
    Workspace *workspace; /* of the vector program; NULL where there is none */
    Workspace *of_reductions[REDUCTIONS_MAX];
    void *scratch; /* owned: a chunk for reductions, and one of each noise */
    Vec noises[NOISES_MAX];
} PassWorker;

typedef struct Pass {
    size_t n;
    Precision precision;
    VectorTerms terms;
    PassReduction reductions[REDUCTIONS_MAX];
    int n_reductions;
    Program *vector, *scalar; /* what it sets of vectors, and of numbers; NULL where nothing */
    Workspace *scalar_workspace;
    double *partial;     /* (turns, lanes): of a reduction under way; owned; NULL where there is none */
    PassWorker *workers; /* (n_workers); owned */
    int n_workers;
    int vectors[SYMBOLS_MAX],
        scalars[SYMBOLS_MAX]; /* the symbols that they set, in the order of their outputs */
    int n_vectors, n_scalars;
    Inputs inputs;                /* by symbol */
    Outputs outputs;              /* by output of `vector` */
    uint64_t streams[NOISES_MAX]; /* of this step's noises */
} Pass;

/* Compiles values that are assigned to symbols. `graph` is only needed here; `terms` comes from parsing. */
bool pass_init(Pass *pass, const Graph *graph, const VectorTerms *terms, const Assignment *assignments,
    int n_assignments, size_t n, Precision precision, Status *status);
void pass_finish(Pass *pass); /* fine on {0} */

/* Room for so many threads in pass_run, for one at first. A pass_bind must follow. */
bool pass_reserve(Pass *pass, int n_workers, Status *status);

/* New hyperparameters, by symbol. */
void pass_bind(Pass *pass, const double *values);

/* Where an element symbol is read, or output number i is written. */
static inline void pass_read_from(Pass *pass, int symbol, const Vec *vec) {
    if (pass->precision == PRECISION_F64)
        pass->inputs.f64[symbol] = vec->f64;
    else
        pass->inputs.f32[symbol] = vec->f32;
}

static inline void pass_write_to(Pass *pass, int output, const Vec *vec) {
    if (pass->precision == PRECISION_F64)
        pass->outputs.f64[output] = vec->f64;
    else
        pass->outputs.f32[output] = vec->f32;
}

/* Runs it. scalars: by symbol, SYMBOLS_MAX of them, read at LEVEL_STEP and set at what the script sets. Many
 * elements are shared among the threads of the pool, no more than there is room for; pool: NULL for none. */
void pass_run(Pass *pass, double *scalars, Rng *rng, Pool *pool);
/* The same on elements first .. first + n - 1 alone, of which whole-vector terms then are. */
void pass_run_part(Pass *pass, double *scalars, Rng *rng, size_t first, size_t n);

#endif
