/* Examples by hand: points that are put to the training part of data in the plane, and examples of it that
 * are taken for another class or left out. Validation and test are never touched. */
#ifndef SLALOM_HAND_POINTS_H
#define SLALOM_HAND_POINTS_H

#include "dataset.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

enum { HAND_POINTS_MAX = 2000, HAND_NO_CLASS = -1 };

/* So far from 0 a point may lie. */
#define HAND_PLACE_MAX 1e9

typedef struct HandPoint {
    int example; /* 0: a point that is added; otherwise the number, from 1, of a training example */
    int label;   /* its class; HAND_NO_CLASS: an example is left out, and a point is one of a curve */
    double x, y; /* of a point that is added, in the units of the data: of a curve input and target */
} HandPoint;

/* Start from {0}. */
typedef struct HandPoints {
    HandPoint *items; /* (n); owned; an example's number comes once */
    int n, room;
} HandPoints;

void hand_points_finish(HandPoints *points);
/* False where memory is out; then there is none in it. */
bool hand_points_copy(HandPoints *to, const HandPoints *from);
bool hand_points_is_same(const HandPoints *a, const HandPoints *b);
/* Differs where the points do, but by bad luck; 0 where there are none. */
uint64_t hand_points_fingerprint(const HandPoints *points);

/* Puts a point behind the others; what is said of an example takes the place of what was said of it before.
 * False where there is no room. */
bool hand_points_put(HandPoints *points, HandPoint point);
void hand_points_remove(HandPoints *points, int i);
/* Forgets what is said of examples; points that are added stay. */
void hand_points_forget_examples(HandPoints *points);

/* Reads "X,Y,CLASS; X,Y; EXAMPLE=CLASS; EXAMPLE=none; ...", with blanks and ends of lines between; "" for
 * none. On failure nothing has changed. */
bool hand_points_read(HandPoints *points, const char *text, Status *status);
/* Appends such a text, in lines of a handful. */
void hand_points_write(const HandPoints *points, Text *out);

/* Inputs as a network sees them: (v - shift)*scale of the data's own units. */
typedef struct HandScale {
    double shift[2], scale[2];
} HandScale;

/* Does to the training part, which begins the data, what the points say. Points come behind its examples, in
 * their order; so large a share of them as `validation` goes to the beginning of that part. origins: room for
 * the training examples and all points: where those of the training part and the points come from then, the
 * number of an example, or -1 - i for item i. Fails where a point does not suit the data. */
bool hand_points_join(const HandPoints *points, Dataset *dataset, Split *split, const HandScale *scale,
    double validation, int32_t *origins, Status *status);

#endif
