/* Formulas of x and y for tests: parsed, and held against how they print. */
#ifndef SLALOM_TEST_FORMULA_TEXT_H
#define SLALOM_TEST_FORMULA_TEXT_H

#include "test.h"

#include "parse.h"

#include <string.h>

enum { PRINT_MAX = 1 << 16 };

static const char *const axes[] = {"x", "y"};

static inline Formula *parse(const char *text) {
    Status status = status_ok();
    Formula *formula = formula_parse(text, strlen(text), axes, 2, &status);
    if (!formula) fail_msg("%s: %s", text, status.message);
    return formula;
}

/* What a node prints as. The caller frees it. */
static inline Text printed(const Formula *formula, NodeId node) {
    Text text = {0};
    graph_print(formula->graph, node, formula->symbols, PRINT_MAX, &text);
    return text;
}

static inline void assert_prints(const char *of, const Formula *formula, NodeId node, const char *expected) {
    Text text = printed(formula, node);
    if (strcmp(text_string(&text), expected) != 0)
        fail_msg("%s prints as %s, not %s", of, text_string(&text), expected);
    text_finish(&text);
}

#endif
