/* What the two halves of the parser share: expressions (expect_parse.c), and what is measured of whom
 * (expect_racer.c). */
#ifndef SLALOM_EXPECT_PARSER_H
#define SLALOM_EXPECT_PARSER_H

#include "expect_lexer.h"
#include "expect_tree.h"
#include "names.h"

#define EXPECT_NO_OPERANDS                                                                                   \
    { EXPECT_NONE, EXPECT_NONE, EXPECT_NONE }

typedef struct ExpectParser {
    Source source;
    Token *tokens; /* owned; ends in TOKEN_END */
    int at;        /* the token that comes next */
    ExpectNode *nodes;
    int n_nodes;
    int depth;    /* of parentheses and signs around the present place */
    int folds;    /* expressions over steps around it */
    bool gathers; /* it is gathered over the seeds */
    const Act *acts;
    int n_acts;
    MeasureList *measures;
    Status *status;
} ExpectParser;

const Token *expect_peek(const ExpectParser *parser);
bool expect_is(const ExpectParser *parser, int kind);
/* Whether the token so many ahead is a name that is this word. */
bool expect_word_at(const ExpectParser *parser, int ahead, const char *word);
/* Goes on behind a token of this kind, or fails with what is wanted. */
bool expect_want(ExpectParser *parser, int kind, const char *what);
void expect_token_text(const ExpectParser *parser, const Token *token, char *out, size_t out_size);

/* Fail at the token here, or at one whose name was looked up; EXPECT_NONE. */
int expect_fail(ExpectParser *parser, const char *message);
int expect_fail_names(ExpectParser *parser, const Token *token, const Status *problem);

/* Where the text of a node that begins here begins. */
size_t expect_begin(const ExpectParser *parser);
ExpectNode *expect_node(const ExpectParser *parser, int node);
/* Adds a node whose text goes from `begin` to here. EXPECT_NONE where there are too many. */
int expect_add(ExpectParser *parser, ExpectNode node, size_t begin);
int expect_add_of(ExpectParser *parser, ExpectKind kind, int a, int b, size_t begin);
/* Whether a node is measured in words. */
bool expect_is_wordy(const ExpectParser *parser, int node);

/* A number. */
int expect_number(ExpectParser *parser);
/* A step of a racer: a number, `end`, `best` or `epoch N`. */
int expect_step(ExpectParser *parser, int act, int racer);
/* [STEP.]RACER and what follows. */
int expect_parse_racer(ExpectParser *parser);

#endif
