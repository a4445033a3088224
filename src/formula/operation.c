/* The operation table, spelt out from its list. */
#include "operation.h"

const OperationRow operation_table[OPERATION_COUNT] = {
#define X(name, spelling, arity, category, meaning)                                                          \
    [OPERATION_##name] = {spelling, arity, CATEGORY_##category, meaning},
    OPERATIONS(X)
#undef X
};
