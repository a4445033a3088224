/* Any bytes as a text of a lesson: refused with a place inside the text, or set; and set in any case, in
 * lines that stand below each other and are no wider than they may be. */
#include "record_canvas.h"
#include "typeset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void set(const char *text, float size, float width) {
    RecordCanvas *record = record_canvas_create(width, 10000);
    Typeset typeset = {0};
    typeset_set(&typeset, record_canvas_canvas(record), text, size, width);
    float bottom = 0;
    for (int i = 0; i < typeset.n_lines; i++) {
        const TypesetLine *line = &typeset.lines[i];
        require(line->top >= bottom && line->bottom > line->top, "lines stand below each other");
        require(line->width <= width + 0.02f * size, "no line is too wide");
        bottom = line->bottom;
    }
    typeset_draw(&typeset, record_canvas_canvas(record), 0, 0, 0, typeset.n_lines, (Colour){0}, (Colour){0});
    typeset_finish(&typeset);
    record_canvas_destroy(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4000) return 0;
    char *text = malloc(size + 1);
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    Status status = status_ok();
    if (!typeset_check(text, &status)) {
        require(status.code == STATUS_BAD_INPUT && status.message[0], "a mistake is named");
        require(status.place >= 0 && (size_t)status.place <= strlen(text), "it has a place");
    }
    set(text, 15, 600);
    set(text, 20, 80);
    free(text);
    return 0;
}
