/* The interpreter: what is common and short is done in place, the rest by operation_compute. */
#include "interpret.h"

#include "elementary.h"
#include "evaluate.h"

// clang-format off
/* The operations that cost less than a call. */
#define SHORT_UNARY(X) X(NEGATE, negate) X(SQRT, sqrt) X(ABS, abs) X(SIGN, sign) X(RELU, relu)
#define SHORT_BINARY(X)                                                                                        \
    X(LESS, less) X(LESS_EQUAL, less_equal) X(EQUAL, equal) X(NOT_EQUAL, not_equal) X(MIN, min) X(MAX, max)
// clang-format on

static void fill_power_table(double *table, double base) {
    double place = 1;
    for (int digit = 0; digit < POWER_TABLE_DIGITS; digit++, place *= 16) {
        for (int i = 0; i < 16; i++) {
            table[16 * digit + i] = operation_compute(OPERATION_POWER, base, i * place, 0);
        }
    }
}

double power_by_table(const double *table, double exponent) {
    uint32_t n = exponent >= 0 && exponent < 0x1p20 ? (uint32_t)exponent : UINT32_MAX;
    if (n != exponent) return operation_compute(OPERATION_POWER, table[1], exponent, 0);
    double power = table[n & 15];
    while (n >>= 4) {
        table += 16;
        power *= table[n & 15];
    }
    return power;
}

// clang-format off
void interpret(const Instruction *code, size_t n, double *slots) {
    for (const Instruction *i = code, *end = code + n; i != end; i++) {
        const double a = slots[i->a], b = slots[i->b];
        double *out = &slots[i->out];
        switch (i->opcode) {
        case OPERATION_ADD: *out = a + b; break;
        case OPERATION_SUBTRACT: *out = a - b; break;
        case OPERATION_MULTIPLY: *out = a * b; break;
        case OPERATION_DIVIDE: *out = a / b; break;
        case OPCODE_MULTIPLY_ADD: *out = a * b + slots[i->c]; break;
        case OPCODE_MULTIPLY_SUBTRACT: *out = a * b - slots[i->c]; break;
        case OPCODE_SUBTRACT_PRODUCT: *out = slots[i->c] - a * b; break;
        case OPCODE_MULTIPLY_TWICE: *out = a * b * slots[i->c]; break;
        case OPCODE_SUBTRACT_QUOTIENT: *out = slots[i->c] - a / b; break;
        case OPCODE_ADD_ROOT: *out = elementary_add_root_f64(a, b); break;
        case OPERATION_SELECT: *out = elementary_select_f64(a, b, slots[i->c]); break;
#define UNARY(name, function) case OPERATION_##name: *out = elementary_##function##_f64(a); break;
#define BINARY(name, function) case OPERATION_##name: *out = elementary_##function##_f64(a, b); break;
            SHORT_UNARY(UNARY)
            SHORT_BINARY(BINARY)
#undef UNARY
#undef BINARY
        case OPCODE_POWER_TABLE: fill_power_table(out, a); break;
        case OPCODE_POWER_BY_TABLE: *out = power_by_table(&slots[i->a], b); break;
        default: *out = operation_compute((Operation)i->opcode, a, b, slots[i->c]); break;
        }
    }
}

void interpret_lanes(const Instruction *code, size_t n, Lanes *slots) {
    for (const Instruction *i = code, *end = code + n; i != end; i++) {
        const Lanes a = slots[i->a], b = slots[i->b];
        Lanes *out = &slots[i->out];
        switch (i->opcode) {
        case OPERATION_ADD: *out = a + b; break;
        case OPERATION_SUBTRACT: *out = a - b; break;
        case OPERATION_MULTIPLY: *out = a * b; break;
        case OPERATION_DIVIDE: *out = a / b; break;
        case OPCODE_MULTIPLY_ADD: *out = a * b + slots[i->c]; break;
        case OPCODE_MULTIPLY_SUBTRACT: *out = a * b - slots[i->c]; break;
        case OPCODE_SUBTRACT_PRODUCT: *out = slots[i->c] - a * b; break;
        case OPCODE_MULTIPLY_TWICE: *out = a * b * slots[i->c]; break;
        case OPCODE_SUBTRACT_QUOTIENT: *out = slots[i->c] - a / b; break;
        case OPCODE_ADD_ROOT: 
            *out = (Lanes){elementary_add_root_f64(a[0], b[0]), elementary_add_root_f64(a[1], b[1])};
            break;
#define UNARY(name, function)                                                                                  \
    case OPERATION_##name:                                                                                     \
        *out = (Lanes){elementary_##function##_f64(a[0]), elementary_##function##_f64(a[1])};                  \
        break;
#define BINARY(name, function)                                                                                 \
    case OPERATION_##name:                                                                                     \
        *out = (Lanes){elementary_##function##_f64(a[0], b[0]), elementary_##function##_f64(a[1], b[1])};      \
        break;
            SHORT_UNARY(UNARY)
            SHORT_BINARY(BINARY)
#undef UNARY
#undef BINARY
        default: {
            const Lanes c = slots[i->c];
            const Operation operation = (Operation)i->opcode;
            *out = (Lanes){operation_compute(operation, a[0], b[0], c[0]),
                operation_compute(operation, a[1], b[1], c[1])};
        }
        }
    }
}
