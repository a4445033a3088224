/* A compiled program from the inside: what compile.c makes and program.c runs. */
#ifndef SLALOM_COMPILE_H
#define SLALOM_COMPILE_H

#include "compiled.h"
#include "interpret.h"
#include "lower.h"
#include "program.h"

/* One SIMD loop over a block. Operands are locations. */
typedef struct BlockInstruction {
    uint16_t opcode;
    uint16_t shape;
    uint32_t out, a, b, c; /* those beyond the arity name any location */
} BlockInstruction;

/* Where a symbol's number goes. */
typedef struct SymbolSlot {
    int symbol;
    uint32_t slot;
} SymbolSlot;

/* A list of slots. */
typedef struct SlotList {
    uint32_t *slots; /* owned */
    uint32_t n;
} SlotList;

typedef struct SymbolList {
    SymbolSlot *rows; /* owned */
    uint32_t n;
} SymbolList;

/* Slots hold one number each: first the constants, then what is FIXED, what is STEP, and what is ELEMENT for
 * the one element that is run by the interpreter.
 *
 * Locations name what a block instruction reads or writes; a run has a pointer for each: n_registers
 * registers (block_elements numbers), then the inputs in the order of symbols[LEVEL_ELEMENT], the outputs,
 * and the scalars. */
struct Program {
    uint32_t n_slots;
    SlotList constant_slots;
    double *constants;      /* (constant_slots.n); owned */
    SymbolList symbols[3];  /* by Level */
    uint32_t *output_slots; /* (n_outputs); owned */
    int n_outputs;

    Instruction *code; /* FIXED, then STEP, then ELEMENT; owned */
    uint32_t n_code[3];
    SlotList scalars[3]; /* by Level, FIXED and STEP: the slots that ELEMENT code or an output reads */

    BlockInstruction *block_code; /* owned */
    uint32_t n_block_code;
    uint32_t n_registers, n_locations;
    uint32_t
        *input_last_read;   /* (symbols[LEVEL_ELEMENT].n) the last block instruction that reads it; owned */
    uint32_t *output_write; /* (n_outputs) the block instruction that writes it; owned */
    size_t block_elements;  /* of float64; twice as many of float32 */

    uint64_t key;                    /* the same for programs whose STEP and ELEMENT code is the same */
    const CompiledProgram *compiled; /* the same code as C; NULL where there is none */
};

/* Fills in a program that is all zero. False when memory is out: then the caller destroys the program. */
bool compile(const Lowered *lowered, Program *program);

#endif
