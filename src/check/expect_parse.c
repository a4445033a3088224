/* From the text of an expectation to its tree, by recursive descent. Names are looked up on the way: of
 * scenes, of racers and of what can be measured of them. What comes out is for evaluate.c. */
#include "expect_parser.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tokens. */

const Token *expect_peek(const ExpectParser *parser) {
    return &parser->tokens[parser->at];
}

bool expect_is(const ExpectParser *parser, int kind) {
    return expect_peek(parser)->kind == kind;
}

static bool take(ExpectParser *parser, int kind) {
    if (!expect_is(parser, kind)) return false;
    parser->at++;
    return true;
}

bool expect_word_at(const ExpectParser *parser, int ahead, const char *word) {
    for (int i = 0; i < ahead; i++)
        if (parser->tokens[parser->at + i].kind == TOKEN_END) return false;
    const Token *token = &parser->tokens[parser->at + ahead];
    return token->kind == TOKEN_NAME && strlen(word) == token->length &&
           memcmp(parser->source.text + token->offset, word, token->length) == 0;
}

static bool take_word(ExpectParser *parser, const char *word) {
    if (!expect_word_at(parser, 0, word)) return false;
    parser->at++;
    return true;
}

int expect_fail(ExpectParser *parser, const char *message) {
    source_fail(&parser->source, expect_peek(parser)->offset, parser->status, "%s", message);
    return EXPECT_NONE;
}

int expect_fail_names(ExpectParser *parser, const Token *token, const Status *problem) {
    source_fail(&parser->source, token->offset, parser->status, "%s", problem->message);
    return EXPECT_NONE;
}

bool expect_want(ExpectParser *parser, int kind, const char *what) {
    if (take(parser, kind)) return true;
    expect_fail(parser, what);
    return false;
}

void expect_token_text(const ExpectParser *parser, const Token *token, char *out, size_t out_size) {
    size_t length = token->length < out_size ? token->length : out_size - 1;
    memcpy(out, parser->source.text + token->offset, length);
    out[length] = '\0';
}

/* Nodes. */

ExpectNode *expect_node(const ExpectParser *parser, int node) {
    return &parser->nodes[node];
}

/* Where the tokens before the present one end. */
static size_t end_before(const ExpectParser *parser) {
    const Token *token = &parser->tokens[parser->at - 1];
    return token->offset + token->length + (token->kind == EXPECT_TOKEN_QUOTED);
}

size_t expect_begin(const ExpectParser *parser) {
    const Token *token = expect_peek(parser);
    return token->offset - (token->kind == EXPECT_TOKEN_QUOTED);
}

int expect_add(ExpectParser *parser, ExpectNode node, size_t begin) {
    if (parser->n_nodes == EXPECT_NODES_MAX) return expect_fail(parser, "this expectation is too long");
    for (int i = 0; i < 3; i++) {
        if (node.a[i] == EXPECT_NONE) continue;
        int below = parser->nodes[node.a[i]].depth + 1;
        if (below > node.depth) node.depth = below;
    }
    /* A chain such as a + b + c is as deep as it is long. */
    if (node.depth > EXPECT_NODES_MAX / 4) return expect_fail(parser, "this expectation is too deep");
    node.offset = begin;
    node.length = end_before(parser) - begin;
    parser->nodes[parser->n_nodes] = node;
    return parser->n_nodes++;
}

int expect_add_of(ExpectParser *parser, ExpectKind kind, int a, int b, size_t begin) {
    return expect_add(parser, (ExpectNode){.kind = kind, .a = {a, b, EXPECT_NONE}}, begin);
}

static int add_number(ExpectParser *parser, double number, size_t begin) {
    return expect_add(
        parser, (ExpectNode){.kind = EXPECT_NUMBER, .a = EXPECT_NO_OPERANDS, .number = number}, begin);
}

/* Whether an operand is what an operator needs; says so at `begin` where it is not. */
static bool is_number(ExpectParser *parser, int node) {
    if (node == EXPECT_NONE) return false;
    const ExpectNode *operand = expect_node(parser, node);
    if (!operand->is_truth && operand->kind != EXPECT_BEST && !expect_is_wordy(parser, node)) return true;
    source_fail(&parser->source, operand->offset, parser->status,
        operand->is_truth ? "a number is wanted here, and this is a claim"
                          : "a number is wanted here, and this is a word: compare it by == or !=");
    return false;
}

static bool is_truth(ExpectParser *parser, int node) {
    if (node == EXPECT_NONE) return false;
    const ExpectNode *operand = expect_node(parser, node);
    if (operand->is_truth) return true;
    source_fail(&parser->source, operand->offset, parser->status,
        "a claim is wanted here, and this is a number: compare it with something");
    return false;
}

bool expect_is_wordy(const ExpectParser *parser, int node) {
    const ExpectNode *operand = expect_node(parser, node);
    return operand->kind == EXPECT_MEASURE &&
           quantity_word(&parser->measures->items[operand->measure].quantity, 0);
}

/* Calls. */

static int parse_truth(ExpectParser *parser);
static int parse_sum(ExpectParser *parser);

int expect_number(ExpectParser *parser) {
    int node = parse_sum(parser);
    return is_number(parser, node) ? node : EXPECT_NONE;
}

static int parse_function(ExpectParser *parser, int row, size_t begin) {
    ExpectNode node = {.kind = EXPECT_FUNCTION, .a = EXPECT_NO_OPERANDS, .operation = row};
    for (int i = 0; i < expect_functions[row].n; i++) {
        if (i > 0 && !expect_want(parser, ',', "a comma and another number are wanted here"))
            return EXPECT_NONE;
        if ((node.a[i] = expect_number(parser)) == EXPECT_NONE) return EXPECT_NONE;
    }
    if (!expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    return expect_add(parser, node, begin);
}

static bool parse_range(ExpectParser *parser, ExpectNode *node) {
    for (int i = 1; i <= 2; i++) {
        if (!take(parser, ',')) {
            if (i == 1) return true;
            expect_fail(parser, "a comma and the last step of the range are wanted here");
            return false;
        }
        if ((node->a[i] = expect_step(parser, node->act, node->racer)) == EXPECT_NONE) return false;
    }
    return true;
}

static int parse_fold(ExpectParser *parser, int row, size_t begin) {
    ExpectNode node = {.kind = EXPECT_FOLD, .a = EXPECT_NO_OPERANDS, .operation = row};
    node.is_truth = expect_folds[row].gives_truth;
    if (parser->folds == 2)
        return expect_fail(parser, "there are expressions over steps in one another twice at most");
    parser->folds++;
    int of = parse_truth(parser);
    parser->folds--;
    bool good = expect_folds[row].takes_truth ? is_truth(parser, of) : is_number(parser, of);
    if (!good) return EXPECT_NONE;
    node.a[0] = of;
    const Expectation tree = {.nodes = parser->nodes};
    int measure;
    if (!expect_first_measure(&tree, of, &measure)) {
        source_fail(&parser->source, expect_node(parser, of)->offset, parser->status,
            "nothing here changes from step to step");
        return EXPECT_NONE;
    }
    node.act = parser->measures->items[measure].act;
    node.racer = parser->measures->items[measure].racer;
    if (!parse_range(parser, &node)) return EXPECT_NONE;
    if (!expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    return expect_add(parser, node, begin);
}

static int parse_gather(ExpectParser *parser, int row, size_t begin) {
    ExpectNode node = {.kind = EXPECT_GATHER, .a = EXPECT_NO_OPERANDS, .operation = row};
    if (parser->gathers || parser->folds)
        return expect_fail(
            parser, "what is gathered over the seeds stands in nothing that is over seeds or steps");
    parser->gathers = true;
    int of = parse_truth(parser);
    parser->gathers = false;
    bool good = expect_gathers[row].takes_truth ? is_truth(parser, of) : is_number(parser, of);
    if (!good || !expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    node.a[0] = of;
    return expect_add(parser, node, begin);
}

/* A function of any kind by the word here; -2 where the word is none. */
static int parse_call(ExpectParser *parser, size_t begin) {
    if (parser->tokens[parser->at].kind != TOKEN_NAME || parser->tokens[parser->at + 1].kind != '(')
        return -2;
    char word[32];
    expect_token_text(parser, expect_peek(parser), word, sizeof word);
    for (int i = 0; i < expect_function_count; i++)
        if (strcmp(expect_functions[i].name, word) == 0)
            return parser->at += 2, parse_function(parser, i, begin);
    for (int i = 0; i < expect_fold_count; i++)
        if (strcmp(expect_folds[i].name, word) == 0) return parser->at += 2, parse_fold(parser, i, begin);
    for (int i = 0; i < expect_gather_count; i++)
        if (strcmp(expect_gathers[i].name, word) == 0) return parser->at += 2, parse_gather(parser, i, begin);
    return -2;
}

/* From tight to loose. */

static int parse_primary(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    const Token *token = expect_peek(parser);
    if (take(parser, TOKEN_NUMBER)) return add_number(parser, token->number, begin);
    if (take(parser, '(')) {
        int inner = parse_truth(parser);
        if (inner == EXPECT_NONE || !expect_want(parser, ')', "a closing parenthesis is wanted here"))
            return EXPECT_NONE;
        expect_node(parser, inner)->offset = begin;
        expect_node(parser, inner)->length = end_before(parser) - begin;
        return inner;
    }
    if (expect_word_at(parser, 0, "step") && parser->tokens[parser->at + 1].kind != '.') {
        if (!parser->folds)
            return expect_fail(parser, "'step' means something only in an expression over steps");
        parser->at++;
        return expect_add(parser, (ExpectNode){.kind = EXPECT_STEP, .a = EXPECT_NO_OPERANDS}, begin);
    }
    int call = parse_call(parser, begin);
    if (call != -2) return call;
    if (expect_is(parser, TOKEN_NAME) || expect_is(parser, EXPECT_TOKEN_QUOTED))
        return expect_parse_racer(parser);
    return expect_fail(parser, "a number, a racer or a function is wanted here");
}

static int parse_unary(ExpectParser *parser);

static int parse_power(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    int base = parse_primary(parser);
    if (base == EXPECT_NONE || !expect_is(parser, '^')) return base;
    if (!is_number(parser, base)) return EXPECT_NONE;
    if (++parser->depth > EXPECT_DEPTH_MAX) return expect_fail(parser, "this is nested too deep");
    parser->at++;
    int exponent = parse_unary(parser);
    parser->depth--;
    if (!is_number(parser, exponent)) return EXPECT_NONE;
    return expect_add_of(parser, EXPECT_POWER, base, exponent, begin);
}

static int parse_unary(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    if (!expect_is(parser, '-')) return parse_power(parser);
    if (++parser->depth > EXPECT_DEPTH_MAX) return expect_fail(parser, "this is nested too deep");
    parser->at++;
    int operand = parse_unary(parser);
    parser->depth--;
    return is_number(parser, operand) ? expect_add_of(parser, EXPECT_NEGATE, operand, EXPECT_NONE, begin)
                                      : EXPECT_NONE;
}

static int parse_product(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    int left = parse_unary(parser);
    while (left != EXPECT_NONE && (expect_is(parser, '*') || expect_is(parser, '/'))) {
        ExpectKind kind = expect_is(parser, '*') ? EXPECT_MULTIPLY : EXPECT_DIVIDE;
        if (!is_number(parser, left)) return EXPECT_NONE;
        parser->at++;
        int right = parse_unary(parser);
        if (!is_number(parser, right)) return EXPECT_NONE;
        left = expect_add_of(parser, kind, left, right, begin);
    }
    return left;
}

static int parse_sum(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    if (++parser->depth > EXPECT_DEPTH_MAX) return expect_fail(parser, "this is nested too deep");
    int left = parse_product(parser);
    while (left != EXPECT_NONE && (expect_is(parser, '+') || expect_is(parser, '-'))) {
        ExpectKind kind = expect_is(parser, '+') ? EXPECT_ADD : EXPECT_SUBTRACT;
        if (!is_number(parser, left)) return EXPECT_NONE;
        parser->at++;
        int right = parse_product(parser);
        if (!is_number(parser, right)) return EXPECT_NONE;
        left = expect_add_of(parser, kind, left, right, begin);
    }
    parser->depth--;
    return left;
}

static bool is_comparison(int kind) {
    return kind == '<' || kind == '>' || kind == TOKEN_LESS_EQUAL || kind == TOKEN_GREATER_EQUAL ||
           kind == TOKEN_EQUAL || kind == TOKEN_NOT_EQUAL;
}

/* status == diverged: the word behind the sign. */
static int parse_word_of(ExpectParser *parser, int left) {
    const Token *token = expect_peek(parser);
    const size_t begin = expect_begin(parser);
    const CheckQuantity *quantity = &parser->measures->items[expect_node(parser, left)->measure].quantity;
    const char *words[16];
    int n = 0;
    while (n < 16 && (words[n] = quantity_word(quantity, n))) n++;
    for (int i = 0; i < n; i++) {
        if (!take_word(parser, words[i])) continue;
        return expect_add(parser,
            (ExpectNode){.kind = EXPECT_NUMBER, .a = EXPECT_NO_OPERANDS, .number = i, .word = words[i]},
            begin);
    }
    if (token->kind != TOKEN_NAME)
        return expect_fail(parser, "one of the words that this can be is wanted here");
    char word[48];
    Status problem = status_ok();
    expect_token_text(parser, token, word, sizeof word);
    names_fail(&problem, "this is never", word, "It is one of", NAMES_OF(words, n), NULL);
    return expect_fail_names(parser, token, &problem);
}

static int parse_words_compared(ExpectParser *parser, int left, size_t begin) {
    int operation = expect_peek(parser)->kind;
    if (operation != TOKEN_EQUAL && operation != TOKEN_NOT_EQUAL)
        return expect_fail(parser, "this is a word: compare it by == or !=");
    parser->at++;
    int right = parse_word_of(parser, left);
    if (right == EXPECT_NONE) return EXPECT_NONE;
    return expect_add(parser,
        (ExpectNode){.kind = EXPECT_COMPARE,
            .is_truth = true,
            .a = {left, right, EXPECT_NONE},
            .operation = operation},
        begin);
}

/* A ~ B within 5 % */
static int parse_close(ExpectParser *parser, int left, size_t begin) {
    ExpectNode node = {.kind = EXPECT_CLOSE, .is_truth = true, .a = {left, EXPECT_NONE, EXPECT_NONE}};
    if (!is_number(parser, left)) return EXPECT_NONE;
    parser->at++;
    if ((node.a[1] = expect_number(parser)) == EXPECT_NONE) return EXPECT_NONE;
    if (!take_word(parser, "within")) return expect_fail(parser, "'within' and how near are wanted here");
    if ((node.a[2] = expect_number(parser)) == EXPECT_NONE) return EXPECT_NONE;
    node.relative = take(parser, '%');
    return expect_add(parser, node, begin);
}

/* a < b < c is a < b and b < c. */
static int parse_comparison(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    int left = parse_sum(parser), claim = EXPECT_NONE;
    if (left == EXPECT_NONE) return EXPECT_NONE;
    if (expect_is(parser, '~')) return parse_close(parser, left, begin);
    if (expect_is_wordy(parser, left)) return parse_words_compared(parser, left, begin);
    size_t left_begin = begin;
    while (is_comparison(expect_peek(parser)->kind)) {
        ExpectNode node = {.kind = EXPECT_COMPARE,
            .is_truth = true,
            .a = {left, EXPECT_NONE, EXPECT_NONE},
            .operation = expect_peek(parser)->kind};
        if (!is_number(parser, left)) return EXPECT_NONE;
        parser->at++;
        const size_t right_begin = expect_begin(parser);
        if ((node.a[1] = expect_number(parser)) == EXPECT_NONE) return EXPECT_NONE;
        int comparison = expect_add(parser, node, left_begin);
        if (comparison == EXPECT_NONE) return EXPECT_NONE;
        if (claim == EXPECT_NONE)
            claim = comparison;
        else if ((claim = expect_add(parser,
                      (ExpectNode){
                          .kind = EXPECT_AND, .is_truth = true, .a = {claim, comparison, EXPECT_NONE}},
                      begin)) == EXPECT_NONE)
            return EXPECT_NONE;
        left = node.a[1];
        left_begin = right_begin;
    }
    return claim == EXPECT_NONE ? left : claim;
}

static int parse_not(ExpectParser *parser) {
    const size_t begin = expect_begin(parser);
    if (!take_word(parser, "not")) return parse_comparison(parser);
    if (++parser->depth > EXPECT_DEPTH_MAX) return expect_fail(parser, "this is nested too deep");
    int operand = parse_not(parser);
    parser->depth--;
    if (!is_truth(parser, operand)) return EXPECT_NONE;
    return expect_add(parser,
        (ExpectNode){.kind = EXPECT_NOT, .is_truth = true, .a = {operand, EXPECT_NONE, EXPECT_NONE}}, begin);
}

static int parse_joined(
    ExpectParser *parser, ExpectKind kind, const char *word, int (*part)(ExpectParser *)) {
    const size_t begin = expect_begin(parser);
    int left = part(parser);
    while (left != EXPECT_NONE && expect_word_at(parser, 0, word)) {
        if (!is_truth(parser, left)) return EXPECT_NONE;
        parser->at++;
        int right = part(parser);
        if (!is_truth(parser, right)) return EXPECT_NONE;
        left = expect_add(
            parser, (ExpectNode){.kind = kind, .is_truth = true, .a = {left, right, EXPECT_NONE}}, begin);
    }
    return left;
}

static int parse_and(ExpectParser *parser) {
    return parse_joined(parser, EXPECT_AND, "and", parse_not);
}

/* A claim, or a number where there is no sign of comparison. */
static int parse_truth(ExpectParser *parser) {
    if (++parser->depth > EXPECT_DEPTH_MAX) return expect_fail(parser, "this is nested too deep");
    int node = parse_joined(parser, EXPECT_OR, "or", parse_and);
    parser->depth--;
    return node;
}

/* The whole. */

static bool parse_all(ExpectParser *parser, Expectation *out, bool any) {
    int root = parse_truth(parser);
    if (root == EXPECT_NONE) return false;
    if (!expect_is(parser, TOKEN_END)) {
        expect_fail(parser, "this is too much: the expectation ends before it");
        return false;
    }
    if (!any && !is_truth(parser, root)) return false;
    out->root = root;
    return true;
}

bool expect_parse(Expectation *out, const char *text, const Act *acts, int n_acts, MeasureList *measures,
    bool any, Status *status) {
    ExpectParser parser = {
        .source = {"expectation", text, strlen(text)},
        .acts = acts,
        .n_acts = n_acts,
        .measures = measures,
        .status = status,
    };
    *out = (Expectation){0};
    parser.tokens = expect_tokens(&parser.source, status);
    if (!parser.tokens) return false;
    if (parser.tokens[0].kind == TOKEN_END) {
        free(parser.tokens);
        return status_fail(status, STATUS_BAD_INPUT, "expectation: there is nothing in it");
    }
    parser.nodes = calloc(EXPECT_NODES_MAX, sizeof *parser.nodes);
    out->text = strdup(text);
    bool good = (parser.nodes && out->text) || status_fail(status, STATUS_FAILED, "out of memory");
    good = good && parse_all(&parser, out, any);
    out->nodes = parser.nodes;
    out->n_nodes = parser.n_nodes;
    free(parser.tokens);
    if (!good) expectation_finish(out);
    return good;
}

void expectation_finish(Expectation *expectation) {
    free(expectation->text);
    free(expectation->nodes);
    *expectation = (Expectation){0};
}

bool expect_first_measure(const Expectation *expectation, int node, int *measure) {
    if (node == EXPECT_NONE) return false;
    const ExpectNode *at = &expectation->nodes[node];
    if (at->kind == EXPECT_MEASURE) {
        *measure = at->measure;
        return true;
    }
    for (int i = 0; i < 3; i++)
        if (expect_first_measure(expectation, at->a[i], measure)) return true;
    return false;
}
