/* The operations of formulas: one row each, from which the graph, the parser's functions, the program's
 * kernels, `slalom list functions` and the tests are made. */
#ifndef SLALOM_OPERATION_H
#define SLALOM_OPERATION_H

/* X(ENUM, spelling, arity, category, meaning). Category: LEAF; OPERATOR, written with a sign; FUNCTION,
 * written name(arguments). */
#define OPERATIONS(X)                                                                                          \
    X(CONSTANT, "constant", 0, LEAF, "a number")                                                               \
    X(SYMBOL, "symbol", 0, LEAF, "a variable or parameter")                                                    \
    X(NEGATE, "-", 1, OPERATOR, "unary minus")                                                                 \
    X(ADD, "+", 2, OPERATOR, "sum")                                                                            \
    X(SUBTRACT, "-", 2, OPERATOR, "difference")                                                                \
    X(MULTIPLY, "*", 2, OPERATOR, "product")                                                                   \
    X(DIVIDE, "/", 2, OPERATOR, "quotient")                                                                    \
    X(POWER, "^", 2, OPERATOR, "power; binds tighter than unary minus, right-associative")                     \
    X(LESS, "<", 2, OPERATOR, "1 where a < b, else 0")                                                         \
    X(LESS_EQUAL, "<=", 2, OPERATOR, "1 where a <= b, else 0")                                                 \
    X(EQUAL, "==", 2, OPERATOR, "1 where a equals b, else 0")                                                  \
    X(NOT_EQUAL, "!=", 2, OPERATOR, "1 where a differs from b, else 0")                                        \
    X(SELECT, "?:", 3, OPERATOR, "c ? a : b is a where c is not 0, else b")                                    \
    X(EXP, "exp", 1, FUNCTION, "exponential")                                                                  \
    X(LOG, "log", 1, FUNCTION, "natural logarithm")                                                            \
    X(LOG10, "log10", 1, FUNCTION, "logarithm to base 10")                                                     \
    X(SQRT, "sqrt", 1, FUNCTION, "square root")                                                                \
    X(ABS, "abs", 1, FUNCTION, "absolute value")                                                               \
    X(SIGN, "sign", 1, FUNCTION, "-1, 0 or 1")                                                                 \
    X(SIN, "sin", 1, FUNCTION, "sine of radians")                                                              \
    X(COS, "cos", 1, FUNCTION, "cosine of radians")                                                            \
    X(TAN, "tan", 1, FUNCTION, "tangent of radians")                                                           \
    X(ASIN, "asin", 1, FUNCTION, "arc sine")                                                                   \
    X(ACOS, "acos", 1, FUNCTION, "arc cosine")                                                                 \
    X(ATAN, "atan", 1, FUNCTION, "arc tangent")                                                                \
    X(ATAN2, "atan2", 2, FUNCTION, "angle of the point (x, y), written atan2(y, x)")                           \
    X(SINH, "sinh", 1, FUNCTION, "hyperbolic sine")                                                            \
    X(COSH, "cosh", 1, FUNCTION, "hyperbolic cosine")                                                          \
    X(TANH, "tanh", 1, FUNCTION, "hyperbolic tangent")                                                         \
    X(SIGMOID, "sigmoid", 1, FUNCTION, "1/(1 + exp(-a)), the logistic function")                               \
    X(SOFTPLUS, "softplus", 1, FUNCTION, "log(1 + exp(a)), without overflow")                                  \
    X(RELU, "relu", 1, FUNCTION, "max(a, 0)")                                                                  \
    X(MIN, "min", 2, FUNCTION, "the smaller")                                                                  \
    X(MAX, "max", 2, FUNCTION, "the larger")                                                                   \
    X(FLOOR, "floor", 1, FUNCTION, "the whole number at or below")                                             \
    X(MOD, "mod", 2, FUNCTION, "a - b*floor(a/b): the sign of b")                                              \
    X(HYPOT, "hypot", 2, FUNCTION, "sqrt(a^2 + b^2)")                                                          \
    X(ERF, "erf", 1, FUNCTION, "error function")                                                               \
    X(CLAMP, "clamp", 3, FUNCTION, "clamp(a, low, high) is min(max(a, low), high)")

typedef enum Operation {
#define X(name, spelling, arity, category, meaning) OPERATION_##name,
    OPERATIONS(X)
#undef X
        OPERATION_COUNT,
} Operation;

typedef enum OperationCategory { CATEGORY_LEAF, CATEGORY_OPERATOR, CATEGORY_FUNCTION } OperationCategory;

typedef struct OperationRow {
    const char *spelling;
    int arity;
    OperationCategory category;
    const char *meaning;
} OperationRow;

extern const OperationRow operation_table[OPERATION_COUNT]; /* indexed by Operation */

#endif
