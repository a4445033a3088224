/* Heights are given out from what is needed most; pictures are whole multiples of their pixels. */
#include "images_layout.h"

#include <math.h>

static const float OUTER = 10, GAP = 14, TILE_GAP = 8, UNIT_GAP = 3, TOP_HEIGHT = 26, HEADER_HEIGHT = 26;
static const float NARROW_WIDTH = 440;                  /* of one racer: all in one column */
static const float LEFT_SHARE = 0.54f;                  /* images, of one racer */
static const float TILE_MAX = 160, TILE_MIN = 26;       /* of an image's longer side */
static const float CELL_MAX = 30, CELL_COLUMN_MAX = 24; /* the latter where a column has all */
static const float CAPTION = 30, CAPTION_TALL = 44;
enum { COLUMNS_GOOD = 4 };     /* with fewer of them, captions are narrower and taller */
static const float TILES = 60; /* so many fill the room, about */
static const float CELL_LEAST = 14, CELL_GOOD = 20, UNIT_MAX = 72, UNIT_MIN = 18;
static const float NAMES_HEIGHT = 16; /* above the matrix */
static const float WEIGHTS_LEAST = 110, WEIGHTS_WIDTH = 120, PICTURES_LEAST = 2 * (20 + 30 + 32);

/* The largest whole multiple of an image's pixels whose longer side is not above `most`, or, for large
 * images, that; in logical lengths. */
static void fit_picture(const ImagesNeeds *needs, float scale, float most, float *width, float *height) {
    const int longer = needs->width > needs->height ? needs->width : needs->height;
    const float times = floorf(most * scale / (float)longer);
    const float side = times >= 1 ? times * (float)longer : fmaxf(floorf(most * scale), 1);
    *width = fmaxf(roundf(side * (float)needs->width / (float)longer), 1) / scale;
    *height = fmaxf(roundf(side * (float)needs->height / (float)longer), 1) / scale;
}

/* How many of them are beside each other, with captions that need so much room. */
static int column_count(Rect room, float caption) {
    const float usual = fminf(sqrtf(room.width * room.height / TILES), TILE_MAX);
    const float wanted = fmaxf(fmaxf(caption, TILE_MIN), usual) + TILE_GAP;
    return (int)fmaxf(floorf((room.width + TILE_GAP) / wanted), 1);
}

/* Rows of pictures with captions for both sections: fewer and larger ones, or more where they are low. */
static void lay_pictures(ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float scale) {
    const int wide = column_count(room, needs->caption), narrow = column_count(room, needs->narrow);
    const bool tall = wide < COLUMNS_GOOD && narrow > wide;
    const int columns = tall ? narrow : wide;
    layout->caption = tall ? CAPTION_TALL : CAPTION;
    const float tile = floorf((room.width + TILE_GAP) / (float)columns) - TILE_GAP;
    const float height = room.height - 2 * IMAGES_TITLE_HEIGHT - TILE_GAP;
    const float row_most = 0.5f * height - layout->caption - TILE_GAP; /* two rows at least */
    ImagesGrid *grid = &layout->hardest;
    fit_picture(needs, scale, fmaxf(fminf(fminf(tile, TILE_MAX), row_most), 1), &grid->width, &grid->height);
    grid->columns = columns;
    grid->step_x = tile + TILE_GAP;
    grid->step_y = grid->height + layout->caption + TILE_GAP;
    const int rows = (int)fmaxf(floorf(height / grid->step_y), 2);
    const int sample_rows = rows / 2, one_each = (needs->n_classes + columns - 1) / columns;
    grid->step_y += fminf(floorf(fmaxf(height - (float)rows * grid->step_y, 0) / (float)rows), 12);
    layout->sample = *grid;
    layout->sample.rows = sample_rows < one_each ? sample_rows : one_each;
    grid->rows = rows - layout->sample.rows;
    const float hardest = IMAGES_TITLE_HEIGHT + (float)grid->rows * grid->step_y;
    const float sample = IMAGES_TITLE_HEIGHT + (float)layout->sample.rows * grid->step_y;
    layout->places[0].hardest = (Rect){room.x, room.y, room.width, hardest};
    layout->places[0].sample = (Rect){room.x, room.y + hardest + TILE_GAP, room.width, sample};
}

static float matrix_height(float cell, int n_classes) {
    return IMAGES_TITLE_HEIGHT + NAMES_HEIGHT + cell * (float)n_classes + IMAGES_LEGEND_HEIGHT;
}

static void lay_matrix(ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float most, float scale) {
    const float n = (float)needs->n_classes;
    const float width = (room.width - layout->name - needs->rate) / n;
    const float height = (room.height - matrix_height(0, 0)) / n;
    const float cell = fmaxf(fminf(fminf(width, height), most), 1 / scale);
    layout->cell = cell >= 4 ? floorf(cell * scale) / scale : cell;
    room.height = fminf(matrix_height(layout->cell, needs->n_classes), room.height);
    layout->places[0].confusion = room;
}

/* As many units as there are where they fit, the larger the better; otherwise as many as fit. */
static void lay_weights(ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float scale) {
    const float height = room.height - IMAGES_TITLE_HEIGHT - IMAGES_LEGEND_HEIGHT;
    ImagesGrid *grid = &layout->weights;
    for (float most = fminf(UNIT_MAX, height - UNIT_GAP); most > 0; most -= 1) {
        fit_picture(needs, scale, most, &grid->width, &grid->height);
        grid->step_x = grid->width + UNIT_GAP;
        grid->step_y = grid->height + UNIT_GAP;
        grid->columns = (int)floorf((room.width + UNIT_GAP) / grid->step_x);
        grid->rows = (int)floorf(height / grid->step_y);
        if (grid->columns * grid->rows >= needs->n_units || most <= UNIT_MIN) break;
    }
    if (grid->columns < 1) grid->columns = 1;
    const int rows = (needs->n_units + grid->columns - 1) / grid->columns;
    if (rows < grid->rows) grid->rows = rows;
    room.height = IMAGES_TITLE_HEIGHT + (float)grid->rows * grid->step_y + IMAGES_LEGEND_HEIGHT;
    layout->places[0].weights = room;
}

static void offer(ImagesLayout *layout, int chosen, const ImagesPage *pages, int n) {
    for (int i = 0; i < n; i++) layout->pages[i] = pages[i];
    layout->n_pages = n;
    layout->page = chosen % n;
}

/* The matrix with the weights below it or at its right, or one of the two. */
static void lay_rest(
    ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float most, float scale, int page) {
    const float matrix = matrix_height(fminf(CELL_GOOD, most), needs->n_classes);
    const bool below = room.height >= matrix + GAP + WEIGHTS_LEAST;
    Rect weights = room;
    if (below) room.height -= GAP + WEIGHTS_LEAST;
    lay_matrix(layout, room, needs, most, scale);
    const Rect *above = &layout->places[0].confusion;
    const float width = layout->name + layout->cell * (float)needs->n_classes + layout->rate + GAP;
    const bool right = !below && room.width - width >= WEIGHTS_WIDTH;
    if (below) {
        weights.y += above->height + GAP;
        weights.height -= above->height + GAP;
    } else if (right) {
        layout->places[0].confusion.width = width - GAP;
        weights.x += width;
        weights.width -= width;
        weights.height = above->height;
    } else {
        offer(layout, page, (const ImagesPage[]){IMAGES_CONFUSION, IMAGES_WEIGHTS}, 2);
        if (layout->pages[layout->page] == IMAGES_CONFUSION) return;
        layout->places[0].confusion.width = 0;
    }
    lay_weights(layout, weights, needs, scale);
}

static void lay_beside(ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float scale, int page) {
    const float rest = needs->name + needs->rate + CELL_MAX * (float)needs->n_classes;
    const float left = floorf(fmaxf(LEFT_SHARE * room.width, room.width - rest - GAP));
    lay_pictures(layout, (Rect){room.x, room.y, left - GAP, room.height}, needs, scale);
    lay_rest(
        layout, (Rect){room.x + left, room.y, room.width - left, room.height}, needs, CELL_MAX, scale, page);
}

static void lay_below(ImagesLayout *layout, Rect room, const ImagesNeeds *needs, float scale, int page) {
    const float least = matrix_height(CELL_LEAST, needs->n_classes);
    if (room.height < PICTURES_LEAST + GAP + fminf(least, 260)) {
        offer(layout, page, (const ImagesPage[]){IMAGES_PICTURES, IMAGES_CONFUSION, IMAGES_WEIGHTS}, 3);
        switch (layout->pages[layout->page]) {
        case IMAGES_CONFUSION: lay_matrix(layout, room, needs, CELL_MAX, scale); break;
        case IMAGES_WEIGHTS: lay_weights(layout, room, needs, scale); break;
        default: lay_pictures(layout, room, needs, scale); break;
        }
        return;
    }
    const float most = (room.width - layout->name - needs->rate) / (float)needs->n_classes;
    const float matrix = matrix_height(fminf(most, CELL_COLUMN_MAX), needs->n_classes);
    const float rest = fmaxf(fminf(matrix, room.height - PICTURES_LEAST - GAP), 0);
    Rect pictures = {room.x, room.y, room.width, room.height - rest - GAP};
    lay_pictures(layout, pictures, needs, scale);
    const Rect *sample = &layout->places[0].sample;
    const float used = sample->y + sample->height - room.y + GAP;
    lay_rest(layout, (Rect){room.x, room.y + used, room.width, room.height - used}, needs, CELL_COLUMN_MAX,
        scale, page);
}

static Rect moved(Rect rect, float x) {
    rect.x += x;
    return rect;
}

ImagesLayout images_layout(Rect plot, float scale, const ImagesNeeds *needs, int n_racers, int page) {
    ImagesLayout layout = {.n = n_racers > 1 ? n_racers : 1, .n_pages = 1};
    const Rect inner = {roundf((plot.x + OUTER) * scale) / scale, roundf((plot.y + 4) * scale) / scale,
        fmaxf(plot.width - 2 * OUTER, 1), fmaxf(plot.height - 4 - OUTER, 1)};
    const float n = (float)layout.n, column = floorf((inner.width - (n - 1) * 2 * GAP) / n);
    layout.top = (Rect){inner.x, inner.y, inner.width, TOP_HEIGHT};
    const Rect header = {inner.x, inner.y + TOP_HEIGHT, column, HEADER_HEIGHT};
    const float above = TOP_HEIGHT + HEADER_HEIGHT + 6;
    const Rect room = {inner.x, inner.y + above, column, fmaxf(inner.height - above, 1)};
    layout.places[0].header = header;
    layout.name = fminf(needs->name, 0.25f * column);
    layout.rate = needs->rate;
    if (layout.n == 1 && column >= NARROW_WIDTH)
        lay_beside(&layout, room, needs, scale, page);
    else
        lay_below(&layout, room, needs, scale, page);
    for (int i = 1; i < layout.n; i++) {
        const float x = (float)i * (column + 2 * GAP);
        const ImagesPlace *first = &layout.places[0];
        layout.places[i] = (ImagesPlace){moved(first->header, x), moved(first->hardest, x),
            moved(first->sample, x), moved(first->confusion, x), moved(first->weights, x)};
    }
    return layout;
}

Rect images_grid_rect(const ImagesGrid *grid, Rect section, int i) {
    return (Rect){section.x + (float)(i % grid->columns) * grid->step_x,
        section.y + IMAGES_TITLE_HEIGHT + (float)(i / grid->columns) * grid->step_y, grid->width,
        grid->height};
}

int images_grid_at(const ImagesGrid *grid, Rect section, float x, float y) {
    const float column = floorf((x - section.x) / grid->step_x);
    const float row = floorf((y - section.y - IMAGES_TITLE_HEIGHT) / grid->step_y);
    const bool inside = column >= 0 && column < (float)grid->columns && row >= 0 && row < (float)grid->rows;
    return inside ? (int)row * grid->columns + (int)column : -1;
}

Rect images_matrix_rect(const ImagesLayout *layout, Rect section, int n_classes) {
    const float side = layout->cell * (float)n_classes;
    return (Rect){section.x + layout->name, section.y + IMAGES_TITLE_HEIGHT + NAMES_HEIGHT, side, side};
}
