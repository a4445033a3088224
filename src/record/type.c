/* Shaping and subsets by HarfBuzz, on the font files inside the program. What is written into which file is
 * up to the canvases. */
#include "type.h"

#include "base64.h"
#include "embedded_fonts.h"

#include <hb-subset.h>
#include <hb.h>

#include <stdlib.h>
#include <string.h>

#define SANS "Helvetica Neue, Helvetica, Arial, sans-serif"

const TypeFamily type_families[FONT_COUNT] = {
    [FONT_TEXT] = {"Inter", SANS, 400, false},
    [FONT_STRONG] = {"Inter", SANS, 600, false},
    [FONT_MONO] = {"JetBrains Mono", "DejaVu Sans Mono, Menlo, Consolas, monospace", 400, false},
    [FONT_ITALIC] = {"Inter", SANS, 400, true},
};

struct Type {
    hb_face_t *faces[FONT_COUNT];
    hb_font_t *fonts[FONT_COUNT]; /* scaled to their units */
    float units[FONT_COUNT];      /* in an em */
    hb_set_t *used[FONT_COUNT];   /* characters */
    hb_buffer_t *buffer;
    TypeGlyph *glyphs;
    size_t room;
};

static void open_font(Type *type, int font) {
    const EmbeddedFile *file = &embedded_fonts[font];
    hb_blob_t *blob =
        hb_blob_create((const char *)file->bytes, (unsigned)file->size, HB_MEMORY_MODE_READONLY, NULL, NULL);
    type->faces[font] = hb_face_create(blob, 0);
    hb_blob_destroy(blob);
    type->fonts[font] = hb_font_create(type->faces[font]);
    type->units[font] = (float)hb_face_get_upem(type->faces[font]);
    type->used[font] = hb_set_create();
}

Type *type_create(Status *status) {
    Type *type = calloc(1, sizeof *type);
    if (type) type->buffer = hb_buffer_create();
    for (int font = 0; type && font < FONT_COUNT; font++) open_font(type, font);
    if (!type) status_fail(status, STATUS_FAILED, "out of memory for the fonts");
    return type;
}

void type_destroy(Type *type) {
    if (!type) return;
    for (int font = 0; font < FONT_COUNT; font++) {
        hb_set_destroy(type->used[font]);
        hb_font_destroy(type->fonts[font]);
        hb_face_destroy(type->faces[font]);
    }
    hb_buffer_destroy(type->buffer);
    free(type->glyphs);
    free(type);
}

static bool make_room(Type *type, size_t n) {
    if (n <= type->room) return true;
    TypeGlyph *glyphs = realloc(type->glyphs, n * sizeof *glyphs);
    if (!glyphs) return false;
    type->glyphs = glyphs;
    type->room = n;
    return true;
}

TypeRun type_shape(Type *type, Font font, const char *string) {
    size_t length = strlen(string);
    hb_buffer_t *buffer = type->buffer;
    hb_buffer_reset(buffer);
    hb_buffer_add_utf8(buffer, string, (int)length, 0, (int)length);
    /* Never guessed from the text, so that a line's direction does not depend on what it says. */
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, HB_SCRIPT_LATIN);
    hb_shape(type->fonts[font], buffer, NULL, 0);
    unsigned n;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &n);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(buffer, NULL);
    if (!make_room(type, n)) return (TypeRun){NULL, 0, 0};
    float em = 1 / type->units[font];
    long pen = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned next = i + 1;
        while (next < n && infos[next].cluster == infos[i].cluster) next++;
        bool first = i == 0 || infos[i].cluster != infos[i - 1].cluster;
        size_t end = next < n ? infos[next].cluster : length;
        type->glyphs[i] = (TypeGlyph){infos[i].codepoint, em * (float)(pen + positions[i].x_offset),
            -em * (float)positions[i].y_offset, first ? end - infos[i].cluster : 0};
        pen += positions[i].x_advance;
    }
    return (TypeRun){type->glyphs, (int)n, em * (float)pen};
}

void type_use(Type *type, Font font, const char *string) {
    hb_buffer_reset(type->buffer);
    hb_buffer_add_utf8(type->buffer, string, -1, 0, -1);
    unsigned n;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(type->buffer, &n); /* characters yet */
    for (unsigned i = 0; i < n; i++) hb_set_add(type->used[font], infos[i].codepoint);
}

/* Kerning and ligatures, as they were shaped; fractions, small capitals and the like are left out. */
static void keep_features(hb_subset_input_t *input) {
    static const char *const features[] = {"kern", "liga", "calt", "ccmp", "mark", "mkmk"};
    hb_set_t *kept = hb_subset_input_set(input, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG);
    hb_set_clear(kept);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        hb_set_add(kept, hb_tag_from_string(features[i], -1));
}

bool type_subset(const Type *type, Font font, Text *out) {
    if (hb_set_is_empty(type->used[font])) return false;
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input) return false;
    hb_set_union(hb_subset_input_unicode_set(input), type->used[font]);
    keep_features(input);
    hb_face_t *face = hb_subset_or_fail(type->faces[font], input);
    hb_subset_input_destroy(input);
    if (!face) return false;
    hb_blob_t *blob = hb_face_reference_blob(face);
    unsigned size;
    const char *bytes = hb_blob_get_data(blob, &size);
    base64_append(out, (const unsigned char *)bytes, size);
    hb_blob_destroy(blob);
    hb_face_destroy(face);
    return true;
}
