/* What can be said of a racer at a step, and the columns of a race's CSV: one row of a table each. */
#ifndef SLALOM_COLUMNS_H
#define SLALOM_COLUMNS_H

#include "diagnostics.h"
#include "regret.h"
#include "status.h"
#include "text.h"

#include <stdio.h>

enum { COLUMNS_MAX = 64 };

typedef struct Column Column;

const Column *column_find(const char *name); /* NULL where there is none */
const Column *column_at(int i);              /* in the order of the table; NULL beyond its end */
const char *column_name(const Column *column);
const char *column_meaning(const Column *column); /* "" where the column before says it */
bool column_is_number(const Column *column);      /* otherwise it can only be written */
/* What a number of the column is called ("diverged"); NULL where it is just a number, or no such. */
const char *column_word(const Column *column, int number);
bool column_wants_regret(const Column *column);
bool column_is_of_plane(const Column *column); /* needs a race on a surface */
/* The number at the step that the race has just done. surface, regret: NULL where there is none, and then the
 * column needs none. */
double column_value(const Column *column, const Race *race, int racer, Surface *surface, Regret *regret);

/* Which columns are written, in order. */
typedef struct ColumnList {
    const Column *columns[COLUMNS_MAX];
    int n;
} ColumnList;

/* Those that are written when nobody chooses. */
ColumnList columns_default(void);

/* The same for a race in other than two dimensions: x1,...,xN, or norms only where they are many. */
ColumnList columns_of_field(const Race *race);

/* Reads a,b,c; "+a,b" adds to the default ones. */
bool columns_read(ColumnList *list, const char *text, Status *status);

/* Whether a row needs a Regret. */
bool columns_want_regret(const ColumnList *list);

void columns_write_header(const ColumnList *list, FILE *file, const Race *race);
/* The row of a racer at the step that the race has just done. surface, regret: NULL where there is none. */
void columns_write_row(
    const ColumnList *list, FILE *file, const Race *race, int racer, Surface *surface, Regret *regret);

/* Writes a field of RFC 4180: in quotes where it has to be. */
void csv_write_field(FILE *file, const char *field);

/* Appends each column and what it means, a line each. */
void columns_help(Text *out);

#endif
