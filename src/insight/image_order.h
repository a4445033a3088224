/* Which images are shown: the hardest of all, or of a cell of the confusion matrix, in an order that stays
 * as it is while networks change; and a sample that is always the same. */
#ifndef SLALOM_IMAGE_ORDER_H
#define SLALOM_IMAGE_ORDER_H

#include "image_reviewer.h"

#include <stdbool.h>

enum { IMAGE_PLACES_MAX = 60 };

/* The cell of a confusion matrix. */
typedef struct ImageCell {
    int label, class; /* what they are, and are taken for; label -1: no cell */
} ImageCell;

typedef struct ImageOrder {
    int32_t images[IMAGE_PLACES_MAX];
    int n;
} ImageOrder;

/* The `wanted` images (at most IMAGE_PLACES_MAX) with the largest losses, of those in the cell where it is
 * one. Settled: the largest first, of equal ones the first. Otherwise an image leaves its place only where
 * it is no longer among twice as many, or in the cell. */
void image_order_follow(ImageOrder *order, const ImageReview *review, const ImageSet *set, ImageCell cell,
    int wanted, bool settled);

/* Images of the classes in turn, as far as there are any. */
void image_order_sample(ImageOrder *order, const ImageSet *set, int wanted);

#endif
