/* All pairs s, y that a quasi-Newton method has met, none forgotten, for as long as n is small: the inverse
 * Hessian of BFGS begun with gamma I is gamma A + B with dense matrices A and B that do not depend on gamma,
 * so that gamma can still be chosen anew at each step, as limited-memory BFGS does (Nocedal & Wright 7.20).
 */
#ifndef SLALOM_DENSE_PAST_H
#define SLALOM_DENSE_PAST_H

#include "vec.h"

typedef struct DensePast {
    size_t n;
    Vec *rows;         /* (2n): of A, then of B; float64 */
    double *images;    /* (2n): A v and B v of the vector that was seen last */
    double *s, *y, *w; /* (n) */
} DensePast;

double dense_past_bytes(size_t n);
/* Cuts its memory off the block at *next, which is aligned to 64 bytes; what the memory holds stays. */
void dense_past_place(DensePast *past, char **next, size_t n);

/* No pairs yet: A = I, B = 0. */
void dense_past_begin(DensePast *past);
/* One more pair, the newest: A becomes V'A V and B V'B V + s s'/y's with V = I - y s'/y's. s, y: (n), dot(s,
 * y) = sy > 0. */
void dense_past_add(DensePast *past, const Vec *s, const Vec *y, double sy);
/* to = -(gamma A + B) v; (n) */
void dense_past_aim(DensePast *past, double gamma, const Vec *v, const Vec *to);

#endif
