/* Any bytes as a formula and as a script: read or refused with a message that can be shown; what is read can
 * be derived twice, printed, read again, compiled and run. */
#include "parse.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

/* A failure says why, in text that can be shown, and its place is within the input. */
static void check_failure(const Status *status, size_t size) {
    require(status->code != STATUS_OK, "a failure fills in the status");
    require(status->place >= -1 && status->place <= (long)size, "the place is in the text");
    require(status->place >= 0 || size > FORMULA_TEXT_BYTES_MAX, "a mistake has a place");
    char message[STATUS_MESSAGE_BYTES];
    snprintf(message, sizeof message, "%s", status->message);
    for (char *line = strtok(message, "\n"); line; line = strtok(NULL, "\n"))
        require(text_is_printable(line), "a message is printable");
    require(
        status->message[0] && status->message[strlen(status->message) - 1] == (status->place < 0 ? 'd' : '^'),
        "a message is whole");
}

static void run_program(
    const Graph *graph, const Symbol *symbols, int n_symbols, const NodeId *outputs, int n) {
    Status status = status_ok();
    Program *program = program_create(graph, symbols, n_symbols, outputs, n, &status);
    if (!program) {
        require(status.code != STATUS_OK && graph_is_full(graph), "only a full graph cannot be compiled");
        return;
    }
    Workspace *workspace = workspace_create(program);
    require(workspace, "memory");
    double values[SYMBOLS_MAX], results[PROGRAM_OUTPUTS_MAX];
    for (int i = 0; i < n_symbols; i++) values[i] = 0.75 - 0.5 * i;
    program_bind(program, workspace, values);
    program_run_point(program, workspace, values, results);
    workspace_destroy(workspace);
    program_destroy(program);
}

/* What is printed whole reads back, unless it nests deeper than text may. */
static void print_and_read(const Formula *formula, NodeId node) {
    enum { SHOWN = 4000 };
    Text text = {0};
    graph_print(formula->graph, node, formula->symbols, SHOWN, &text);
    require(text.length > 0 && text.length <= SHOWN, "what is printed has its length");
    bool cut = text.length >= 3 && strcmp(text.bytes + text.length - 3, "...") == 0;
    const char *names[SYMBOLS_MAX];
    for (int i = 0; i < formula->n_symbols; i++) names[i] = formula->symbols[i].name;
    Status status = status_ok();
    Formula *again = cut ? NULL : formula_parse(text.bytes, text.length, names, formula->n_symbols, &status);
    if (!cut && !again && !strstr(status.message, "nested more than")) {
        fprintf(stderr, "%s\n%s\n", text.bytes, status.message);
        abort();
    }
    formula_destroy(again);
    text_finish(&text);
}

static void try_formula(const char *text, size_t size) {
    static const char *const axes[] = {"x", "y"};
    Status status = status_ok();
    Formula *formula = formula_parse(text, size, axes, 2, &status);
    if (!formula) {
        check_failure(&status, size);
        return;
    }
    require(status.code == STATUS_OK, "success leaves the status alone");
    Graph *graph = formula->graph;
    NodeId outputs[6] = {formula->value};
    for (int i = 0; i < 2; i++) outputs[1 + i] = graph_derivative(graph, formula->value, i);
    for (int i = 0; i < 2; i++) outputs[3 + i] = graph_derivative(graph, outputs[1], i);
    outputs[5] = graph_derivative(graph, outputs[2], 1);
    require(graph_size(graph) <= GRAPH_NODES_MAX, "graphs are bounded");
    for (int i = 0; i < 6; i++) print_and_read(formula, outputs[i]);
    run_program(graph, formula->symbols, formula->n_symbols, outputs, 6);
    formula_destroy(formula);
}

static void try_script(const char *text, size_t size) {
    enum { SYMBOLS = 6 };
    static const Symbol symbols[SYMBOLS] = {{"x", LEVEL_ELEMENT, true}, {"g", LEVEL_ELEMENT, false},
        {"t", LEVEL_STEP, false}, {"lr", LEVEL_STEP, false}, {"r", LEVEL_ELEMENT, true},
        {"s", LEVEL_ELEMENT, true}};
    Graph *graph = graph_create();
    require(graph, "memory");
    Assignment assignments[SYMBOLS];
    NodeId outputs[SYMBOLS];
    int n;
    Status status = status_ok();
    if (!script_parse(graph, "rule", text, size, symbols, SYMBOLS, NULL, assignments, &n, &status)) {
        check_failure(&status, size);
    } else {
        require(n > 0 && n <= SYMBOLS, "something is assigned");
        for (int i = 0; i < n; i++) {
            require(symbols[assignments[i].symbol].assignable, "only what is assignable is assigned");
            outputs[i] = assignments[i].value;
        }
        run_program(graph, symbols, SYMBOLS, outputs, n);
    }
    graph_destroy(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1); /* of its own, so that reading beyond its end is noticed */
    if (!text) return 0;
    if (size > 0) memcpy(text, data, size);
    text = realloc(text, size > 0 ? size : 1);
    try_formula(text, size);
    try_script(text, size);
    free(text);
    return 0;
}
