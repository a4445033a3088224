/* Lays out the table of keys in two columns; keys of one action share a line. */
#include "help_view.h"

#include "keys.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 64, KEYS_BYTES = 64 };
static const float WIDTH = 740, MARGIN = 16, PADDING = 24, LINE_HEIGHT = 24, TITLE_HEIGHT = 40,
                   KEYS_WIDTH = 128;

typedef struct HelpLine {
    char keys[KEYS_BYTES];
    const char *description;
} HelpLine;

static const struct {
    const char *gesture, *description;
} gestures[] = {
    {"drag the ring", "move the start"},
    {"double click", "put the start there"},
    {"drag", "move the picture"},
    {"wheel", "zoom, or scroll the cards"},
    {"drag the bar", "choose the step"},
};

static int collect(HelpLine lines[LINES_MAX]) {
    int n = 0;
    for (int i = 0; i < key_binding_count; i++) {
        char name[KEYS_BYTES];
        key_name(&key_bindings[i], name, sizeof name);
        if (key_bindings[i].description) {
            if (n == LINES_MAX) break;
            lines[n].description = key_bindings[i].description;
            snprintf(lines[n++].keys, KEYS_BYTES, "%s", name);
        } else if (n > 0) {
            size_t length = strlen(lines[n - 1].keys);
            snprintf(lines[n - 1].keys + length, KEYS_BYTES - length, "  %s", name);
        }
    }
    for (size_t i = 0; i < sizeof gestures / sizeof *gestures && n < LINES_MAX; i++) {
        lines[n].description = gestures[i].description;
        snprintf(lines[n++].keys, KEYS_BYTES, "%s", gestures[i].gesture);
    }
    return n;
}

void help_view_draw(Canvas *canvas, const Theme *theme) {
    HelpLine lines[LINES_MAX];
    int n = collect(lines), rows = (n + 1) / 2;
    float width = fminf(WIDTH, canvas->width - 2 * MARGIN);
    float room = canvas->height - 2 * MARGIN - TITLE_HEIGHT - 1.5f * PADDING;
    float line_height = fminf(LINE_HEIGHT, room / (float)rows);
    float height = TITLE_HEIGHT + line_height * (float)rows + 1.5f * PADDING;
    Rect box = {
        roundf(0.5f * (canvas->width - width)), roundf(0.5f * (canvas->height - height)), width, height};
    canvas_fill_rect(
        canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, colour_with_alpha(theme->background, 0.8f));
    canvas_fill_rect(canvas, box, 10, theme->panel);
    canvas_stroke_rect(canvas, box, 10, 1, theme->line);
    text_draw_fitted(canvas, box.x + PADDING, text_baseline(box.y + 0.5f * PADDING + 0.5f * TITLE_HEIGHT, 15),
        ALIGN_LEFT, FONT_STRONG, 15, theme->text, width - 2 * PADDING, "Keys and pointer");
    float column = 0.5f * (width - PADDING);
    float keys_width = fminf(KEYS_WIDTH, 0.45f * (column - PADDING));
    for (int i = 0; i < n; i++) {
        float x = box.x + PADDING + (i < rows ? 0 : column);
        float y = box.y + 0.5f * PADDING + TITLE_HEIGHT + line_height * ((float)(i % rows) + 0.5f);
        text_draw_fitted(canvas, x, text_baseline(y, SIZE_SMALL), ALIGN_LEFT, FONT_MONO, SIZE_SMALL,
            theme->text, keys_width - 8, lines[i].keys);
        text_draw_fitted(canvas, x + keys_width, text_baseline(y, SIZE_NAME), ALIGN_LEFT, FONT_TEXT,
            SIZE_NAME, theme->dim, column - PADDING - keys_width, lines[i].description);
    }
}
