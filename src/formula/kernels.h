/* The loops of programs: one for each operation, precision and shape of operands, compiled once for each
 * instruction set. */
#ifndef SLALOM_KERNELS_H
#define SLALOM_KERNELS_H

#include "operation.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an instruction does: an operation, or what compiling adds. */
enum {
    OPCODE_COPY = OPERATION_COUNT,
    OPCODE_MULTIPLY_ADD,      /* a*b + c, rounded twice, like the two operations it stands for */
    OPCODE_MULTIPLY_SUBTRACT, /* a*b - c */
    OPCODE_SUBTRACT_PRODUCT,  /* c - a*b */
    OPCODE_MULTIPLY_TWICE,    /* a*b*c, from the left */
    OPCODE_SUBTRACT_QUOTIENT, /* c - a/b */
    OPCODE_ADD_ROOT,          /* sqrt(a) + b */
    OPCODE_DIVIDE_BY_ONE,     /* a / b, b one number; in float32 a * (1/b), which is many times as fast */
    OPCODE_COUNT,
};

/* Which operands are one number instead of n; the sum of those that apply. */
enum { SHAPE_A = 1, SHAPE_B = 2, SHAPE_C = 4, SHAPE_COUNT = 8 };

/* What a loop is compiled for. */
typedef enum InstructionSet { SET_BASELINE, SET_AVX2, SET_AVX512, SET_COUNT } InstructionSet;

/* Before a loop whose turns do not depend on each other even where it writes over what it reads: a turn reads
 * only the element that it writes. */
#if defined(__clang__)
#define KERNEL_INDEPENDENT _Pragma("clang loop vectorize(assume_safety) interleave(enable)")
#elif defined(__GNUC__)
#define KERNEL_INDEPENDENT _Pragma("GCC ivdep")
#else
#define KERNEL_INDEPENDENT
#endif

/* A kernel works on a whole number of groups of this many elements, so that it has no odd ends. */
enum { KERNEL_GROUP = 16 };

/* out[i] = operation(a[i], b[i], c[i]) for i in [0, n), n a multiple of KERNEL_GROUP. `out` may be one of the
 * operands; operands beyond the arity are ignored. Numbers are double or float, as the kernel's place in the
 * table says. */
typedef void Kernel(void *out, const void *a, const void *b, const void *c, size_t n);

/* Blocks [first, first + n) of NOISE_BLOCK normal numbers of a stream (noise.h). */
typedef void NormalKernel(void *out, uint64_t stream, uint64_t first, size_t n);

typedef struct KernelSet {
    const char *name;
    InstructionSet set;
    /* NULL where every operand would be one number, and for what has no loop: leaves, and CLAMP, which is a
     * MAX and a MIN. */
    Kernel *kernels[2][OPCODE_COUNT][SHAPE_COUNT]; /* indexed by Precision */
    NormalKernel *normal[2];
} KernelSet;

/* The widest set that this machine has, and the one of a name ("baseline", "avx2", "avx512"); NULL where the
 * build or the machine lacks it. */
const KernelSet *kernel_set_best(void);
const KernelSet *kernel_set_find(const char *name);

#endif
