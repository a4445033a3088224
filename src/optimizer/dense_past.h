/* All pairs s, y that a quasi-Newton method has met, none forgotten, for as long as n is small: the inverse
 * Hessian H of BFGS as a dense matrix (Nocedal & Wright 6.17). */
#ifndef SLALOM_DENSE_PAST_H
#define SLALOM_DENSE_PAST_H

#include "vec.h"

typedef struct DensePast {
    size_t n, width;   /* width: n and zeros up to whole blocks */
    double *cells;     /* of H, which is symmetric: its lower half, in blocks */
    double *s, *w;     /* (width): where `is_behind`, s w' + w s' is still to be added to the cells */
    double *v, *image; /* (width): the vector that was seen last, and H v */
    bool is_behind;
} DensePast;

double dense_past_bytes(size_t n);
/* Cuts its memory off the block at *next, which is aligned to 64 bytes; what the memory holds stays. */
void dense_past_place(DensePast *past, char **next, size_t n);

/* No pairs yet: H = gamma I. */
void dense_past_begin(DensePast *past, double gamma);
/* One more pair, the newest: H becomes V'H V + s s'/y's with V = I - y s'/y's. s, y: (n), dot(s, y) = sy > 0.
 */
void dense_past_add(DensePast *past, const Vec *s, const Vec *y, double sy);
/* to = -H v; (n) */
void dense_past_aim(DensePast *past, const Vec *v, const Vec *to);

#endif
