/* Lays out the table of keys in two columns; keys of one action share a line. */
#include "help_view.h"

#include "keys.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 128, KEYS_BYTES = 64 };
static const float WIDTH_MAX = 1180, MARGIN = 16, PADDING = 20, LINE_HEIGHT = 21, TITLE_HEIGHT = 40;
static const float COLUMN_WIDTH = 370, KEYS_WIDTH = 162, SCROLL_PX = 42;

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

static void put_line(const Ui *ui, Rect rect, const HelpLine *line) {
    float keys_width = fminf(KEYS_WIDTH, 0.45f * rect.width);
    float middle = rect.y + 0.5f * rect.height;
    text_draw_fitted(ui->canvas, rect.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_MONO, SIZE_SMALL,
        ui->theme->text, keys_width - 8, line->keys);
    text_draw_fitted(ui->canvas, rect.x + keys_width, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_TEXT,
        SIZE_NAME, ui->theme->dim, rect.width - keys_width - 8, line->description);
}

/* True where the event closes the help; the others may scroll it. */
static bool closes(HelpView *help, Ui *ui, float page) {
    const Event *event = ui->event;
    if (!event || event->type == EVENT_RESIZE || event->type == EVENT_POINTER_UP) return false;
    if (event->type == EVENT_POINTER_MOVE) {
        ui->event = NULL;
        return false;
    }
    bool is_key = event->type == EVENT_KEY;
    float by = event->type == EVENT_WHEEL    ? -event->scroll * SCROLL_PX
               : !is_key                     ? 0
               : event->key == KEY_DOWN      ? SCROLL_PX
               : event->key == KEY_UP        ? -SCROLL_PX
               : event->key == KEY_PAGE_DOWN ? page
               : event->key == KEY_PAGE_UP   ? -page
                                             : 0;
    help->scroll += by;
    bool closing = event->type == EVENT_POINTER_DOWN || (is_key && event->key == KEY_ESCAPE);
    if (by != 0 || closing) ui_take(ui);
    return closing;
}

bool help_view(HelpView *help, Ui *ui) {
    Canvas *canvas = ui->canvas;
    HelpLine lines[LINES_MAX];
    float width = fminf(WIDTH_MAX, canvas->width - 2 * MARGIN), room = width - 2 * PADDING;
    int n = collect(lines), columns = (int)fmaxf(room / COLUMN_WIDTH, 1), rows = (n + columns - 1) / columns;
    float height = fminf(
        TITLE_HEIGHT + LINE_HEIGHT * (float)rows + 1.5f * PADDING, fmaxf(canvas->height - 2 * MARGIN, 60));
    Rect box = {
        roundf(0.5f * (canvas->width - width)), roundf(0.5f * (canvas->height - height)), width, height};
    Rect page = {
        box.x + PADDING, box.y + TITLE_HEIGHT + 0.5f * PADDING, room, height - TITLE_HEIGHT - 1.5f * PADDING};
    bool closing = closes(help, ui, page.height - LINE_HEIGHT);
    help->scroll = fmaxf(fminf(help->scroll, LINE_HEIGHT * (float)rows - page.height), 0);
    if (!ui->draws) return closing;
    canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0,
        colour_with_alpha(ui->theme->background, 0.8f));
    canvas_fill_rect(canvas, box, 10, ui->theme->panel);
    canvas_stroke_rect(canvas, box, 10, 1, ui->theme->line);
    text_draw_fitted(canvas, box.x + PADDING, text_baseline(box.y + 0.5f * PADDING + 0.5f * TITLE_HEIGHT, 15),
        ALIGN_LEFT, FONT_STRONG, 15, ui->theme->text, room, "Keys and pointer");
    for (int i = 0; i < n; i++) {
        Rect line = {page.x + (float)(i / rows) * (room / (float)columns),
            page.y + LINE_HEIGHT * (float)(i % rows) - help->scroll, room / (float)columns, LINE_HEIGHT};
        if (line.y >= page.y - 0.5f && line.y + LINE_HEIGHT <= page.y + page.height + 0.5f)
            put_line(ui, line, &lines[i]);
    }
    return closing;
}
