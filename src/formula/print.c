/* A node as a person would write it. */
#include "graph.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PRINT_DEPTH_MAX = 400 }; /* deeper expressions are cut: nobody reads them, and the C stack is finite */

/* How tightly an expression binds, loosest first. */
typedef enum Binding {
    BIND_SELECT,
    BIND_COMPARE,
    BIND_SUM,
    BIND_PRODUCT,
    BIND_SIGN,
    BIND_POWER,
    BIND_PRIMARY,
} Binding;

typedef struct Printer {
    const Graph *graph;
    const Symbol *symbols;
    Text *out;
    size_t limit; /* length of `out` at which to stop */
    int depth;
} Printer;

static void print(Printer *printer, NodeId id, Binding around);

static void emit(Printer *printer, const char *text) {
    if (printer->out->length < printer->limit)
        text_append(printer->out, "%s", text);
    else
        printer->limit = 0; /* nothing more, anywhere */
}

static Binding binding_of(const Node *node) {
    switch (node->operation) {
    case OPERATION_SELECT: return BIND_SELECT;
    case OPERATION_LESS:
    case OPERATION_LESS_EQUAL:
    case OPERATION_EQUAL:
    case OPERATION_NOT_EQUAL: return BIND_COMPARE;
    case OPERATION_ADD:
    case OPERATION_SUBTRACT: return BIND_SUM;
    case OPERATION_MULTIPLY:
    case OPERATION_NEGATE: /* -a*b is read as -(a*b): the same number */
    case OPERATION_DIVIDE: return BIND_PRODUCT;
    case OPERATION_POWER: return BIND_POWER;
    case OPERATION_CONSTANT: return node->constant < 0 ? BIND_SIGN : BIND_PRIMARY;
    default: return BIND_PRIMARY;
    }
}

/* 6.283185307179586 is 2*pi to a reader. False where the number is no small multiple of pi, nor e. */
static bool print_famous(Printer *printer, double value, Binding around) {
    static const double pi = 3.141592653589793, e = 2.718281828459045;
    double multiple = value / pi;
    char text[32];
    if (fabs(value) == e || fabs(value) == pi) {
        emit(printer, value < 0 ? "-" : "");
        emit(printer, fabs(value) == e ? "e" : "pi");
        return true;
    }
    if (around > BIND_PRODUCT || fabs(multiple) > 64 || multiple != floor(multiple)) return false;
    if (value == 0 || multiple * pi != value) return false;
    snprintf(text, sizeof text, "%g*pi", multiple);
    emit(printer, text);
    return true;
}

static void print_constant(Printer *printer, double value, Binding around) {
    if (print_famous(printer, value, around)) return;
    char number[32];
    text_format_number(number, sizeof number, value);
    emit(printer, number);
}

/* Whether what is printed of a node without parentheses begins with a minus sign. */
static bool begins_with_minus(const Printer *printer, NodeId id) {
    const Node *node = graph_node(printer->graph, id);
    for (int i = 0; i < PRINT_DEPTH_MAX && binding_of(node) == BIND_PRODUCT; i++) {
        if (node->operation == OPERATION_NEGATE) return true;
        node = graph_node(printer->graph, node->operands[0]);
    }
    return node->operation == OPERATION_CONSTANT && node->constant < 0;
}

static void print_operator(
    Printer *printer, const Node *node, const char *sign, Binding left, Binding right) {
    print(printer, node->operands[0], left);
    emit(printer, sign);
    bool arithmetic = left == BIND_SUM || left == BIND_PRODUCT;
    bool apart = arithmetic && right >= BIND_PRODUCT && begins_with_minus(printer, node->operands[1]);
    print(printer, node->operands[1], apart ? BIND_PRIMARY : right); /* a*(-2), not a*-2 */
}

static void print_call(Printer *printer, const Node *node) {
    const OperationRow *row = &operation_table[node->operation];
    emit(printer, row->spelling);
    emit(printer, "(");
    for (int i = 0; i < row->arity; i++) {
        if (i) emit(printer, ", ");
        print(printer, node->operands[i], BIND_SELECT);
    }
    emit(printer, ")");
}

static void print_bare(Printer *printer, const Node *node, Binding around) {
    switch (node->operation) {
    case OPERATION_CONSTANT: print_constant(printer, node->constant, around); break;
    case OPERATION_SYMBOL: emit(printer, printer->symbols[node->symbol].name); break;
    case OPERATION_NEGATE:
        emit(printer, "-");
        print(printer, node->operands[0], BIND_PRODUCT);
        break;
    case OPERATION_ADD: print_operator(printer, node, " + ", BIND_SUM, BIND_PRODUCT); break;
    case OPERATION_SUBTRACT: print_operator(printer, node, " - ", BIND_SUM, BIND_PRODUCT); break;
    case OPERATION_MULTIPLY: print_operator(printer, node, "*", BIND_PRODUCT, BIND_PRODUCT); break;
    case OPERATION_DIVIDE: print_operator(printer, node, "/", BIND_PRODUCT, BIND_SIGN); break;
    case OPERATION_POWER: print_operator(printer, node, "^", BIND_PRIMARY, BIND_SIGN); break;
    case OPERATION_LESS: print_operator(printer, node, " < ", BIND_SUM, BIND_SUM); break;
    case OPERATION_LESS_EQUAL: print_operator(printer, node, " <= ", BIND_SUM, BIND_SUM); break;
    case OPERATION_EQUAL: print_operator(printer, node, " == ", BIND_SUM, BIND_SUM); break;
    case OPERATION_NOT_EQUAL: print_operator(printer, node, " != ", BIND_SUM, BIND_SUM); break;
    case OPERATION_SELECT:
        print(printer, node->operands[0], BIND_COMPARE);
        emit(printer, " ? ");
        print(printer, node->operands[1], BIND_SELECT);
        emit(printer, " : ");
        print(printer, node->operands[2], BIND_SELECT);
        break;
    default: print_call(printer, node); break;
    }
}

/* Prints a node inside something that binds as tightly as `around`, with parentheses where it needs them. */
static void print(Printer *printer, NodeId id, Binding around) {
    if (printer->out->length >= printer->limit || printer->depth >= PRINT_DEPTH_MAX) {
        printer->limit = 0; /* nothing more, anywhere */
        return;
    }
    const Node *node = graph_node(printer->graph, id);
    bool parentheses = binding_of(node) < around;
    printer->depth++;
    if (parentheses) emit(printer, "(");
    print_bare(printer, node, parentheses ? BIND_SELECT : around);
    if (parentheses) emit(printer, ")");
    printer->depth--;
}

void graph_print(const Graph *graph, NodeId node, const Symbol *symbols, size_t max_bytes, Text *out) {
    size_t before = out->length;
    Printer printer = {.graph = graph, .symbols = symbols, .out = out, .limit = before + max_bytes};
    print(&printer, node, BIND_SELECT);
    bool cut = printer.limit == 0 || out->length > before + max_bytes;
    if (!cut || max_bytes < 3) return;
    if (out->length > before + max_bytes - 3) {
        out->length = before + max_bytes - 3;
        out->bytes[out->length] = '\0';
    }
    text_append(out, "...");
}
