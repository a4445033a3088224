/* Programs to C. Each form of compiled.h is straight-line code with a name for every number that an
 * instruction makes, in the interpreter's order and by the functions of elementary.h, so that the bits are
 * the same. Which programs there are is the generator's business. */
#include "emit.h"

#include "compile.h"
#include "elementary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Two elements side by side pay where an element is little work beside what a call costs. */
enum { PAIR_INSTRUCTIONS_MAX = 64 };
/* A longer loop spills its registers, and then a loop for each operation is as fast. */
enum { LOOP_INSTRUCTIONS_MAX = 200 };
enum { OPERAND_BYTES = 40 };

// clang-format off
/* Functions that take a few machine instructions. A program without any other has loops; in one with others
 * they are what its time goes into, and a loop for each operation is as fast. */
#define SHORT(X)                                                                                             \
    X(NEGATE) X(ADD) X(SUBTRACT) X(MULTIPLY) X(DIVIDE) X(SQRT) X(ABS) X(SIGN) X(RELU) X(FLOOR) X(LESS)       \
    X(LESS_EQUAL) X(EQUAL) X(NOT_EQUAL) X(MIN) X(MAX) X(MOD) X(SELECT)
#define NAME_ROW(name, function) [OPERATION_##name] = #function,
#define TRUE_ROW(name, ...) [OPERATION_##name] = true,
static const char *const functions[OPCODE_COUNT] = {ELEMENTARY_UNARY(NAME_ROW) ELEMENTARY_TRIG(NAME_ROW)
        ELEMENTARY_BINARY(NAME_ROW) ELEMENTARY_TERNARY(NAME_ROW)};
static const bool is_short[OPCODE_COUNT] = {SHORT(TRUE_ROW)};
static const bool is_trig[OPCODE_COUNT] = {ELEMENTARY_TRIG(TRUE_ROW)};
// clang-format on

/* Where the number in a slot comes from. */
typedef enum Origin { ORIGIN_CONSTANT, ORIGIN_FIXED, ORIGIN_STEP, ORIGIN_ELEMENT } Origin;

/* One program on its way out. */
typedef struct Emitter {
    const Program *program;
    Text *out;
    Precision precision;
    bool in_loop;
    Origin *origin;   /* (n_slots) */
    uint32_t *number; /* (n_slots) which constant, or the name of the element's number that is there now */
    uint32_t n_names;
} Emitter;

static const Instruction *code_of(const Program *program, Level level) {
    const Instruction *code = program->code;
    for (int below = LEVEL_FIXED; below < (int)level; below++) code += program->n_code[below];
    return code;
}

static size_t size_of(const Program *program) {
    return program->n_code[LEVEL_STEP] + program->n_code[LEVEL_ELEMENT];
}

/* An operation whose function is a long one. */
static bool is_long(uint32_t opcode) {
    return opcode < OPCODE_COUNT && functions[opcode] && !is_short[opcode];
}

static bool loop_pays(const Program *program) {
    const Instruction *code = code_of(program, LEVEL_ELEMENT);
    bool none_long = true;
    for (uint32_t i = 0; i < program->n_code[LEVEL_ELEMENT]; i++) none_long &= !is_long(code[i].opcode);
    return none_long && program->n_code[LEVEL_ELEMENT] <= LOOP_INSTRUCTIONS_MAX;
}

static bool has_pair(const Program *program) {
    return program->n_code[LEVEL_ELEMENT] <= PAIR_INSTRUCTIONS_MAX;
}

bool emit_accepts(const Program *program) {
    return program->n_outputs > 0 && size_of(program) <= EMIT_INSTRUCTIONS_MAX;
}

/* Expressions. */

static const char *const precision_names[] = {[PRECISION_F64] = "f64", [PRECISION_F32] = "f32"};

static const char *type_name(const Emitter *emitter) {
    return emitter->precision == PRECISION_F32 ? "float" : "double";
}

static void write_literal(const Emitter *emitter, double number, char *out) {
    const bool narrow = emitter->precision == PRECISION_F32;
    if (narrow) number = (float)number;
    if (isnan(number))
        snprintf(out, OPERAND_BYTES, "NAN");
    else if (isinf(number))
        snprintf(out, OPERAND_BYTES, number < 0 ? "(-INFINITY)" : "INFINITY");
    else
        snprintf(out, OPERAND_BYTES, signbit(number) ? "(%a%s)" : "%a%s", number, narrow ? "f" : "");
}

/* What C calls the number in a slot, of one lane. */
static void write_operand(const Emitter *emitter, uint32_t slot, const char *lane, char *out) {
    switch (emitter->origin[slot]) {
    case ORIGIN_CONSTANT:
        write_literal(emitter, emitter->program->constants[emitter->number[slot]], out);
        break;
    case ORIGIN_FIXED:
        snprintf(out, OPERAND_BYTES, emitter->in_loop ? "s%" PRIu32 : "slots[%" PRIu32 "]", slot);
        break;
    case ORIGIN_STEP: snprintf(out, OPERAND_BYTES, "s%" PRIu32, slot); break;
    case ORIGIN_ELEMENT: snprintf(out, OPERAND_BYTES, "v%" PRIu32 "%s", emitter->number[slot], lane); break;
    }
}

/* A quotient, which in float32 is a product where the divisor does not vary (OPCODE_DIVIDE_BY_ONE). */
static void write_quotient(const Emitter *emitter, const Instruction *code, const char *a, const char *b) {
    const Origin divisor = emitter->origin[code->b];
    if (emitter->precision == PRECISION_F64 || divisor == ORIGIN_ELEMENT)
        text_append(emitter->out, "%s / %s", a, b);
    else if (divisor == ORIGIN_CONSTANT)
        text_append(emitter->out, "%s * (1 / %s)", a, b);
    else
        text_append(emitter->out, "%s * r%" PRIu32, a, code->b);
}

static void write_call(const Emitter *emitter, uint32_t opcode, const char *a, const char *b, const char *c) {
    const int arity = operation_table[opcode].arity;
    const bool apart = is_long(opcode) && !is_trig[opcode];
    text_append(emitter->out, "%s_%s_%s(%s", apart ? "apart" : "elementary", functions[opcode],
        precision_names[emitter->precision], a);
    if (arity > 1) text_append(emitter->out, ", %s", b);
    if (arity > 2) text_append(emitter->out, ", %s", c);
    text_append(emitter->out, ")");
}

static void write_expression(const Emitter *emitter, const Instruction *code, const char *lane) {
    char a[OPERAND_BYTES], b[OPERAND_BYTES], c[OPERAND_BYTES];
    write_operand(emitter, code->a, lane, a);
    write_operand(emitter, code->b, lane, b);
    write_operand(emitter, code->c, lane, c);
    switch (code->opcode) {
    case OPERATION_ADD: text_append(emitter->out, "%s + %s", a, b); break;
    case OPERATION_SUBTRACT: text_append(emitter->out, "%s - %s", a, b); break;
    case OPERATION_MULTIPLY: text_append(emitter->out, "%s * %s", a, b); break;
    case OPERATION_DIVIDE: write_quotient(emitter, code, a, b); break;
    case OPCODE_MULTIPLY_ADD: text_append(emitter->out, "%s * %s + %s", a, b, c); break;
    case OPCODE_MULTIPLY_SUBTRACT: text_append(emitter->out, "%s * %s - %s", a, b, c); break;
    case OPCODE_SUBTRACT_PRODUCT: text_append(emitter->out, "%s - %s * %s", c, a, b); break;
    case OPCODE_MULTIPLY_TWICE: text_append(emitter->out, "%s * %s * %s", a, b, c); break;
    case OPCODE_SUBTRACT_QUOTIENT: text_append(emitter->out, "%s - %s / %s", c, a, b); break;
    case OPCODE_ADD_ROOT:
        text_append(emitter->out, "elementary_sqrt_%s(%s) + %s", precision_names[emitter->precision], a, b);
        break;
    case OPCODE_POWER_BY_TABLE:
        text_append(emitter->out, "power_by_table(&slots[%" PRIu32 "], %s)", code->a, b);
        break;
    default: write_call(emitter, code->opcode, a, b, c); break;
    }
}

/* Statements. */

/* STEP symbols and code, into names of their slots. */
static void write_step_code(const Emitter *emitter) {
    const Program *program = emitter->program;
    const SymbolList *symbols = &program->symbols[LEVEL_STEP];
    for (uint32_t i = 0; i < symbols->n; i++)
        text_append(emitter->out, "    const double s%" PRIu32 " = scalars[%d];\n", symbols->rows[i].slot,
            symbols->rows[i].symbol);
    const Instruction *code = code_of(program, LEVEL_STEP);
    for (uint32_t i = 0; i < program->n_code[LEVEL_STEP]; i++) {
        text_append(emitter->out, "    const double s%" PRIu32 " = ", code[i].out);
        write_expression(emitter, &code[i], "");
        text_append(emitter->out, ";\n");
    }
}

/* One of the elements that a form works on: what is added to its names, and what stands around the number of
 * an input's symbol. */
typedef struct Lane {
    const char *name, *before, *after;
} Lane;

static const Lane point_lane[1] = {{"", "scalars[", "]"}};
static const Lane pair_lanes[2] = {{"a", "inputs[", "][0]"}, {"b", "inputs[", "][1]"}};
static const Lane loop_lane[1] = {{"", "in", "[i]"}};

/* ELEMENT code, which reads every input before the first output is written: it may be its place. */
static void write_element_code(Emitter *emitter, const Lane *lanes, int n_lanes) {
    const Program *program = emitter->program;
    const SymbolList *symbols = &program->symbols[LEVEL_ELEMENT];
    for (uint32_t i = 0; i < symbols->n; i++) {
        const uint32_t name = emitter->number[symbols->rows[i].slot] = emitter->n_names++;
        for (const Lane *lane = lanes; lane < lanes + n_lanes; lane++)
            text_append(emitter->out, "    const %s v%" PRIu32 "%s = %s%d%s;\n", type_name(emitter), name,
                lane->name, lane->before, symbols->rows[i].symbol, lane->after);
    }
    const Instruction *code = code_of(program, LEVEL_ELEMENT);
    for (uint32_t i = 0; i < program->n_code[LEVEL_ELEMENT]; i++) {
        const uint32_t name = emitter->n_names++;
        for (const Lane *lane = lanes; lane < lanes + n_lanes; lane++) {
            text_append(emitter->out, "    const %s v%" PRIu32 "%s = ", type_name(emitter), name, lane->name);
            write_expression(emitter, &code[i], lane->name);
            text_append(emitter->out, ";\n");
        }
        emitter->number[code[i].out] = name; /* not before: it may be an operand's slot */
    }
}

/* Forms. */

static void write_step(Emitter *emitter, size_t i) {
    const SlotList *scalars = &emitter->program->scalars[LEVEL_STEP];
    text_append(emitter->out,
        "static void step_%zu(double *slots, const double *scalars) {\n    (void)slots, (void)scalars;\n", i);
    write_step_code(emitter);
    for (uint32_t k = 0; k < scalars->n; k++)
        text_append(
            emitter->out, "    slots[%" PRIu32 "] = s%" PRIu32 ";\n", scalars->slots[k], scalars->slots[k]);
    text_append(emitter->out, "}\n\n");
}

static void write_point(Emitter *emitter, size_t i) {
    text_append(emitter->out,
        "static double point_%zu(const double *slots, const double *scalars, double *others) {\n"
        "    (void)slots, (void)scalars, (void)others;\n",
        i);
    write_step_code(emitter);
    write_element_code(emitter, point_lane, 1);
    const uint32_t *slots = emitter->program->output_slots;
    const int n_others = emitter->program->n_outputs - 1;
    char a[OPERAND_BYTES], b[OPERAND_BYTES];
    for (int o = 0; o + 2 <= n_others; o += 2) {
        write_operand(emitter, slots[1 + o], "", a);
        write_operand(emitter, slots[2 + o], "", b);
        text_append(emitter->out, "    put(&others[%d], %s, %s);\n", o, a, b);
    }
    write_operand(emitter, slots[n_others], "", a);
    if (n_others % 2 == 1) text_append(emitter->out, "    others[%d] = %s;\n", n_others - 1, a);
    write_operand(emitter, slots[0], "", a);
    text_append(emitter->out, "    return %s;\n}\n\n", a);
}

static void write_pair(Emitter *emitter, size_t i) {
    text_append(emitter->out,
        "static void pair_%zu(const double *slots, const double *scalars, const double *const *inputs,\n"
        "    double *const *outputs) {\n"
        "    (void)slots, (void)scalars, (void)inputs;\n",
        i);
    write_step_code(emitter);
    write_element_code(emitter, pair_lanes, 2);
    for (int o = 0; o < emitter->program->n_outputs; o++) {
        char a[OPERAND_BYTES], b[OPERAND_BYTES];
        write_operand(emitter, emitter->program->output_slots[o], "a", a);
        write_operand(emitter, emitter->program->output_slots[o], "b", b);
        text_append(emitter->out, "    put(outputs[%d], %s, %s);\n", o, a, b);
    }
    text_append(emitter->out, "}\n\n");
}

static bool divides(const Program *program, uint32_t slot) {
    const Instruction *code = code_of(program, LEVEL_ELEMENT);
    for (uint32_t i = 0; i < program->n_code[LEVEL_ELEMENT]; i++)
        if (code[i].opcode == OPERATION_DIVIDE && code[i].b == slot) return true;
    return false;
}

/* What a loop reads once: the numbers that do not vary, and where the others are. */
static void write_loop_head(const Emitter *emitter) {
    const Program *program = emitter->program;
    const char *type = type_name(emitter);
    for (int level = LEVEL_FIXED; level <= LEVEL_STEP; level++) {
        for (uint32_t k = 0; k < program->scalars[level].n; k++) {
            const uint32_t slot = program->scalars[level].slots[k];
            if (emitter->origin[slot] == ORIGIN_CONSTANT) continue;
            text_append(emitter->out, "    const %s s%" PRIu32 " = (%s)slots[%" PRIu32 "];\n", type, slot,
                type, slot);
            if (emitter->precision == PRECISION_F32 && divides(program, slot))
                text_append(emitter->out, "    const float r%" PRIu32 " = 1 / s%" PRIu32 ";\n", slot, slot);
        }
    }
    for (uint32_t k = 0; k < program->symbols[LEVEL_ELEMENT].n; k++) {
        const int symbol = program->symbols[LEVEL_ELEMENT].rows[k].symbol;
        text_append(emitter->out, "    const %s *in%d = inputs[%d];\n", type, symbol, symbol);
    }
    for (int o = 0; o < program->n_outputs; o++)
        text_append(emitter->out, "    %s *out%d = outputs[%d];\n", type, o, o);
}

static void write_loop(Emitter *emitter, size_t i, Precision precision) {
    emitter->precision = precision;
    emitter->in_loop = true;
    text_append(emitter->out, "LOOP(loop_%s_%zu) {\n    (void)slots, (void)inputs, (void)outputs;\n",
        precision_names[precision], i);
    write_loop_head(emitter);
    text_append(emitter->out, "    KERNEL_INDEPENDENT\n    for (size_t i = 0; i < n; i++) {\n");
    write_element_code(emitter, loop_lane, 1);
    for (int o = 0; o < emitter->program->n_outputs; o++) {
        char operand[OPERAND_BYTES];
        write_operand(emitter, emitter->program->output_slots[o], "", operand);
        text_append(emitter->out, "    out%d[i] = %s;\n", o, operand);
    }
    text_append(emitter->out, "    }\n}\n\n");
    emitter->precision = PRECISION_F64;
    emitter->in_loop = false;
}

/* Where every slot's number comes from. */
static bool start(Emitter *emitter, const Program *program, Text *out) {
    *emitter = (Emitter){.program = program, .out = out, .precision = PRECISION_F64};
    emitter->origin = calloc(program->n_slots, sizeof *emitter->origin);
    emitter->number = calloc(program->n_slots, sizeof *emitter->number);
    if (!emitter->origin || !emitter->number) return false;
    for (uint32_t i = 0; i < program->n_slots; i++) emitter->origin[i] = ORIGIN_FIXED;
    for (uint32_t i = 0; i < program->constant_slots.n; i++) {
        emitter->origin[program->constant_slots.slots[i]] = ORIGIN_CONSTANT;
        emitter->number[program->constant_slots.slots[i]] = i;
    }
    for (int level = LEVEL_STEP; level <= LEVEL_ELEMENT; level++) {
        const Origin origin = level == LEVEL_STEP ? ORIGIN_STEP : ORIGIN_ELEMENT;
        const SymbolList *symbols = &program->symbols[level];
        const Instruction *code = code_of(program, (Level)level);
        for (uint32_t i = 0; i < symbols->n; i++) emitter->origin[symbols->rows[i].slot] = origin;
        for (uint32_t i = 0; i < program->n_code[level]; i++) emitter->origin[code[i].out] = origin;
    }
    return true;
}

static void finish(Emitter *emitter) {
    free(emitter->origin);
    free(emitter->number);
}

/* The file. */

static const char head[] =
    "/* The shipped formulas as C, made by the generator when slalom was built (see emit.h). This file is\n"
    " * compiled once for each instruction set: all copies have the loops, the baseline's has the rest. */\n"
    "#include \"compiled.h\"\n"
    "#include \"elementary.h\"\n"
    "#include \"interpret.h\"\n"
    "\n"
    "#if defined(KERNELS_AVX512)\n"
    "#define OF_SET(name) name##_avx512\n"
    "#elif defined(KERNELS_AVX2)\n"
    "#define OF_SET(name) name##_avx2\n"
    "#else\n"
    "#define OF_SET(name) name##_baseline\n"
    "#endif\n"
    "#define LOOP(name) \\\n"
    "    CompiledLoop OF_SET(name); \\\n"
    "    void OF_SET(name)(const double *slots, const void *const *inputs, size_t n, void *const *outputs)\n"
    "\n";

static const char middle[] = "#if defined(KERNELS_BASELINE)\n"
                             "#if defined(__x86_64__)\n"
                             "#define DECLARE(name) extern CompiledLoop name##_avx2, name##_avx512;\n"
                             "#define LOOPS(name) {name##_baseline, name##_avx2, name##_avx512}\n"
                             "#else\n"
                             "#define DECLARE(name)\n"
                             "#define LOOPS(name) {name##_baseline}\n"
                             "#endif\n"
                             "\n"
                             "/* Two numbers that are side by side in memory are written together: whoever "
                             "reads them next may read both\n"
                             " * at once, and would wait for two writes to arrive. */\n"
                             "static inline void put(double *place, double a, double b) {\n"
                             "    const Lanes both = {a, b};\n"
                             "    memcpy(place, &both, sizeof both);\n"
                             "}\n"
                             "\n";

/* The long functions that some program calls, once for all. */
static void write_functions(const EmitRow *rows, size_t n, Text *out) {
    static const char *const parameters[] = {"", "double a", "double a, double b"};
    static const char *const arguments[] = {"", "a", "a, b"};
    bool used[OPERATION_COUNT] = {0};
    for (size_t i = 0; i < n; i++) {
        const Instruction *code = code_of(rows[i].program, LEVEL_STEP);
        for (size_t k = 0; k < size_of(rows[i].program); k++)
            if (is_long(code[k].opcode) && !is_trig[code[k].opcode]) used[code[k].opcode] = true;
    }
    for (int i = 0; i < OPERATION_COUNT; i++) {
        const int arity = operation_table[i].arity;
        if (!used[i]) continue;
        text_append(out,
            "__attribute__((noinline)) static double apart_%s_f64(%s) {\n"
            "    return elementary_%s_f64(%s);\n}\n\n",
            functions[i], parameters[arity], functions[i], arguments[arity]);
    }
}

static void write_table(const EmitRow *rows, size_t n, Text *out) {
    for (size_t i = 0; i < n; i++)
        for (int p = 0; p < 2; p++)
            if (rows[i].has_loops[p]) text_append(out, "DECLARE(loop_%s_%zu)\n", precision_names[p], i);
    text_append(out, "\nconst CompiledProgram compiled_programs[] = {\n");
    for (size_t i = 0; i < n; i++) {
        text_append(out, "    {.key = UINT64_C(0x%016" PRIx64 "), .step = step_%zu, .point = point_%zu",
            rows[i].program->key, i, i);
        if (has_pair(rows[i].program)) text_append(out, ", .pair = pair_%zu", i);
        for (int p = 0; p < 2; p++)
            if (rows[i].has_loops[p])
                text_append(out, ",\n        .loops[%d] = LOOPS(loop_%s_%zu)", p, precision_names[p], i);
        text_append(out, "},\n");
    }
    text_append(out, "    {0},\n};\nconst size_t compiled_program_count = %zu;\n#endif\n", n);
}

static int compare_keys(const void *a, const void *b) {
    const uint64_t x = ((const EmitRow *)a)->program->key, y = ((const EmitRow *)b)->program->key;
    return (x > y) - (x < y);
}

/* Sorts the accepted rows to the front, each key once, with the loops that pay; returns how many. */
static size_t choose(EmitRow *rows, size_t n) {
    size_t chosen = 0, accepted = 0;
    for (size_t i = 0; i < n; i++)
        if (emit_accepts(rows[i].program)) rows[accepted++] = rows[i];
    qsort(rows, accepted, sizeof *rows, compare_keys);
    for (size_t i = 0; i < accepted; i++) {
        for (int p = 0; p < 2; p++) rows[i].has_loops[p] &= loop_pays(rows[i].program);
        if (chosen > 0 && rows[i].program->key == rows[chosen - 1].program->key)
            for (int p = 0; p < 2; p++) rows[chosen - 1].has_loops[p] |= rows[i].has_loops[p];
        else
            rows[chosen++] = rows[i];
    }
    return chosen;
}

bool emit_programs(EmitRow *rows, size_t n, Text *out) {
    const size_t chosen = choose(rows, n);
    Emitter emitter;
    bool ok = true;
    text_append(out, "%s", head);
    for (size_t i = 0; ok && i < chosen; i++) {
        ok = start(&emitter, rows[i].program, out);
        for (int p = 0; ok && p < 2; p++)
            if (rows[i].has_loops[p]) write_loop(&emitter, i, (Precision)p);
        finish(&emitter);
    }
    text_append(out, "%s", middle);
    write_functions(rows, chosen, out);
    for (size_t i = 0; ok && i < chosen; i++) {
        ok = start(&emitter, rows[i].program, out);
        text_append(out, "/* %s */\n", rows[i].name);
        if (ok) write_step(&emitter, i);
        if (ok) write_point(&emitter, i);
        if (ok && has_pair(rows[i].program)) write_pair(&emitter, i);
        finish(&emitter);
    }
    write_table(rows, chosen, out);
    return ok;
}
