/* Complaining about a name that is none, in one form: the nearest one, and what there is. */
#ifndef SLALOM_NAMES_H
#define SLALOM_NAMES_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

/* Names to choose from: `n` of them, `stride` bytes apart, the first at `first` (an array of const char *, or
 * of structs that begin with one). */
typedef struct Names {
    const void *first;
    size_t n, stride;
} Names;

#define NAMES_OF(array, count) ((Names){(array), (size_t)(count), sizeof *(array)})

/* Fails with "PROBLEM 'name'; did you mean 'nearest'? LIST a, b, c" and, where not NULL, what else is
 * possible: names_fail(status, "there is no optimizer", name, "There are", NAMES_OF(...), NULL). Returns
 * false. */
bool names_fail(
    Status *status, const char *problem, const char *name, const char *list, Names names, const char *rest);

#endif
