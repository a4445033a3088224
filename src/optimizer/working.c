/* Numbers of a script: parsing it line by line, evaluating it, and its response to the gradient. How a line
 * is written with numbers is left to working_print.c. */
#include "working_inner.h"

#include "evaluate.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of our own symbols, which nobody types. */
#define NAME_HERE "own_gradient_here"
#define NAME_FROZEN "own_frozen_"

static bool out_of_memory(Status *status) {
    return status_fail(status, STATUS_FAILED, "out of memory");
}

/* Symbols and statements. */

static int add_symbol(Working *working, const char *name) {
    if (working->n_symbols == SYMBOLS_MAX) return -1;
    Symbol *symbol = &working->symbols[working->n_symbols];
    *symbol = (Symbol){.level = LEVEL_ELEMENT};
    snprintf(symbol->name, sizeof symbol->name, "%s", name);
    return working->n_symbols++;
}

static bool name_symbols(Working *working, Status *status) {
    if (!rule_symbols(&working->names, working->optimizer, status)) return false;
    memcpy(working->symbols, working->names.symbols, sizeof working->symbols);
    working->n_symbols = working->names.n;
    working->symbol_here = add_symbol(working, NAME_HERE);
    working->first_frozen = working->n_symbols;
    for (int i = 0; i < OPTIMIZER_STATE_MAX; i++) {
        char name[SYMBOL_NAME_BYTES];
        snprintf(name, sizeof name, NAME_FROZEN "%d", i);
        if (add_symbol(working, name) < 0)
            return status_fail(status, STATUS_BAD_INPUT, "%s has too many names", working->optimizer->name);
    }
    return true;
}

/* The probe reads the gradient at x under the name of g. What it says of whole vectors become symbols before
 * those of the update. */
static bool read_probe(Working *working, Status *status) {
    const char *probe = working->optimizer->probe;
    Symbol symbols[SYMBOLS_MAX];
    memcpy(symbols, working->symbols, sizeof symbols);
    Symbol *g = &symbols[SYMBOL_G], *here = &symbols[working->symbol_here], swap = *g;
    *g = *here;
    *here = swap;
    NodeId node;
    if (!expression_parse(working->graph, "probe", probe, strlen(probe), symbols, working->n_symbols,
            &working->probe_terms, &node, status))
        return false;
    for (int i = working->n_symbols; i < working->probe_terms.n_symbols; i++)
        working->symbols[i] = working->probe_terms.symbols[i];
    working->n_symbols = working->probe_terms.n_symbols;
    working->lines[0] = (WorkingLine){.text = probe, .length = strlen(probe), .is_vector = true};
    working->statements[0] = (WorkingStatement){.operation = '=', .before = NODE_NONE, .node = node};
    working->n_lines = 1;
    return working_read_pieces(working, 0, 0, status);
}

/* u and Hu, which are given. */
static void add_direction(Working *working) {
    const char *texts[2] = {working->optimizer->direction, "H*u"};
    static const char *const names[2] = {"u", "hu"};
    for (int i = 0; i < 2; i++) {
        WorkingLine *line = &working->lines[working->n_lines];
        *line =
            (WorkingLine){.text = texts[i], .length = strlen(texts[i]), .is_vector = true, .is_given = true};
        snprintf(line->name, sizeof line->name, "%s", names[i]);
        working->statements[working->n_lines++] = (WorkingStatement){.before = NODE_NONE, .node = NODE_NONE};
    }
}

/* Where the statement that begins at `begin` ends: at a ';' or line end outside parentheses. */
static size_t statement_end(const char *text, size_t begin) {
    int depth = 0;
    size_t end = begin;
    for (; text[end]; end++) {
        if (text[end] == '(' || text[end] == '[') depth++;
        if (text[end] == ')' || text[end] == ']') depth--;
        if (depth <= 0 && (text[end] == ';' || text[end] == '\n')) break;
    }
    return end;
}

static bool depends_on_vector(const Working *working, NodeId node, const VectorTerms *terms) {
    for (int i = 0; i < terms->n_symbols; i++)
        if (terms->symbols[i].level == LEVEL_ELEMENT && graph_depends(working->graph, node, i)) return true;
    return false;
}

/* What the script up to `end` leaves in a name. */
static bool value_after(Working *working, size_t end, const char *name, NodeId *node, Status *status) {
    const char *update = working->optimizer->update;
    Assignment assignments[SYMBOLS_MAX];
    int n = sprintf(working->text, "%.*s\nx = %s", (int)end, update, name);
    if (!script_parse(working->graph, working->optimizer->name, working->text, (size_t)n, working->symbols,
            working->n_symbols, &working->terms, assignments, &n, status))
        return false;
    *node = assignments[0].value; /* x is the first symbol */
    return true;
}

/* One statement, update[begin, end) without blanks around it. */
static bool read_statement(Working *working, size_t begin, size_t end, Status *status) {
    const char *update = working->optimizer->update;
    const Source source = {.what = "update", .text = update + begin, .length = end - begin};
    Token *tokens = source_tokens(&source, false, status);
    if (!tokens) return false;
    if (working->n_lines == WORKING_LINES_MAX) {
        free(tokens);
        return status_fail(status, STATUS_BAD_INPUT, "more than %d statements", WORKING_LINES_MAX);
    }
    int at = working->n_lines;
    bool ignored;
    WorkingLine *line = &working->lines[at];
    WorkingStatement *statement = &working->statements[at];
    *line = (WorkingLine){.text = source.text, .length = source.length};
    *statement = (WorkingStatement){.operation = tokens[1].kind};
    bool good = source_name(&source, &tokens[0], line->name);
    size_t right = tokens[1].offset + tokens[1].length;
    free(tokens);
    if (!good || !value_after(working, end, line->name, &statement->node, status)) return false;
    statement->before = working_find_value(working, at, line->name, &ignored);
    line->is_vector = depends_on_vector(working, statement->node, &working->terms);
    working->n_lines++;
    return working_read_pieces(working, at, right, status);
}

static bool read_update(Working *working, Status *status) {
    const char *update = working->optimizer->update;
    working->first = working->n_lines;
    for (size_t begin = 0; update[begin];) {
        size_t end = statement_end(update, begin), last = end;
        while (begin < last && isspace((unsigned char)update[begin])) begin++;
        while (last > begin && isspace((unsigned char)update[last - 1])) last--;
        if (last > begin && !read_statement(working, begin, last, status)) return false;
        begin = update[end] ? end + 1 : end;
    }
    return true;
}

/* The response to the gradient. */

static int state_of(const Working *working, const char *name) {
    for (int i = 0; i < working->names.n_state; i++)
        if (strcmp(working->symbols[working->names.first_state + i].name, name) == 0) return i;
    return -1;
}

/* Which state vectors are not linear in g: they tell of its size. */
static void find_frozen(Working *working, bool frozen[OPTIMIZER_STATE_MAX]) {
    Graph *graph = working->graph;
    for (int i = 0; i < OPTIMIZER_STATE_MAX; i++) frozen[i] = false;
    for (int i = working->first; i < working->n_lines; i++) {
        int state = state_of(working, working->lines[i].name);
        if (state < 0) continue;
        NodeId slope = graph_derivative(graph, working->statements[i].node, SYMBOL_G);
        frozen[state] = frozen[state] || graph_depends(graph, slope, SYMBOL_G);
    }
}

/* The script once more, where such a vector becomes a symbol as soon as it is set. */
static bool read_frozen(Working *working, const bool frozen[OPTIMIZER_STATE_MAX], Assignment *assignments,
    int *n_assignments, Status *status) {
    char *to = working->text;
    VectorTerms terms; /* their symbols are those of the plain script, in the same order */
    for (int i = working->first; i < working->n_lines; i++) {
        const WorkingLine *line = &working->lines[i];
        int state = state_of(working, line->name);
        to += sprintf(to, "%.*s\n", (int)line->length, line->text);
        if (state < 0 || !frozen[state]) continue;
        if (working->n_frozen == OPTIMIZER_STATE_MAX)
            return status_fail(status, STATUS_BAD_INPUT, "too many statements set the state");
        to += sprintf(to, "%s = " NAME_FROZEN "%d\n", line->name, working->n_frozen);
        working->frozen_lines[working->n_frozen++] = i;
    }
    return script_parse(working->graph, working->optimizer->name, working->text, (size_t)(to - working->text),
        working->symbols, working->n_symbols, &terms, assignments, n_assignments, status);
}

static bool read_response(Working *working, Status *status) {
    bool frozen[OPTIMIZER_STATE_MAX];
    Assignment assignments[SYMBOLS_MAX];
    int n;
    Graph *graph = working->graph;
    find_frozen(working, frozen);
    if (!read_frozen(working, frozen, assignments, &n, status)) return false;
    NodeId next[OPTIMIZER_STATE_MAX + 1];
    for (int i = 0; i < working->names.n_state; i++) {
        int symbol = working->names.first_state + i;
        if (frozen[i]) continue;
        next[working->n_linear] = graph_symbol(graph, symbol);
        for (int k = 0; k < n; k++)
            if (assignments[k].symbol == symbol) next[working->n_linear] = assignments[k].value;
        working->linear[working->n_linear++] = symbol;
    }
    next[working->n_linear] = assignments[0].value;
    for (int row = 0; row <= working->n_linear; row++)
        for (int column = 0; column <= working->n_linear; column++) {
            int by = column < working->n_linear ? working->linear[column] : SYMBOL_G;
            working->response[row][column] = graph_derivative(graph, next[row], by);
        }
    return true;
}

/* Making one. */

static bool prepare(Working *working, Status *status) {
    const Optimizer *optimizer = working->optimizer;
    if (optimizer->method) return status_fail(status, STATUS_BAD_INPUT, "%s has no script", optimizer->name);
    /* Room for the script twice, with what read_frozen and value_after put behind each line. */
    working->text = malloc(strlen(optimizer->update) + WORKING_LINES_MAX * 3 * SYMBOL_NAME_BYTES + 64);
    working->graph = graph_create();
    if (!working->text || !working->graph) return out_of_memory(status);
    if (!name_symbols(working, status)) return false;
    if (optimizer->probe && !read_probe(working, status)) return false;
    if (optimizer->direction) add_direction(working);
    if (!read_update(working, status) || !read_response(working, status)) return false;
    if (graph_is_full(working->graph))
        return status_fail(status, STATUS_BAD_INPUT, "the script is too large");
    for (int k = 0; k < WORKING_DIM; k++) {
        working->values[k] = calloc(graph_size(working->graph), sizeof **working->values);
        if (!working->values[k]) return out_of_memory(status);
    }
    return true;
}

Working *working_create(const Optimizer *optimizer, Status *status) {
    Working *working = calloc(1, sizeof *working);
    if (!working) {
        out_of_memory(status);
        return NULL;
    }
    working->optimizer = optimizer;
    if (prepare(working, status)) return working;
    working_destroy(working);
    return NULL;
}

void working_destroy(Working *working) {
    if (!working) return;
    for (int i = 0; i < WORKING_LINES_MAX; i++) free(working->statements[i].pieces);
    for (int k = 0; k < WORKING_DIM; k++) free(working->values[k]);
    graph_destroy(working->graph);
    free(working->text);
    free(working);
}

int working_noise_count(const Working *working) {
    return working->terms.n_noises;
}

/* Evaluating. */

/* A sum over the coordinates in the order of pass.c: each in a lane of its own. */
static double reduce(const Working *working, const Reduction *reduction) {
    double all = reduction->kind == REDUCTION_SUM ? 0 : -INFINITY;
    if (reduction->kind == REDUCTION_COUNT) return WORKING_DIM;
    for (int k = 0; k < WORKING_DIM; k++) {
        double value = working->values[k][reduction->operand];
        if (reduction->kind == REDUCTION_SUM)
            all += value;
        else if (!(value <= all))
            all = value;
    }
    return all;
}

static double hidden_value(
    const Working *working, const VectorTerms *terms, int symbol, const WorkingInputs *inputs, int k) {
    for (int i = 0; i < terms->n_reductions; i++)
        if (terms->reductions[i].symbol == symbol) return reduce(working, &terms->reductions[i]);
    for (int i = 0; i < terms->n_noises && terms == &working->terms; i++)
        if (terms->noises[i] == symbol) return inputs->noises[i][k];
    return NAN; /* noise of a probe: nobody has kept it */
}

static double symbol_value(const Working *working, int symbol, const WorkingInputs *inputs, int k) {
    const RuleSymbols *names = &working->names;
    switch (symbol) {
    case SYMBOL_X: return inputs->x[k];
    case SYMBOL_G: return inputs->gradient[k];
    case SYMBOL_T: return inputs->t;
    case SYMBOL_LR: return inputs->lr;
    case SYMBOL_U: return inputs->u[k];
    case SYMBOL_HU: return inputs->hu[k];
    default: break;
    }
    if (symbol < names->first_scalar) return inputs->values[symbol - SYMBOLS_COMMON + 1];
    if (symbol < names->first_state) return inputs->scalars[symbol - names->first_scalar];
    if (symbol < names->n) return inputs->state[symbol - names->first_state][k];
    if (symbol == working->symbol_here) return inputs->here[k];
    int frozen = symbol - working->first_frozen; /* of the evaluation before: its node comes later */
    if (frozen < working->n_frozen)
        return working->values[k][working->statements[working->frozen_lines[frozen]].node];
    bool of_update = symbol >= working->n_symbols;
    return hidden_value(working, of_update ? &working->terms : &working->probe_terms, symbol, inputs, k);
}

/* A power is a chain of products only where the exponent stands in the text. */
static double apply(const Working *working, const Node *node, const double *values) {
    double operands[3] = {0};
    for (int i = 0; i < 3; i++)
        if (node->operands[i] != NODE_NONE) operands[i] = values[node->operands[i]];
    bool chain = node->operation == OPERATION_POWER &&
                 graph_node(working->graph, node->operands[1])->operation == OPERATION_CONSTANT;
    return chain ? operation_apply(node->operation, operands[0], operands[1], operands[2])
                 : operation_compute(node->operation, operands[0], operands[1], operands[2]);
}

static void evaluate_nodes(Working *working, const WorkingInputs *inputs) {
    for (NodeId id = 0; id < graph_size(working->graph); id++) {
        const Node *node = graph_node(working->graph, id);
        for (int k = 0; k < WORKING_DIM; k++)
            working->values[k][id] = node->operation == OPERATION_CONSTANT ? node->constant
                                     : node->operation == OPERATION_SYMBOL
                                         ? symbol_value(working, node->symbol, inputs, k)
                                         : apply(working, node, working->values[k]);
    }
}

void working_evaluate(Working *working, const WorkingInputs *inputs) {
    working->t = inputs->t;
    evaluate_nodes(working, inputs);
    if (working->n_frozen > 0) evaluate_nodes(working, inputs); /* their values are known now */
    for (int i = 0; i < working->n_lines; i++) {
        WorkingLine *line = &working->lines[i];
        const double *given = i < working->first && working->optimizer->probe && i == 0 ? inputs->ahead
                              : strcmp(line->name, "u") == 0                            ? inputs->u
                                                                                        : inputs->hu;
        for (int k = 0; k < WORKING_DIM; k++)
            line->value[k] = i < working->first ? given[k] : working->values[k][working->statements[i].node];
    }
}

int working_line_count(const Working *working) {
    return working->n_lines;
}

const WorkingLine *working_line(const Working *working, int line) {
    assert(line >= 0 && line < working->n_lines);
    return &working->lines[line];
}

/* out = a b; (n, n) */
typedef double Matrix[OPTIMIZER_STATE_MAX + 1][OPTIMIZER_STATE_MAX + 1];
static void multiply(int n, Matrix a, Matrix b, Matrix out) {
    Matrix product;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            product[i][j] = 0;
            for (int k = 0; k < n; k++) product[i][j] += a[i][k] * b[k][j];
        }
    memcpy(out, product, sizeof product);
}

/* What a constant gradient of 1 makes of the linear states after `steps` of them, and of the next step. The
 * recursion is s' = A s + B, by squaring. */
static double steady_response(const Working *working, int k, double steps) {
    int n = working->n_linear;
    const double *values = working->values[k];
    Matrix power = {{0}}, square = {{0}};
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= n; j++) {
            power[i][j] = i == j;
            square[i][j] = i == n ? j == n : values[working->response[i][j]];
        }
    for (uint64_t left = (uint64_t)steps; left > 0; left /= 2) {
        if (left % 2) multiply(n + 1, power, square, power);
        multiply(n + 1, square, square, square);
    }
    double step = values[working->response[n][n]];
    for (int i = 0; i < n; i++) step += values[working->response[n][i]] * power[i][n];
    return step;
}

bool working_response(const Working *working, double own[WORKING_DIM], double steady[WORKING_DIM]) {
    int n = working->n_linear;
    bool any = false;
    for (int k = 0; k < WORKING_DIM; k++) {
        own[k] = -working->values[k][working->response[n][n]];
        steady[k] = -steady_response(working, k, working->t - 1);
        any = any || steady[k] != 0;
    }
    return any && isfinite(own[0]) && isfinite(own[1]) && isfinite(steady[0]) && isfinite(steady[1]);
}
