/* What is hardest is found in one pass, by insertion into the few that are kept. */
#include "image_order.h"

#include <math.h>

enum { KEPT_MAX = 2 * IMAGE_PLACES_MAX };

typedef struct Hardest {
    int32_t images[KEPT_MAX];
    double losses[KEPT_MAX];
    int n;
} Hardest;

static void insert(Hardest *hardest, int room, int32_t image, double loss) {
    int at = hardest->n;
    if (at == room && !(loss > hardest->losses[room - 1])) return;
    if (at == room) at--;
    for (; at > 0 && loss > hardest->losses[at - 1]; at--) {
        hardest->losses[at] = hardest->losses[at - 1];
        hardest->images[at] = hardest->images[at - 1];
    }
    hardest->losses[at] = loss;
    hardest->images[at] = image;
    if (hardest->n < room) hardest->n++;
}

static void find_hardest(
    Hardest *hardest, const ImageReview *review, const ImageSet *set, ImageCell cell, int room) {
    hardest->n = 0;
    for (size_t i = 0; i < set->n; i++) {
        bool inside =
            cell.label < 0 || (review->classes[i] == cell.class && image_set_label(set, i) == cell.label);
        double loss = (double)review->losses[i];
        if (inside) insert(hardest, room, (int32_t)i, isnan(loss) ? INFINITY : loss);
    }
}

static int place_of(const int32_t *images, int n, int32_t image) {
    for (int i = 0; i < n; i++)
        if (images[i] == image) return i;
    return -1;
}

/* Leaves those where they are that may stay; fills the other places with the hardest of the rest. */
static void keep(ImageOrder *order, const Hardest *hardest, int wanted) {
    int next = 0, n = hardest->n < wanted ? hardest->n : wanted;
    for (int i = 0; i < order->n; i++)
        if (place_of(hardest->images, hardest->n, order->images[i]) < 0) order->images[i] = -1;
    for (int i = n; i < order->n; i++) order->images[i] = -1;
    for (int i = 0; i < n; i++) {
        if (i < order->n && order->images[i] >= 0) continue;
        while (place_of(order->images, i > order->n ? i : order->n, hardest->images[next]) >= 0) next++;
        order->images[i] = hardest->images[next++];
    }
    order->n = n;
}

void image_order_follow(ImageOrder *order, const ImageReview *review, const ImageSet *set, ImageCell cell,
    int wanted, bool settled) {
    Hardest hardest;
    if (wanted > IMAGE_PLACES_MAX) wanted = IMAGE_PLACES_MAX;
    if (wanted < 1) {
        order->n = 0;
        return;
    }
    find_hardest(&hardest, review, set, cell, 2 * wanted);
    if (settled) order->n = 0;
    keep(order, &hardest, wanted);
}

void image_order_sample(ImageOrder *order, const ImageSet *set, int wanted) {
    if (wanted > IMAGE_PLACES_MAX) wanted = IMAGE_PLACES_MAX;
    order->n = 0;
    for (bool found = true; found && order->n < wanted;) {
        found = false;
        for (int label = 0; label < set->n_classes && order->n < wanted; label++) {
            int32_t last = -1; /* the image of this class that was taken last */
            for (int i = 0; i < order->n; i++)
                if (image_set_label(set, (size_t)order->images[i]) == label) last = order->images[i];
            size_t image = (size_t)(last + 1);
            while (image < set->n && image_set_label(set, image) != label) image++;
            if (image == set->n) continue;
            order->images[order->n++] = (int32_t)image;
            found = true;
        }
    }
}
