/* How a flat vector of parameters is made of matrices: for those who work on a layer at a time, and never
 * need to know what the layers are of. */
#ifndef SLALOM_LAYOUT_H
#define SLALOM_LAYOUT_H

#include <stddef.h>

/* Numbers offset .. offset + rows*cols - 1: (rows, cols) row-major. A bias is a row: rows = 1. */
typedef struct LayoutBlock {
    size_t offset, rows, cols;
} LayoutBlock;

/* Blocks in the order of their offsets, without gaps: together they are the whole vector. */
typedef struct Layout {
    const LayoutBlock *blocks;
    int n_blocks;
} Layout;

#endif
