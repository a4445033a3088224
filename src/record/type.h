/* The program's fonts as a vector file needs them: text shaped into glyphs whose places do not depend on any
 * pixel, and the part of a font that a file uses, to be put into it. */
#ifndef SLALOM_TYPE_H
#define SLALOM_TYPE_H

#include "canvas.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A font's name outside of the program: for CSS, with what may stand in for it. */
typedef struct TypeFamily {
    const char *name, *fallbacks;
    int weight; /* 400: regular */
    bool italic;
} TypeFamily;
extern const TypeFamily type_families[FONT_COUNT];

typedef struct Type Type;

/* NULL and a status where memory is out. */
Type *type_create(Status *status);
void type_destroy(Type *type);

/* One glyph of a shaped line; lengths in em, y down. */
typedef struct TypeGlyph {
    uint32_t id;
    float x, y;   /* of its origin, from the start of the line */
    size_t bytes; /* of the string that it stands for; 0: the glyph before stands for them too */
} TypeGlyph;

/* A line of text, borrowed until the next call. */
typedef struct TypeRun {
    const TypeGlyph *glyphs;
    int n;
    float advance; /* em */
} TypeRun;
TypeRun type_shape(Type *type, Font font, const char *string);

/* Remembers the characters for type_subset. */
void type_use(Type *type, Font font, const char *string);

/* Appends the font, cut down to the characters used, as base64. False where none were, or memory is out. */
bool type_subset(const Type *type, Font font, Text *out);

#endif
