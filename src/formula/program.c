/* Programs: creating, binding and running them. The code they run is made by lower.c and compile.c; loops are
 * in kernels.c and single numbers in interpret.c. */
#include "program.h"

#include "compile.h"
#include "vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Up to this many float64 elements the interpreter is faster than blocks. */
enum { FEW_ELEMENTS = 4 };

/* Arrays of a block are this much more apart than their length, so that a load is not taken for one that
 * waits for a store 4 KB away. */
enum { BLOCK_PAD_BYTES = 192, ALIGNMENT = 64 };

struct Workspace {
    void *memory; /* owned; everything below is in it */
    const KernelSet *kernels;
    const CompiledProgram *compiled; /* of the program; NULL where it has none or is not to use it */
    const CompiledProgram *compiled_as_built;
    double *slots;       /* (n_slots) */
    Lanes *lanes;        /* (n_slots) the same for two elements */
    float *scalars_f32;  /* (FIXED scalars, STEP scalars) */
    void **locations;    /* (n_locations) */
    char *registers;     /* (n_registers) arrays of a block */
    char *staged;        /* (n_outputs) arrays of a block, for outputs that cannot be written directly */
    char *ends;          /* (inputs) arrays of KERNEL_GROUP elements, for the last few elements */
    size_t stride_bytes; /* from one array of a block to the next */
    bool bound;
};

/* The row of a program's own code. */
static const CompiledProgram *find_compiled(uint64_t key) {
    size_t first = 0, end = compiled_program_count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (compiled_programs[middle].key == key) return &compiled_programs[middle];
        if (compiled_programs[middle].key < key)
            first = middle + 1;
        else
            end = middle;
    }
    return NULL;
}

Program *program_create(const Graph *graph, const Symbol *symbols, int n_symbols, const NodeId *outputs,
    int n_outputs, Status *status) {
    assert(n_outputs >= 0 && n_outputs <= PROGRAM_OUTPUTS_MAX);
    (void)n_symbols;
    if (graph_is_full(graph)) {
        status_fail(status, STATUS_BAD_INPUT, "the formula is too large");
        return NULL;
    }
    Lowered lowered;
    Program *program = calloc(1, sizeof *program);
    bool ok = program && lower(graph, symbols, outputs, n_outputs, &lowered);
    if (ok) {
        ok = compile(&lowered, program);
        lowered_finish(&lowered);
        program->compiled = find_compiled(program->key);
    }
    if (ok) return program;
    program_destroy(program);
    status_fail(status, STATUS_FAILED, "out of memory");
    return NULL;
}

void program_destroy(Program *program) {
    if (!program) return;
    free(program->constant_slots.slots);
    free(program->constants);
    for (int level = 0; level < 3; level++) {
        free(program->symbols[level].rows);
        free(program->scalars[level].slots);
    }
    free(program->output_slots);
    free(program->code);
    free(program->block_code);
    free(program->input_last_read);
    free(program->output_write);
    free(program);
}

int program_instruction_count(const Program *program, Level level) {
    return (int)program->n_code[level];
}

int program_output_count(const Program *program) {
    return program->n_outputs;
}

/* Takes `bytes` from a block of memory, or only counts them where there is no block yet. */
static void *carve(char *memory, size_t *used, size_t bytes) {
    void *place = memory ? memory + *used : NULL;
    *used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return place;
}

/* The layout of a workspace; returns its size. */
static size_t lay_out(Workspace *workspace, const Program *program, char *memory) {
    const size_t n_inputs = program->symbols[LEVEL_ELEMENT].n;
    const size_t n_scalars = program->scalars[LEVEL_FIXED].n + program->scalars[LEVEL_STEP].n;
    const size_t stride = program->block_elements * sizeof(double) + BLOCK_PAD_BYTES;
    size_t used = 0;
    workspace->stride_bytes = stride;
    workspace->slots = carve(memory, &used, program->n_slots * sizeof(double));
    workspace->lanes = carve(memory, &used, program->n_slots * sizeof(Lanes));
    workspace->scalars_f32 = carve(memory, &used, n_scalars * sizeof(float));
    workspace->locations = carve(memory, &used, program->n_locations * sizeof(void *));
    workspace->registers = carve(memory, &used, program->n_registers * stride);
    workspace->staged = carve(memory, &used, (size_t)program->n_outputs * stride);
    workspace->ends = carve(memory, &used, n_inputs * KERNEL_GROUP * sizeof(double));
    return used;
}

Workspace *workspace_create(const Program *program) {
    Workspace *workspace = calloc(1, sizeof *workspace);
    if (!workspace) return NULL;
    const size_t size = lay_out(workspace, program, NULL) + ALIGNMENT;
    workspace->memory = calloc(1, size);
    if (!workspace->memory) {
        free(workspace);
        return NULL;
    }
    char *memory = workspace->memory;
    lay_out(workspace, program, memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT);
    workspace->kernels = kernel_set_best();
    workspace->compiled = workspace->compiled_as_built = program->compiled;
    for (uint32_t i = 0; i < program->constant_slots.n; i++) {
        workspace->slots[program->constant_slots.slots[i]] = program->constants[i];
    }
    return workspace;
}

void workspace_destroy(Workspace *workspace) {
    if (!workspace) return;
    free(workspace->memory);
    free(workspace);
}

bool workspace_use_instruction_set(Workspace *workspace, const char *name) {
    const KernelSet *kernels = kernel_set_find(name);
    if (kernels) workspace->kernels = kernels;
    return kernels != NULL;
}

bool program_is_compiled(const Program *program) {
    return program->compiled != NULL;
}

void workspace_use_compiled(Workspace *workspace, bool compiled) {
    workspace->compiled = compiled ? workspace->compiled_as_built : NULL;
}

/* Values by symbol into their slots. */
static void set_symbols(const SymbolList *symbols, const double *values, double *slots) {
    for (uint32_t i = 0; i < symbols->n; i++) slots[symbols->rows[i].slot] = values[symbols->rows[i].symbol];
}

/* Makes two of each scalar of a list. */
static void spread(const SlotList *scalars, Workspace *workspace) {
    for (uint32_t i = 0; i < scalars->n; i++) {
        const double number = workspace->slots[scalars->slots[i]];
        workspace->lanes[scalars->slots[i]] = (Lanes){number, number};
    }
}

/* Rounds the scalars of a list; the first goes to place `first`. */
static void narrow(const SlotList *scalars, uint32_t first, Workspace *workspace) {
    for (uint32_t i = 0; i < scalars->n; i++) {
        workspace->scalars_f32[first + i] = (float)workspace->slots[scalars->slots[i]];
    }
}

/* The very bits: 0 and -0 differ, and a NaN is itself. */
static bool is_bound_to(const Program *program, const Workspace *workspace, const double *values) {
    const SymbolList *symbols = &program->symbols[LEVEL_FIXED];
    for (uint32_t i = 0; i < symbols->n; i++) {
        const SymbolSlot *row = &symbols->rows[i];
        if (memcmp(&workspace->slots[row->slot], &values[row->symbol], sizeof *values) != 0) return false;
    }
    return workspace->bound;
}

void program_bind(const Program *program, Workspace *workspace, const double *values) {
    if (is_bound_to(program, workspace, values)) return;
    set_symbols(&program->symbols[LEVEL_FIXED], values, workspace->slots);
    interpret(program->code, program->n_code[LEVEL_FIXED], workspace->slots);
    spread(&program->scalars[LEVEL_FIXED], workspace);
    narrow(&program->scalars[LEVEL_FIXED], 0, workspace);
    workspace->bound = true;
}

/* What is run as C is called from a function that does nothing else; the other ways are apart, so that it
 * saves no registers for them. */
#define APART __attribute__((noinline))

/* One element from the instructions. */
APART static double interpret_value(
    const Program *program, Workspace *workspace, const double *values, double *others) {
    set_symbols(&program->symbols[LEVEL_STEP], values, workspace->slots);
    set_symbols(&program->symbols[LEVEL_ELEMENT], values, workspace->slots);
    interpret(program->code + program->n_code[LEVEL_FIXED],
        program->n_code[LEVEL_STEP] + program->n_code[LEVEL_ELEMENT], workspace->slots);
    for (int o = 1; o < program->n_outputs; o++) others[o - 1] = workspace->slots[program->output_slots[o]];
    return workspace->slots[program->output_slots[0]];
}

double program_run_value(const Program *program, Workspace *workspace, const double *values, double *others) {
    assert(program->n_outputs > 0 && workspace->bound);
    const CompiledProgram *compiled = workspace->compiled;
    if (compiled) return compiled->point(workspace->slots, values, others);
    return interpret_value(program, workspace, values, others);
}

void program_run_point(const Program *program, Workspace *workspace, const double *values, double *outputs) {
    if (program->n_outputs > 0) outputs[0] = program_run_value(program, workspace, values, outputs + 1);
}

static const Instruction *element_code(const Program *program) {
    return program->code + program->n_code[LEVEL_FIXED] + program->n_code[LEVEL_STEP];
}

static void run_step(const Program *program, Workspace *workspace, const double *scalars) {
    if (workspace->compiled) {
        workspace->compiled->step(workspace->slots, scalars);
        return;
    }
    set_symbols(&program->symbols[LEVEL_STEP], scalars, workspace->slots);
    interpret(program->code + program->n_code[LEVEL_FIXED], program->n_code[LEVEL_STEP], workspace->slots);
}

/* Element i. All inputs are read before the first output is written. */
static void run_one(const Program *program, Workspace *workspace, const double *const *inputs, size_t i,
    double *const *outputs) {
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    double *slots = workspace->slots;
    for (uint32_t k = 0; k < symbols->n; k++)
        slots[symbols->rows[k].slot] = inputs[symbols->rows[k].symbol][i];
    interpret(element_code(program), program->n_code[LEVEL_ELEMENT], slots);
    for (int o = 0; o < program->n_outputs; o++) outputs[o][i] = slots[program->output_slots[o]];
}

/* Elements i and i + 1. */
static void run_two(const Program *program, Workspace *workspace, const double *const *inputs, size_t i,
    double *const *outputs) {
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    Lanes *lanes = workspace->lanes;
    for (uint32_t k = 0; k < symbols->n; k++) {
        memcpy(&lanes[symbols->rows[k].slot], &inputs[symbols->rows[k].symbol][i], sizeof(Lanes));
    }
    interpret_lanes(element_code(program), program->n_code[LEVEL_ELEMENT], lanes);
    for (int o = 0; o < program->n_outputs; o++) {
        memcpy(&outputs[o][i], &lanes[program->output_slots[o]], sizeof(Lanes));
    }
}

/* One block: every instruction once over `n` elements, a multiple of KERNEL_GROUP. */
static void run_block(const Program *program, const Workspace *workspace, Precision precision, size_t n) {
    void *const *locations = workspace->locations;
    Kernel *const(*kernels)[SHAPE_COUNT] = workspace->kernels->kernels[precision];
    for (uint32_t i = 0; i < program->n_block_code; i++) {
        const BlockInstruction *code = &program->block_code[i];
        kernels[code->opcode][code->shape](
            locations[code->out], locations[code->a], locations[code->b], locations[code->c], n);
    }
}

/* Whether writing output o directly would spoil an input that a later instruction reads. */
static bool must_stage(const Program *program, const void *const *inputs, void *const *outputs, int o) {
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    for (uint32_t k = 0; k < symbols->n; k++) {
        const bool aliased = inputs[symbols->rows[k].symbol] == outputs[o];
        if (aliased && program->input_last_read[k] > program->output_write[o]) return true;
    }
    return false;
}

/* Points the locations that do not move from block to block. */
static void place_registers(const Program *program, Workspace *workspace, Precision precision) {
    uint32_t next = 0;
    for (uint32_t r = 0; r < program->n_registers; r++) {
        workspace->locations[next++] = workspace->registers + r * workspace->stride_bytes;
    }
    next += program->symbols[LEVEL_ELEMENT].n + (uint32_t)program->n_outputs;
    float *narrowed = workspace->scalars_f32;
    for (int level = LEVEL_FIXED; level <= LEVEL_STEP; level++) {
        const SlotList *scalars = &program->scalars[level];
        for (uint32_t i = 0; i < scalars->n; i++, narrowed++) {
            double *number = &workspace->slots[scalars->slots[i]];
            workspace->locations[next++] = precision == PRECISION_F32 ? (void *)narrowed : (void *)number;
        }
    }
}

/* Fewer elements than KERNEL_GROUP, filled up with the last one. */
static char *filled_up(char *copy, const char *from, size_t n, size_t bytes) {
    memcpy(copy, from, n * bytes);
    for (size_t i = n; i < KERNEL_GROUP; i++) memcpy(copy + i * bytes, from + (n - 1) * bytes, bytes);
    return copy;
}

/* The last few elements, from `start` on. They end a group of which the others are done: whatever these have
 * become, they are numbers, and what is made of them is left. */
static void run_end(const Program *program, Workspace *workspace, Precision precision,
    const void *const *inputs, size_t start, size_t n, void *const *outputs) {
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    const size_t bytes = precision_bytes(precision), left = n - start;
    const size_t first = n < KERNEL_GROUP ? 0 : KERNEL_GROUP - left;
    void **location = workspace->locations + program->n_registers;
    for (uint32_t k = 0; k < symbols->n; k++) {
        const char *from = inputs[symbols->rows[k].symbol];
        char *copy = workspace->ends + k * KERNEL_GROUP * sizeof(double);
        *location++ =
            n < KERNEL_GROUP ? filled_up(copy, from, n, bytes) : (char *)from + (n - KERNEL_GROUP) * bytes;
    }
    for (int o = 0; o < program->n_outputs; o++)
        *location++ = workspace->staged + o * workspace->stride_bytes;
    run_block(program, workspace, precision, KERNEL_GROUP);
    for (int o = 0; o < program->n_outputs; o++) {
        memcpy((char *)outputs[o] + start * bytes,
            workspace->staged + o * workspace->stride_bytes + first * bytes, left * bytes);
    }
}

static void run_blocks(const Program *program, Workspace *workspace, Precision precision,
    const void *const *inputs, size_t n, void *const *outputs) {
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    const size_t bytes = precision_bytes(precision), whole = n / KERNEL_GROUP * KERNEL_GROUP;
    const size_t block = program->block_elements * sizeof(double) / bytes;
    bool staged[PROGRAM_OUTPUTS_MAX];
    for (int o = 0; o < program->n_outputs; o++) staged[o] = must_stage(program, inputs, outputs, o);
    place_registers(program, workspace, precision);
    for (size_t start = 0; start < whole; start += block) {
        const size_t count = whole - start < block ? whole - start : block;
        void **location = workspace->locations + program->n_registers;
        for (uint32_t k = 0; k < symbols->n; k++) {
            *location++ = (char *)inputs[symbols->rows[k].symbol] + start * bytes;
        }
        for (int o = 0; o < program->n_outputs; o++) {
            *location++ = staged[o] ? workspace->staged + o * workspace->stride_bytes
                                    : (char *)outputs[o] + start * bytes;
        }
        run_block(program, workspace, precision, count);
        for (int o = 0; o < program->n_outputs; o++) {
            if (!staged[o]) continue;
            memcpy((char *)outputs[o] + start * bytes, workspace->staged + o * workspace->stride_bytes,
                count * bytes);
        }
    }
    if (whole < n) run_end(program, workspace, precision, inputs, whole, n, outputs);
}

/* One pass over all the elements, where the program has one. */
static CompiledLoop *find_loop(const Workspace *workspace, Precision precision) {
    return workspace->compiled ? workspace->compiled->loops[precision][workspace->kernels->set] : NULL;
}

APART static void run_f64(const Program *program, Workspace *workspace, const double *scalars,
    const double *const *inputs, size_t n, double *const *outputs) {
    run_step(program, workspace, scalars);
    CompiledLoop *loop = find_loop(workspace, PRECISION_F64);
    if (loop) {
        loop(workspace->slots, (const void *const *)inputs, n, (void *const *)outputs);
        return;
    }
    if (n > FEW_ELEMENTS) {
        run_blocks(program, workspace, PRECISION_F64, (const void *const *)inputs, n, (void *const *)outputs);
        return;
    }
    if (n >= 2) spread(&program->scalars[LEVEL_STEP], workspace);
    for (size_t i = 0; i + 2 <= n; i += 2) run_two(program, workspace, inputs, i, outputs);
    if (n % 2 == 1) run_one(program, workspace, inputs, n - 1, outputs);
}

void program_run_f64(const Program *program, Workspace *workspace, const double *scalars,
    const double *const *inputs, size_t n, double *const *outputs) {
    assert(workspace->bound);
    const CompiledProgram *compiled = workspace->compiled;
    if (n == 2 && compiled && compiled->pair)
        compiled->pair(workspace->slots, scalars, inputs, outputs);
    else
        run_f64(program, workspace, scalars, inputs, n, outputs);
}

void program_run_f32(const Program *program, Workspace *workspace, const double *scalars,
    const float *const *inputs, size_t n, float *const *outputs) {
    assert(workspace->bound);
    run_step(program, workspace, scalars);
    CompiledLoop *loop = find_loop(workspace, PRECISION_F32);
    if (loop) {
        loop(workspace->slots, (const void *const *)inputs, n, (void *const *)outputs);
        return;
    }
    narrow(&program->scalars[LEVEL_STEP], program->scalars[LEVEL_FIXED].n, workspace);
    run_blocks(program, workspace, PRECISION_F32, (const void *const *)inputs, n, (void *const *)outputs);
}
