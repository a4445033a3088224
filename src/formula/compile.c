/* Values to instructions: which slot, register or output array each value lives in, and the code of each
 * level. Rewriting is done before (lower.c), running after (program.c). */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

/* The registers, inputs and outputs of a block stay inside the first-level cache. Measured from 8 to 32 KB
 * (tests/bench/bench_grid.c, bench_adam.c): shorter blocks spend their time on beginning loops, longer ones
 * share the cache with nothing else any more. */
enum { BLOCK_BYTES = 24 * 1024, BLOCK_ELEMENTS_MIN = 64, BLOCK_ELEMENTS_MAX = 512 };

/* Numbers that are handed out lowest-first and come back. */
typedef struct Supply {
    uint32_t *free; /* a stack; owned */
    uint32_t n_free;
    uint32_t n; /* how many there are in all */
} Supply;

static uint32_t supply_take(Supply *supply) {
    return supply->n_free > 0 ? supply->free[--supply->n_free] : supply->n++;
}

static void supply_give(Supply *supply, uint32_t number) {
    supply->free[supply->n_free++] = number;
}

typedef struct Compiler {
    const Lowered *lowered;
    Program *program;
    uint32_t *slot;     /* of each value */
    uint32_t *location; /* of each value that block code reads or writes */
    uint32_t *last_use; /* of each value: the last live ELEMENT value that has it as an operand, UINT32_MAX
                           for an output */
    bool *needed;       /* of each FIXED and STEP value: whether ELEMENT code or an output reads it */
    Supply supply;
} Compiler;

static bool is_instruction(const Value *value) {
    return value->uses > 0 && value->opcode != OPERATION_CONSTANT && value->opcode != OPERATION_SYMBOL;
}

static bool is_input(const Value *value) {
    return value->uses > 0 && value->opcode == OPERATION_SYMBOL && value->level == LEVEL_ELEMENT;
}

/* Lifetimes over ELEMENT code, and which scalars enter it. */
static void find_uses(Compiler *compiler) {
    const Lowered *lowered = compiler->lowered;
    for (uint32_t i = 0; i < lowered->n; i++) {
        const Value *value = &lowered->values[i];
        if (!is_instruction(value) || value->level != LEVEL_ELEMENT) continue;
        for (int k = 0; k < 3; k++) {
            if (value->operands[k] == VALUE_NONE) continue;
            compiler->last_use[value->operands[k]] = i;
            compiler->needed[value->operands[k]] = true;
        }
    }
    for (int o = 0; o < lowered->n_outputs; o++) {
        compiler->last_use[lowered->outputs[o]] = UINT32_MAX;
        compiler->needed[lowered->outputs[o]] = true;
    }
}

/* Gives back the slots or registers of operands that value i is the last to use. */
static void give_back(Compiler *compiler, uint32_t i, const uint32_t *home, uint32_t first, uint32_t end) {
    const Value *value = &compiler->lowered->values[i];
    for (int k = 0; k < 3; k++) {
        const uint32_t operand = value->operands[k];
        bool repeated = false;
        for (int j = 0; j < k; j++) repeated |= value->operands[j] == operand;
        if (operand == VALUE_NONE || repeated || compiler->last_use[operand] != i) continue;
        if (home[operand] >= first && home[operand] < end)
            supply_give(&compiler->supply, home[operand] - first);
    }
}

/* Slots: FIXED and STEP values keep theirs; ELEMENT values share. */
static void assign_slots(Compiler *compiler) {
    const Lowered *lowered = compiler->lowered;
    Program *program = compiler->program;
    uint32_t next = 0;
    for (int level = LEVEL_FIXED; level <= LEVEL_STEP; level++) {
        for (uint32_t i = 0; i < lowered->n; i++) {
            const Value *value = &lowered->values[i];
            if (value->uses == 0 || (int)value->level != level) continue;
            compiler->slot[i] = next;
            next += value->opcode == OPCODE_POWER_TABLE ? POWER_TABLE_SLOTS : 1;
        }
    }
    for (uint32_t i = 0; i < lowered->n; i++) {
        if (is_input(&lowered->values[i])) compiler->slot[i] = next++;
    }
    compiler->supply.n = compiler->supply.n_free = 0;
    for (uint32_t i = 0; i < lowered->n; i++) {
        const Value *value = &lowered->values[i];
        if (!is_instruction(value) || value->level != LEVEL_ELEMENT) continue;
        give_back(compiler, i, compiler->slot, next, UINT32_MAX);
        compiler->slot[i] = next + supply_take(&compiler->supply);
    }
    program->n_slots = next + compiler->supply.n + 1; /* never none */
}

static uint32_t slot_of(const Compiler *compiler, uint32_t operand) {
    return operand == VALUE_NONE ? 0 : compiler->slot[operand];
}

/* The interpreter's code for all levels, the constants, symbols and scalars. */
static void write_code(Compiler *compiler) {
    const Lowered *lowered = compiler->lowered;
    Program *program = compiler->program;
    uint32_t n = 0;
    for (int level = LEVEL_FIXED; level <= LEVEL_ELEMENT; level++) {
        for (uint32_t i = 0; i < lowered->n; i++) {
            const Value *value = &lowered->values[i];
            if (value->uses == 0 || (int)value->level != level) continue;
            if (level != LEVEL_ELEMENT && compiler->needed[i]) {
                program->scalars[level].slots[program->scalars[level].n++] = compiler->slot[i];
            }
            if (value->opcode == OPERATION_CONSTANT) {
                program->constants[program->constant_slots.n] = value->constant;
                program->constant_slots.slots[program->constant_slots.n++] = compiler->slot[i];
            } else if (value->opcode == OPERATION_SYMBOL) {
                SymbolList *symbols = &program->symbols[level];
                symbols->rows[symbols->n++] = (SymbolSlot){value->symbol, compiler->slot[i]};
            } else {
                program->code[n++] =
                    (Instruction){value->opcode, compiler->slot[i], slot_of(compiler, value->operands[0]),
                        slot_of(compiler, value->operands[1]), slot_of(compiler, value->operands[2])};
                program->n_code[level]++;
            }
        }
    }
    for (int o = 0; o < lowered->n_outputs; o++)
        program->output_slots[o] = compiler->slot[lowered->outputs[o]];
}

/* Where block code finds each value. An output's value lives in its array from the start; registers go to the
 * rest. Registers are numbered before it is known how many there are, so that other locations are numbered
 * from `base` until finish_locations. */
static void assign_locations(Compiler *compiler, uint32_t base) {
    const Lowered *lowered = compiler->lowered;
    Program *program = compiler->program;
    uint32_t next = base;
    for (uint32_t i = 0; i < lowered->n; i++) {
        if (is_input(&lowered->values[i])) compiler->location[i] = next++;
    }
    for (int o = lowered->n_outputs - 1; o >= 0; o--) {
        const uint32_t value = lowered->outputs[o];
        const bool computed =
            lowered->values[value].level == LEVEL_ELEMENT && !is_input(&lowered->values[value]);
        if (computed) compiler->location[value] = next + (uint32_t)o;
    }
    next += (uint32_t)lowered->n_outputs;
    for (int level = LEVEL_FIXED; level <= LEVEL_STEP; level++) {
        for (uint32_t i = 0; i < lowered->n; i++) {
            const Value *value = &lowered->values[i];
            if (value->uses > 0 && (int)value->level == level && compiler->needed[i])
                compiler->location[i] = next++;
        }
    }
    program->n_locations = next - base;
    compiler->supply.n = compiler->supply.n_free = 0;
    for (uint32_t i = 0; i < lowered->n; i++) {
        const Value *value = &lowered->values[i];
        if (!is_instruction(value) || value->level != LEVEL_ELEMENT) continue;
        give_back(compiler, i, compiler->location, 0, base);
        if (compiler->last_use[i] != UINT32_MAX) compiler->location[i] = supply_take(&compiler->supply);
    }
    program->n_registers = compiler->supply.n;
    program->n_locations += program->n_registers;
    for (uint32_t i = 0; i < lowered->n; i++) {
        if (compiler->location[i] >= base) compiler->location[i] -= base - program->n_registers;
    }
}

static void write_block_instruction(
    Compiler *compiler, uint32_t opcode, uint32_t out, const uint32_t operands[3]) {
    Program *program = compiler->program;
    uint32_t locations[3] = {0}, shape = 0;
    for (int k = 0; k < 3; k++) {
        if (operands[k] == VALUE_NONE) continue;
        const Value *value = &compiler->lowered->values[operands[k]];
        locations[k] = compiler->location[operands[k]];
        if (value->level != LEVEL_ELEMENT) shape |= 1u << k;
        if (is_input(value))
            program->input_last_read[locations[k] - program->n_registers] = program->n_block_code;
    }
    if (opcode == OPERATION_DIVIDE && shape == SHAPE_B) opcode = OPCODE_DIVIDE_BY_ONE;
    program->block_code[program->n_block_code++] =
        (BlockInstruction){(uint16_t)opcode, (uint16_t)shape, out, locations[0], locations[1], locations[2]};
}

/* ELEMENT code, then copies for outputs that nothing computes: inputs, scalars, the same output again. */
static void write_block_code(Compiler *compiler) {
    const Lowered *lowered = compiler->lowered;
    Program *program = compiler->program;
    const uint32_t first_output = program->n_registers + program->symbols[LEVEL_ELEMENT].n;
    for (uint32_t i = 0; i < lowered->n; i++) {
        const Value *value = &lowered->values[i];
        if (!is_instruction(value) || value->level != LEVEL_ELEMENT) continue;
        const uint32_t out = compiler->location[i];
        const bool is_output = compiler->last_use[i] == UINT32_MAX;
        if (is_output) program->output_write[out - first_output] = program->n_block_code;
        write_block_instruction(compiler, value->opcode, out, value->operands);
    }
    for (int o = 0; o < lowered->n_outputs; o++) {
        const uint32_t value = lowered->outputs[o], out = first_output + (uint32_t)o;
        if (compiler->location[value] == out) continue;
        program->output_write[o] = program->n_block_code;
        write_block_instruction(
            compiler, OPCODE_COPY, out, (const uint32_t[3]){value, VALUE_NONE, VALUE_NONE});
    }
}

/* As many elements as let the working set stay in the first-level cache. */
static size_t choose_block(const Program *program) {
    const size_t arrays =
        program->n_registers + program->symbols[LEVEL_ELEMENT].n + (size_t)program->n_outputs;
    size_t elements = BLOCK_BYTES / sizeof(double) / (arrays > 0 ? arrays : 1) / KERNEL_GROUP * KERNEL_GROUP;
    if (elements < BLOCK_ELEMENTS_MIN) elements = BLOCK_ELEMENTS_MIN;
    return elements > BLOCK_ELEMENTS_MAX ? BLOCK_ELEMENTS_MAX : elements;
}

/* Room for as many of everything as there can be. */
static bool allocate(Compiler *compiler) {
    const size_t n = compiler->lowered->n + 1, n_outputs = (size_t)compiler->lowered->n_outputs + 1;
    Program *program = compiler->program;
    bool ok = true;
#define ALLOCATE(pointer, count) ok &= (pointer = calloc(count, sizeof *(pointer))) != NULL
    ALLOCATE(compiler->slot, n);
    ALLOCATE(compiler->location, n);
    ALLOCATE(compiler->last_use, n);
    ALLOCATE(compiler->needed, n);
    ALLOCATE(compiler->supply.free, n);
    ALLOCATE(program->constant_slots.slots, n);
    ALLOCATE(program->constants, n);
    for (int level = 0; level < 3; level++) {
        ALLOCATE(program->symbols[level].rows, n);
        ALLOCATE(program->scalars[level].slots, n);
    }
    ALLOCATE(program->output_slots, n_outputs);
    ALLOCATE(program->code, n);
    ALLOCATE(program->block_code, n + n_outputs);
    ALLOCATE(program->input_last_read, n);
    ALLOCATE(program->output_write, n_outputs);
#undef ALLOCATE
    return ok;
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* What FIXED code does is left out: compiled code finds its results in their slots. */
static uint64_t hash_code(const Program *program) {
    uint64_t hash = mix(program->n_code[LEVEL_STEP], program->n_code[LEVEL_ELEMENT]);
    const Instruction *code = program->code + program->n_code[LEVEL_FIXED];
    for (uint32_t i = 0; i < program->n_code[LEVEL_STEP] + program->n_code[LEVEL_ELEMENT]; i++) {
        hash = mix(mix(hash, code[i].opcode), code[i].out);
        hash = mix(mix(mix(hash, code[i].a), code[i].b), code[i].c);
    }
    for (uint32_t i = 0; i < program->constant_slots.n; i++) {
        uint64_t bits;
        memcpy(&bits, &program->constants[i], sizeof bits);
        hash = mix(mix(hash, program->constant_slots.slots[i]), bits);
    }
    for (int level = LEVEL_STEP; level <= LEVEL_ELEMENT; level++) {
        const SymbolList *symbols = &program->symbols[level];
        hash = mix(hash, symbols->n);
        for (uint32_t i = 0; i < symbols->n; i++)
            hash = mix(mix(hash, (uint64_t)symbols->rows[i].symbol), symbols->rows[i].slot);
    }
    hash = mix(hash, (uint64_t)program->n_outputs);
    for (int o = 0; o < program->n_outputs; o++) hash = mix(hash, program->output_slots[o]);
    return hash;
}

bool compile(const Lowered *lowered, Program *program) {
    Compiler compiler = {.lowered = lowered, .program = program};
    const bool ok = allocate(&compiler);
    if (ok) {
        program->n_outputs = lowered->n_outputs;
        find_uses(&compiler);
        assign_slots(&compiler);
        write_code(&compiler);
        assign_locations(&compiler, lowered->n);
        write_block_code(&compiler);
        program->block_elements = choose_block(program);
        program->key = hash_code(program);
    }
    free(compiler.slot);
    free(compiler.location);
    free(compiler.last_use);
    free(compiler.needed);
    free(compiler.supply.free);
    return ok;
}
