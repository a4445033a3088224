/* What working.c (numbers) and working_print.c (their text) share. */
#ifndef SLALOM_WORKING_INNER_H
#define SLALOM_WORKING_INNER_H

#include "lexer.h"
#include "rule.h"
#include "working.h"

/* A token of a right-hand side, and what stands there once there are numbers. */
typedef struct WorkingPiece {
    Token token;
    NodeId node;      /* the value of a name; NODE_NONE: the text as it is */
    bool is_constant; /* a hyperparameter, lr or t: as a person would type it */
    bool as_vector;   /* inside norm() and the like: both coordinates */
    bool skipped;
} WorkingPiece;

/* A line as the graph has it. */
typedef struct WorkingStatement {
    int operation; /* TOKEN_ADD_ASSIGN, ..., or '=' */
    NodeId before; /* what an operation is done to */
    NodeId node;   /* what is set; NODE_NONE where it is given */
    WorkingPiece *pieces;
    int n_pieces;
    bool is_sum; /* it has a + or - outside parentheses */
} WorkingStatement;

struct Working {
    const Optimizer *optimizer;
    RuleSymbols names;
    Symbol symbols[SYMBOLS_MAX]; /* the rule's, and some of our own */
    int n_symbols, symbol_here, first_frozen, n_frozen;
    int frozen_lines[OPTIMIZER_STATE_MAX]; /* the line that a frozen symbol has the value of */
    Graph *graph;
    VectorTerms terms, probe_terms; /* of the update, and of the probe */
    char *text;                     /* scratch of parsing */
    WorkingLine lines[WORKING_LINES_MAX];
    WorkingStatement statements[WORKING_LINES_MAX];
    int n_lines, first;                        /* first: of the script */
    int linear[OPTIMIZER_STATE_MAX], n_linear; /* state vectors that are linear in g */
    /* Derivatives of the linear states' next values, and of the next x last, by the linear states and, last,
     * by g.
     */
    NodeId response[OPTIMIZER_STATE_MAX + 1][OPTIMIZER_STATE_MAX + 1];
    double *values[WORKING_DIM]; /* by node; owned */
    double t;
};

/* What a name stands for before this line; NODE_NONE where it is none of a value. *is_constant is set where
 * the name is a hyperparameter, lr or t. */
NodeId working_find_value(Working *working, int line, const char *name, bool *is_constant);

/* Splits a right-hand side into pieces and finds what its names stand for. */
bool working_read_pieces(Working *working, int line, size_t right, Status *status);

#endif
