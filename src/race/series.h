/* Quantities of a racer over the rows of its trace, for charts.
 *
 * Some of them take derivatives of the surface at every row, which is more than a frame has time for. A
 * Series keeps the values of one quantity for all racers, and is filled in slices: first every 16th row, then
 * those in between. */
#ifndef SLALOM_SERIES_H
#define SLALOM_SERIES_H

#include "race.h"
#include "surface.h"

#include <stdbool.h>
#include <stdint.h>

/* What values are taken from. */
typedef struct SeriesSource {
    const Race *race;
    Surface *surface; /* what the race runs on; NULL where that is no surface */
    double lowest;    /* the lowest known loss; NAN where none is known */
} SeriesSource;

typedef enum QuantityNeed {
    NEEDS_TRACE,
    NEEDS_PATH,    /* the positions of the racers */
    NEEDS_LOWEST,  /* a known lowest loss */
    NEEDS_MINIMUM, /* a known minimum of a surface */
    NEEDS_SURFACE,
    NEEDS_DATA, /* what is learned of data: of networks, whose curves have it (insight/curves_data.h) */
} QuantityNeed;

enum { SERIES_BATCH = 64 }; /* so many rows are computed at a time */

/* "The step" of a row is the one that led there: what belongs to it is NAN in row 0, and where it left what
 * numbers can say. */
typedef struct Quantity {
    const char *name;  /* in a scene */
    const char *title; /* for people, short */
    const char *tip;   /* what it is, one sentence */
    QuantityNeed need;
    bool logarithmic; /* best seen so, where it is positive */
    bool bounded;     /* does not go through the roof where a racer diverges */
    /* What a trace holds already; NULL: it is computed, where it exists, */
    const double *(*array)(const Trace *trace);
    /* by this: values[i] at rows[i], n <= SERIES_BATCH. */
    void (*compute)(
        const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values);
} Quantity;

extern const Quantity quantity_table[];
extern const int quantity_count;
int quantity_find(const char *name); /* -1 where there is none */
bool quantity_exists(const Quantity *quantity, const SeriesSource *source);

enum { SERIES_LEVELS = 5 };

/* Start from {0}. */
typedef struct Series {
    const Quantity *quantity;
    const Race *race;
    uint64_t version; /* of the traces */
    int64_t rows;     /* room for each racer */
    double *values;   /* (racers, rows); owned */
    size_t room;
    int64_t done[SERIES_LEVELS]; /* rows below are filled, of those that belong to the level: */
} Series;
void series_finish(Series *series);

/* What is wanted from now on, for all racers: forgets what was computed where that is something else, or
 * where the traces are others (`version`). A race that has only gone on keeps what there is. Allocates where
 * a race is larger than those before; false where memory is out. */
bool series_want(Series *series, const SeriesSource *source, const Quantity *quantity, uint64_t version);

/* Works on for about `budget_s`. True once every row that the race has is filled. */
bool series_fill(Series *series, const SeriesSource *source, double budget_s);

/* Whether a row is filled, for all racers that have it. */
static inline bool series_has(const Series *series, int64_t row) {
    int level = SERIES_LEVELS - 1;
    while (level > 0 && row % (2 << (SERIES_LEVELS - 1 - level)) == 0) level--;
    return row < series->done[level];
}
bool series_is_finished(const Series *series);

/* By row; what is not filled is anything. */
const double *series_values(const Series *series, int racer);

/* One value, computed where it is not there yet. */
double series_value(const Series *series, const SeriesSource *source, int racer, int64_t row);

#endif
