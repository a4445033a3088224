/* Where a relief has its heights from: a surface's formula, or losses of a network over a grid. Whoever makes
 * one begins its own type with this. */
#ifndef SLALOM_HEIGHT_SOURCE_H
#define SLALOM_HEIGHT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct HeightSource HeightSource;
struct HeightSource {
    /* Heights at the n points (x[i], y), not finite where there is none. worker: of the relief's pool, 0
     * without one; each calls for itself. */
    void (*row)(const HeightSource *source, int worker, const double *x, double y, size_t n, double *heights);
    /* What it is of has changed, and will be asked for anew. NULL: it needs not know. */
    void (*renew)(HeightSource *source);
    void (*destroy)(HeightSource *source);
    bool log_colour; /* colours and lines by the logarithm of the height above the lowest */
};

static inline void height_source_destroy(HeightSource *source) {
    if (source) source->destroy(source);
}

#endif
