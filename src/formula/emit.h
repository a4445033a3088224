/* Writes programs as C, for the generator: the other side of compiled.h. */
#ifndef SLALOM_EMIT_H
#define SLALOM_EMIT_H

#include "program.h"
#include "text.h"

/* A larger program is left to the instructions, so that slalom is built quickly. */
enum { EMIT_INSTRUCTIONS_MAX = 600 };

typedef struct EmitRow {
    const Program *program;
    const char *name;  /* for a comment */
    bool has_loops[2]; /* by Precision: whether it is run over arrays of more than two numbers */
} EmitRow;

bool emit_accepts(const Program *program);

/* A file of C with a form of every program that is accepted, each once however often it is among the rows,
 * which it sorts. False when memory is out. */
bool emit_programs(EmitRow *rows, size_t n, Text *out);

#endif
