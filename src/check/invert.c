/* The opposite of a claim as text, comparison by comparison: what must be seen to fail where the claim holds.
 * It is read and evaluated like any other, so that a claim that holds whatever happens is found out. */
#include "evaluate.h"

#include "expect_lexer.h"

#include <string.h>

static const char *opposite(int operation) {
    switch (operation) {
    case '<': return ">=";
    case '>': return "<=";
    case TOKEN_LESS_EQUAL: return ">";
    case TOKEN_GREATER_EQUAL: return "<";
    case TOKEN_EQUAL: return "!=";
    default: return "==";
    }
}

static const ExpectNode *node_of(const Expectation *expectation, int node) {
    return &expectation->nodes[node];
}

static void append_as_it_is(const Expectation *expectation, int node, Text *out) {
    const ExpectNode *at = node_of(expectation, node);
    text_append_bytes(out, expectation->text + at->offset, at->length);
}

static void append_opposite(const Expectation *expectation, int node, Text *out);

static void append_fold(const Expectation *expectation, const ExpectNode *node, Text *out) {
    const bool all = strcmp(expect_folds[node->operation].name, "all") == 0;
    text_append(out, "%s(", all ? "any" : "all");
    append_opposite(expectation, node->a[0], out);
    for (int i = 1; i < 3; i++) {
        if (node->a[i] == EXPECT_NONE) continue;
        text_append(out, ", ");
        append_as_it_is(expectation, node->a[i], out);
    }
    text_append(out, ")");
}

static void append_opposite(const Expectation *expectation, int node, Text *out) {
    const ExpectNode *at = node_of(expectation, node);
    if (at->kind == EXPECT_FOLD) {
        append_fold(expectation, at, out);
    } else if (at->kind == EXPECT_AND || at->kind == EXPECT_OR) {
        text_append(out, "(");
        append_opposite(expectation, at->a[0], out);
        text_append(out, at->kind == EXPECT_AND ? " or " : " and ");
        append_opposite(expectation, at->a[1], out);
        text_append(out, ")");
    } else if (at->kind == EXPECT_NOT) {
        append_as_it_is(expectation, at->a[0], out);
    } else if (at->kind == EXPECT_COMPARE && !at->whole_phrase) {
        append_as_it_is(expectation, at->a[0], out);
        text_append(out, " %s ", opposite(at->operation));
        append_as_it_is(expectation, at->a[1], out);
    } else {
        text_append(out, "not (");
        append_as_it_is(expectation, node, out);
        text_append(out, ")");
    }
}

void expectation_invert(const Expectation *expectation, Text *out) {
    append_opposite(expectation, expectation->root, out);
}

bool expectation_invert_shares(const Expectation *expectation, Text *out) {
    size_t done = 0;
    bool found = false;
    for (int i = 0; i < expectation->n_nodes; i++) { /* in the order of the text: gathers are not nested */
        const ExpectNode *at = node_of(expectation, i);
        if (at->kind != EXPECT_GATHER || !expect_gathers[at->operation].takes_truth) continue;
        const ExpectNode *claim = node_of(expectation, at->a[0]);
        text_append_bytes(out, expectation->text + done, claim->offset - done);
        append_opposite(expectation, at->a[0], out);
        done = claim->offset + claim->length;
        found = true;
    }
    if (found) text_append(out, "%s", expectation->text + done);
    return found;
}
