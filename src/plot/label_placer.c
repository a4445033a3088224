/* Greedy: each label in turn takes the first free one of a fixed row of places around its point. */
#include "label_placer.h"

/* Places: right, left, above, below; then columns of slots to the right and left of the point, which become
 * neat lists where many points meet. */
enum { PLACES_NEAR = PLACE_BELOW + 1, SLOTS = 18, PLACES = PLACES_NEAR + 4 * SLOTS };
static const float ROOM = 7; /* a nearer place must be this free on all sides to be worth a jump */
static const float SLOT_GAP = 2;

void placer_start(LabelPlacer *placer, Rect bounds) {
    placer->bounds = bounds;
    placer->n_blocks = 0;
}

void placer_block(LabelPlacer *placer, Rect rect) {
    if (placer->n_blocks < PLACER_BLOCKS_MAX) placer->blocks[placer->n_blocks++] = rect;
}

static Rect place_of(int place, Point point, float width, float height, float gap) {
    float middle = point.y - 0.5f * height, right = point.x + gap, left = point.x - gap - width;
    switch (place) {
    case PLACE_RIGHT: return (Rect){right, middle, width, height};
    case PLACE_LEFT: return (Rect){left, middle, width, height};
    case PLACE_ABOVE: return (Rect){point.x - 0.5f * width, point.y - gap - height, width, height};
    case PLACE_BELOW: return (Rect){point.x - 0.5f * width, point.y + gap, width, height};
    }
    int slot = (place - PLACES_NEAR) / 4 + 1, side = (place - PLACES_NEAR) % 4;
    float away = (float)slot * (height + SLOT_GAP);
    return (Rect){side < 2 ? right : left, side % 2 ? middle - away : middle + away, width, height};
}

/* How far a place is from its point, in rings. */
static int ring_of(int place) {
    return place < PLACES_NEAR ? 0 : (place - PLACES_NEAR) / 4 + 1;
}

static bool overlap(Rect a, Rect b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool placer_is_free(const LabelPlacer *placer, Rect rect, float room) {
    const Rect *bounds = &placer->bounds;
    if (rect.x < bounds->x || rect.y < bounds->y || rect.x + rect.width > bounds->x + bounds->width ||
        rect.y + rect.height > bounds->y + bounds->height)
        return false;
    Rect wide = {rect.x - room, rect.y - room, rect.width + 2 * room, rect.height + 2 * room};
    for (int i = 0; i < placer->n_blocks; i++)
        if (overlap(wide, placer->blocks[i])) return false;
    return true;
}

bool placer_place(
    LabelPlacer *placer, Point point, float width, float height, float gap, int *choice, Rect *place) {
    int kept = *choice;
    if (kept >= 0 && !placer_is_free(placer, place_of(kept, point, width, height, gap), 0)) kept = -1;
    *choice = kept;
    for (int i = 0; i < PLACES; i++) {
        if (kept >= 0 && ring_of(i) >= ring_of(kept)) break;
        if (placer_is_free(placer, place_of(i, point, width, height, gap), kept >= 0 ? ROOM : 0)) {
            *choice = i;
            break;
        }
    }
    if (*choice < 0) return false;
    *place = place_of(*choice, point, width, height, gap);
    placer_block(placer, *place);
    return true;
}
