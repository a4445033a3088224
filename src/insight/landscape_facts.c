/* Sentences of a landscape, cut where there is no room, and its table. */
#include "landscape_facts.h"

#include "landscape_line.h"
#include "marker.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float PADDING = 12, LINE = 17, ROW = 18, HEAD = 18, COLUMN_GAP = 24;
static const float COLUMN_LEAST = 350, COLUMN_MOST = 480, NUMBER_WIDTH = 82, TABLE_SHARE = 0.36f;
enum { TITLE_LINES = 2, NUMBERS = 3 };

/* Rows of what fits; the chosen racer is always one of them. */
FactsLayout landscape_facts_lay_out(Canvas *canvas, Rect plot, const Subject *subject) {
    FactsLayout layout = {.title = plot, .picture = plot, .table = plot};
    int n = 0;
    for (int i = 0; i < subject_racer_count(subject); i++) n += subject_racer_visible(subject, i);
    const float room = plot.width - 2 * PADDING;
    layout.columns = room >= 2 * COLUMN_LEAST + COLUMN_GAP && n > 1 ? 2 : 1;
    int lines = (n + layout.columns - 1) / layout.columns;
    const int most = (int)fmaxf(floorf((TABLE_SHARE * plot.height - HEAD - PADDING) / ROW), 0);
    if (lines > most) lines = most;
    layout.title.height = fminf(TITLE_LINES * LINE + PADDING, plot.height);
    layout.table.height = lines > 0 ? HEAD + (float)lines * ROW + PADDING : 0;
    layout.table.y = plot.y + plot.height - layout.table.height;
    layout.picture.y = roundf((plot.y + layout.title.height) * canvas->scale) / canvas->scale;
    layout.picture.height =
        floorf(fmaxf(layout.table.y - layout.picture.y, 0) * canvas->scale) / canvas->scale;
    const int places = lines * layout.columns, chosen = subject->selected;
    const float width =
        fminf((room - COLUMN_GAP * (float)(layout.columns - 1)) / (float)layout.columns, COLUMN_MOST);
    int place = 0, left = places;
    for (int i = 0; i < subject_racer_count(subject); i++) {
        if (!subject_racer_visible(subject, i)) continue;
        const bool keeps_for_chosen = chosen > i && left == 1 && subject_racer_visible(subject, chosen);
        if (left == 0 || keeps_for_chosen) continue;
        layout.rows[i] = (Rect){plot.x + PADDING + (width + COLUMN_GAP) * (float)(place / lines),
            layout.table.y + HEAD + ROW * (float)(place % lines), width, ROW};
        place++;
        left--;
    }
    return layout;
}

static void say_loss(const LandscapeResult *result, char *text, size_t size) {
    const char *more = result->kind == NETWORK_PLANE_LINE ? "" : " as the ground";
    snprintf(text, size, "loss on %d training examples%s", result->examples, more);
}

/* In full, or in few words where there is little room. */
static void say_plane(
    const LandscapeResult *result, const Subject *subject, bool in_full, char *text, size_t size) {
    const int *racers = result->wish.racers;
    const char *first = subject_racer_title(subject, racers[0]),
               *second = subject_racer_title(subject, racers[1]);
    const bool two = racers[0] != racers[1];
    char share[64] = "";
    if (isfinite(result->explained))
        snprintf(share, sizeof share,
            in_full ? ", which holds %.*f %% of how the ways vary" : ": %.*f %% of how they vary",
            result->explained > 0.995 ? 2 : 1, 100 * result->explained);
    switch (result->kind) {
    case NETWORK_PLANE_PRINCIPAL:
        snprintf(text, size, "%s two principal components%s",
            in_full ? "on the plane of the ways'" : "the ways'", share);
        break;
    case NETWORK_PLANE_POINTS:
        if (two && in_full)
            snprintf(text, size, "on the plane through the start, %.30s and %.30s (step %lld)%s", first,
                second, (long long)result->fit_step, share);
        else if (two)
            snprintf(text, size, "through start, %.20s, %.20s%s", first, second, share);
        else
            snprintf(text, size, "%s start, middle and end of %.30s%s",
                in_full ? "on the plane through the" : "through", first, share);
        break;
    case NETWORK_PLANE_RANDOM:
        snprintf(text, size, "around %.30s along two random %s%s", first,
            in_full ? "filter-normalised directions" : "directions", share);
        break;
    default: landscape_line_say(&result->line, two ? first : "the start", two ? second : first, text, size);
    }
}

static void draw_title(
    const FactsLayout *layout, Canvas *canvas, const Subject *subject, const LandscapeResult *result) {
    char text[FITTED_BYTES * 2], grid[64] = "";
    const Rect *rect = &layout->title;
    const float x = rect->x + PADDING, room = rect->width - 2 * PADDING;
    float first = rect->y + 0.5f * PADDING + 0.5f * LINE, grid_width = 0;
    if (result->kind != NETWORK_PLANE_LINE && result->cols > 0) {
        const bool finest = result->cols == result->cols_finest;
        snprintf(grid, sizeof grid, finest ? "%d × %d points" : "%d × %d points, of %d × %d", result->cols,
            result->rows, result->cols_finest, result->rows_finest);
        grid_width = canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, grid) + PADDING;
        if (grid_width < 0.5f * room)
            canvas_text(canvas, x + room, text_baseline(first, SIZE_SMALL), ALIGN_RIGHT, FONT_TEXT,
                SIZE_SMALL, subject->theme->faint, grid);
        else
            grid_width = 0;
    }
    say_loss(result, text, sizeof text);
    text_draw_fitted(canvas, x, text_baseline(first, SIZE_NAME), ALIGN_LEFT, FONT_TEXT, SIZE_NAME,
        subject->theme->text, room - grid_width, text);
    say_plane(result, subject, true, text, sizeof text);
    if (canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, text) > room)
        say_plane(result, subject, false, text, sizeof text);
    text_draw_fitted(canvas, x, text_baseline(first + LINE, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        subject->theme->dim, room, text);
}

static float number_end(const Rect *row, int i) {
    return row->x + row->width - NUMBER_WIDTH * (float)(NUMBERS - 1 - i);
}

static void draw_heads(const FactsLayout *layout, Canvas *canvas, const Subject *subject, bool line) {
    static const char *const heads[NUMBERS] = {"off the plane", "loss there", "true loss"};
    float drawn = -1;
    for (int racer = 0; racer < RACE_RACERS_MAX; racer++) {
        const Rect *row = &layout->rows[racer];
        if (row->width <= 0 || row->x <= drawn) continue;
        drawn = row->x;
        for (int i = 0; i < NUMBERS; i++)
            text_draw_fitted(canvas, number_end(row, i),
                text_baseline(layout->table.y + 0.5f * HEAD + 2, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT,
                SIZE_MONO, subject->theme->faint, NUMBER_WIDTH - 6,
                line && i == 0 ? "off the line" : heads[i]);
    }
}

static void draw_row(
    Canvas *canvas, const Rect *row, const Subject *subject, int racer, const LandscapeHead *head) {
    const Theme *theme = subject->theme;
    const float middle = row->y + 0.5f * row->height, baseline = text_baseline(middle, SIZE_SMALL);
    const bool chosen = subject->selected == racer;
    if (chosen)
        canvas_fill_rect(canvas, (Rect){row->x - 6, row->y, row->width + 12, row->height}, 4, theme->raised);
    marker_draw(canvas, subject_racer_marker(subject, racer), (Point){row->x + 5, middle}, 4,
        subject_racer_colour(subject, racer), 0, theme->marker_edge);
    text_draw_fitted(canvas, row->x + 17, baseline, ALIGN_LEFT, FONT_STRONG, SIZE_SMALL,
        subject_racer_text_colour(subject, racer), number_end(row, 0) - NUMBER_WIDTH - row->x - 17,
        subject_racer_title(subject, racer));
    const double numbers[NUMBERS] = {head->foot.off, head->on_plane, head->loss};
    for (int i = 0; i < NUMBERS; i++) {
        char number[NUMBER_BYTES] = "–";
        if (head->step >= 0 && isfinite(numbers[i])) snprintf(number, sizeof number, "%.3g", numbers[i]);
        canvas_text(canvas, number_end(row, i), text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_MONO,
            SIZE_MONO, theme->dim, number);
    }
}

void landscape_facts_draw(
    const FactsLayout *layout, Canvas *canvas, const Subject *subject, const LandscapeResult *result) {
    draw_title(layout, canvas, subject, result);
    draw_heads(layout, canvas, subject, result->kind == NETWORK_PLANE_LINE);
    for (int i = 0; i < subject_racer_count(subject); i++)
        if (layout->rows[i].width > 0) draw_row(canvas, &layout->rows[i], subject, i, &result->heads[i]);
}
