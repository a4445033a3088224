/* Compiling and running the passes of a rule. What the passes of a rule are is decided in rule.c. */
#include "pass.h"

#include "noise.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 4096, LANES = 8, ALIGNMENT = 64 }; /* elements reduced at a time, a multiple of the lanes */

/* Noise is made of so many at a time, a multiple of NOISE_BLOCK. */
enum { FETCHED = 1024 };

/* So many elements are a thread's turn: for fewer, waking it would take as long. */
enum { TURN = 16 * CHUNK };

static size_t aligned_bytes(size_t n, Precision precision) {
    return (n * precision_bytes(precision) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Making one. */

static int turn_count(const Pass *pass) {
    return (int)((pass->n + TURN - 1) / TURN);
}

static bool compile_reductions(Pass *pass, const Graph *graph, Status *status) {
    for (int i = 0; i < pass->terms.n_reductions; i++) {
        const Reduction *from = &pass->terms.reductions[i];
        PassReduction *to = &pass->reductions[pass->n_reductions++];
        *to = (PassReduction){.kind = from->kind, .symbol = from->symbol};
        if (from->kind == REDUCTION_COUNT) continue;
        to->program =
            program_create(graph, pass->terms.symbols, pass->terms.n_symbols, &from->operand, 1, status);
        if (!to->program) return false;
    }
    if (pass->n_reductions == 0) return true;
    pass->partial = malloc((size_t)turn_count(pass) * LANES * sizeof *pass->partial);
    return pass->partial || status_fail(status, STATUS_FAILED, "out of memory");
}

static bool hire(const Pass *pass, PassWorker *worker) {
    size_t chunk = aligned_bytes(CHUNK, pass->precision);
    size_t n_noises = (size_t)pass->terms.n_noises;
    *worker = (PassWorker){0};
    if (pass->vector && !(worker->workspace = workspace_create(pass->vector))) return false;
    for (int i = 0; i < pass->n_reductions; i++)
        if (pass->reductions[i].program &&
            !(worker->of_reductions[i] = workspace_create(pass->reductions[i].program)))
            return false;
    if (n_noises == 0 && pass->n_reductions == 0) return true;
    worker->scratch = aligned_alloc(ALIGNMENT, chunk * (1 + n_noises));
    for (size_t i = 0; worker->scratch && i < n_noises; i++) {
        worker->noises[i] = (Vec){.n = CHUNK, .precision = pass->precision};
        worker->noises[i].data = (char *)worker->scratch + chunk * (1 + i);
    }
    return worker->scratch != NULL;
}

bool pass_reserve(Pass *pass, int n_workers, Status *status) {
    if (n_workers <= pass->n_workers) return true;
    PassWorker *workers = realloc(pass->workers, (size_t)n_workers * sizeof *workers);
    if (workers) pass->workers = workers;
    bool good = workers != NULL;
    while (good && pass->n_workers < n_workers) good = hire(pass, &pass->workers[pass->n_workers++]);
    return good || status_fail(status, STATUS_FAILED, "out of memory for %zu parameters", pass->n);
}

static bool compile_assignments(
    Pass *pass, const Graph *graph, const Assignment *assignments, int n_assignments, Status *status) {
    NodeId vectors[SYMBOLS_MAX], scalars[SYMBOLS_MAX];
    for (int i = 0; i < n_assignments; i++) {
        int symbol = assignments[i].symbol;
        if (pass->terms.symbols[symbol].level == LEVEL_ELEMENT) {
            vectors[pass->n_vectors] = assignments[i].value;
            pass->vectors[pass->n_vectors++] = symbol;
        } else {
            scalars[pass->n_scalars] = assignments[i].value;
            pass->scalars[pass->n_scalars++] = symbol;
        }
    }
    if (pass->n_vectors > PROGRAM_OUTPUTS_MAX || pass->n_scalars > PROGRAM_OUTPUTS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "more than %d assignments", PROGRAM_OUTPUTS_MAX);
    if (pass->n_vectors > 0) {
        pass->vector = program_create(
            graph, pass->terms.symbols, pass->terms.n_symbols, vectors, pass->n_vectors, status);
        if (!pass->vector) return false;
    }
    if (pass->n_scalars > 0) {
        pass->scalar = program_create(
            graph, pass->terms.symbols, pass->terms.n_symbols, scalars, pass->n_scalars, status);
        if (!pass->scalar) return false;
        pass->scalar_workspace = workspace_create(pass->scalar);
        if (!pass->scalar_workspace) return status_fail(status, STATUS_FAILED, "out of memory");
    }
    return pass_reserve(pass, 1, status);
}

bool pass_init(Pass *pass, const Graph *graph, const VectorTerms *terms, const Assignment *assignments,
    int n_assignments, size_t n, Precision precision, Status *status) {
    *pass = (Pass){.n = n, .precision = precision, .terms = *terms};
    return compile_reductions(pass, graph, status) &&
           compile_assignments(pass, graph, assignments, n_assignments, status);
}

void pass_finish(Pass *pass) {
    for (int i = 0; i < pass->n_workers; i++) {
        workspace_destroy(pass->workers[i].workspace);
        for (int k = 0; k < pass->n_reductions; k++) workspace_destroy(pass->workers[i].of_reductions[k]);
        free(pass->workers[i].scratch);
    }
    free(pass->workers);
    free(pass->partial);
    for (int i = 0; i < pass->n_reductions; i++) program_destroy(pass->reductions[i].program);
    workspace_destroy(pass->scalar_workspace);
    program_destroy(pass->vector);
    program_destroy(pass->scalar);
}

void pass_bind(Pass *pass, const double *values) {
    for (int i = 0; i < pass->n_workers; i++) {
        const PassWorker *worker = &pass->workers[i];
        for (int k = 0; k < pass->n_reductions; k++)
            if (pass->reductions[k].program)
                program_bind(pass->reductions[k].program, worker->of_reductions[k], values);
        if (pass->vector) program_bind(pass->vector, worker->workspace, values);
    }
    if (pass->scalar) program_bind(pass->scalar, pass->scalar_workspace, values);
}

/* Running it. */

/* Where a program reads elements from `start` on. */
static void point_at(const Pass *pass, Inputs *inputs, size_t start) {
    bool wide = pass->precision == PRECISION_F64;
    for (int i = 0; i < pass->terms.n_symbols; i++) {
        if (wide)
            inputs->f64[i] = pass->inputs.f64[i] ? pass->inputs.f64[i] + start : NULL;
        else
            inputs->f32[i] = pass->inputs.f32[i] ? pass->inputs.f32[i] + start : NULL;
    }
}

/* Asks the memory for what is to be read of n elements from `first` on, and does not wait for it. Inlined,
 * since gcc drops the call of a function that only asks. */
static inline __attribute__((always_inline)) void fetch(
    const Pass *pass, const Inputs *inputs, size_t first, size_t n) {
    const size_t bytes = precision_bytes(pass->precision);
    for (int i = 0; i < pass->terms.n_symbols; i++) {
        const void *numbers =
            pass->precision == PRECISION_F64 ? (const void *)inputs->f64[i] : (const void *)inputs->f32[i];
        if (!numbers) continue;
        for (size_t at = first * bytes; at < (first + n) * bytes; at += ALIGNMENT)
            __builtin_prefetch((const char *)numbers + at);
    }
}

/* The noise of n elements from `start` on, a multiple of the chunk: made here, each time anew and the same
 * each time within a step. Meanwhile the memory brings what else is read. */
static void make_noise(const Pass *pass, PassWorker *worker, Inputs *inputs, size_t start, size_t n) {
    const Inputs others = *inputs;
    for (int k = 0; k < pass->terms.n_noises; k++) {
        const Vec *noise = &worker->noises[k];
        for (size_t at = 0; at < n; at += FETCHED) {
            Vec part = *noise;
            part.n = n - at < FETCHED ? n - at : FETCHED;
            part.data = (char *)noise->data + at * precision_bytes(noise->precision);
            if (k == 0) fetch(pass, &others, at, part.n);
            noise_fill(&part, pass->streams[k], start + at);
        }
        if (pass->precision == PRECISION_F64)
            inputs->f64[pass->terms.noises[k]] = noise->f64;
        else
            inputs->f32[pass->terms.noises[k]] = noise->f32;
    }
}

/* Elements [start, start + n) of the operand of a reduction, into the chunk. */
static void run_chunk(
    Pass *pass, PassWorker *worker, int reduction, const double *scalars, size_t start, size_t n) {
    const Program *program = pass->reductions[reduction].program;
    Workspace *workspace = worker->of_reductions[reduction];
    Inputs inputs;
    point_at(pass, &inputs, start);
    make_noise(pass, worker, &inputs, start, n);
    if (pass->precision == PRECISION_F64) {
        double *const outputs[1] = {worker->scratch};
        program_run_f64(program, workspace, scalars, inputs.f64, n, outputs);
    } else {
        float *const outputs[1] = {worker->scratch};
        program_run_f32(program, workspace, scalars, inputs.f32, n, outputs);
    }
}

static double join(ReductionKind kind, double a, double b) {
    if (kind == REDUCTION_SUM) return a + b;
    return b <= a || isnan(a) ? a : b;
}

/* Element i goes to lane i mod LANES: one order of adding, whatever the instruction set, and eight sums that
 * do not wait for each other. */
static void reduce_chunk(
    Precision precision, const void *numbers, ReductionKind kind, size_t n, double lanes[LANES]) {
    const double *f64 = numbers;
    const float *f32 = numbers;
    bool wide = precision == PRECISION_F64;
    size_t whole = n / LANES * LANES;
    if (kind == REDUCTION_SUM && wide) {
        for (size_t i = 0; i < whole; i += LANES)
            for (int k = 0; k < LANES; k++) lanes[k] += f64[i + (size_t)k];
    } else if (kind == REDUCTION_SUM) {
        for (size_t i = 0; i < whole; i += LANES)
            for (int k = 0; k < LANES; k++) lanes[k] += (double)f32[i + (size_t)k];
    } else {
        whole = 0;
    }
    for (size_t i = whole; i < n; i++)
        lanes[i % LANES] = join(kind, lanes[i % LANES], wide ? f64[i] : (double)f32[i]);
}

/* A pass that is run by turns. */
typedef struct Shared {
    Pass *pass;
    const double *scalars;
    int reduction; /* where it is one */
} Shared;

/* Turn by turn, on the threads of a pool where it pays. */
static void take_turns(PoolTask *task, Shared *shared, Pool *pool) {
    const Pass *pass = shared->pass;
    const int n = turn_count(pass);
    if (pool && n > 1 && pool_width(pool) <= pass->n_workers)
        pool_run(pool, n, task, shared);
    else
        for (int i = 0; i < n; i++) task(shared, i, 0);
}

static void reduce_turn(void *context, int index, int worker) {
    const Shared *shared = context;
    Pass *pass = shared->pass;
    const ReductionKind kind = pass->reductions[shared->reduction].kind;
    const size_t first = (size_t)index * TURN, end = pass->n - first < TURN ? pass->n : first + TURN;
    double *lanes = pass->partial + (size_t)index * LANES;
    for (int k = 0; k < LANES; k++) lanes[k] = kind == REDUCTION_SUM ? 0 : -INFINITY;
    for (size_t start = first; start < end; start += CHUNK) {
        size_t n = end - start < CHUNK ? end - start : CHUNK;
        run_chunk(pass, &pass->workers[worker], shared->reduction, shared->scalars, start, n);
        reduce_chunk(pass->precision, pass->workers[worker].scratch, kind, n, lanes);
    }
}

static double reduce(Pass *pass, int reduction, const double *scalars, Pool *pool) {
    const ReductionKind kind = pass->reductions[reduction].kind;
    if (kind == REDUCTION_COUNT) return (double)pass->n;
    take_turns(reduce_turn, &(Shared){pass, scalars, reduction}, pool);
    double *lanes = pass->partial;
    for (int i = 1; i < turn_count(pass); i++)
        for (int k = 0; k < LANES; k++) lanes[k] = join(kind, lanes[k], pass->partial[i * LANES + k]);
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int k = 0; k < width; k++) lanes[k] = join(kind, lanes[k], lanes[k + width]);
    return lanes[0];
}

/* The vectors' elements [start, start + n). */
static void run_elements(Pass *pass, PassWorker *worker, const double *scalars, size_t start, size_t n) {
    Inputs inputs;
    Outputs outputs;
    point_at(pass, &inputs, start);
    make_noise(pass, worker, &inputs, start, n);
    if (pass->precision == PRECISION_F64) {
        for (int i = 0; i < pass->n_vectors; i++) outputs.f64[i] = pass->outputs.f64[i] + start;
        program_run_f64(pass->vector, worker->workspace, scalars, inputs.f64, n, outputs.f64);
    } else {
        for (int i = 0; i < pass->n_vectors; i++) outputs.f32[i] = pass->outputs.f32[i] + start;
        program_run_f32(pass->vector, worker->workspace, scalars, inputs.f32, n, outputs.f32);
    }
}

/* The same, where there is noise a chunk at a time: it stays in cache. */
static void run_vectors(Pass *pass, PassWorker *worker, const double *scalars, size_t start, size_t n) {
    const size_t chunk = pass->terms.n_noises > 0 ? CHUNK : n;
    for (size_t at = start; at < start + n; at += chunk)
        run_elements(pass, worker, scalars, at, start + n - at < chunk ? start + n - at : chunk);
}

static void run_turn(void *context, int index, int worker) {
    const Shared *shared = context;
    Pass *pass = shared->pass;
    const size_t start = (size_t)index * TURN, rest = pass->n - start;
    run_vectors(pass, &pass->workers[worker], shared->scalars, start, rest < TURN ? rest : TURN);
}

void pass_run(Pass *pass, double *scalars, Rng *rng, Pool *pool) {
    for (int k = 0; k < pass->terms.n_noises; k++) pass->streams[k] = rng_next(rng);
    for (int i = 0; i < pass->n_reductions; i++)
        scalars[pass->reductions[i].symbol] = reduce(pass, i, scalars, pool);
    double set[PROGRAM_OUTPUTS_MAX];
    if (pass->scalar) program_run_point(pass->scalar, pass->scalar_workspace, scalars, set);
    if (pass->vector) take_turns(run_turn, &(Shared){.pass = pass, .scalars = scalars}, pool);
    for (int i = 0; i < pass->n_scalars; i++) scalars[pass->scalars[i]] = set[i];
}

void pass_run_part(Pass *pass, double *scalars, Rng *rng, size_t first, size_t n) {
    const Inputs inputs = pass->inputs;
    const Outputs outputs = pass->outputs;
    const size_t all = pass->n;
    const bool wide = pass->precision == PRECISION_F64;
    for (int i = 0; i < pass->terms.n_symbols; i++) {
        if (!inputs.f64[i]) continue;
        if (wide)
            pass->inputs.f64[i] += first;
        else
            pass->inputs.f32[i] += first;
    }
    for (int i = 0; i < pass->n_vectors; i++) {
        if (wide)
            pass->outputs.f64[i] += first;
        else
            pass->outputs.f32[i] += first;
    }
    pass->n = n;
    pass_run(pass, scalars, rng, NULL);
    pass->n = all;
    pass->inputs = inputs;
    pass->outputs = outputs;
}
