/* What typeset.c and tex_layout.c share: pieces, and how they come to their places. */
#ifndef SLALOM_TYPESET_PARTS_H
#define SLALOM_TYPESET_PARTS_H

#include "tex.h"
#include "typeset.h"

#include <stddef.h>

typedef enum TypesetTokenKind {
    TOKEN_WORD,
    TOKEN_SPACE,
    TOKEN_FORMULA,
    TOKEN_PARAGRAPH, /* a new one begins */
    TOKEN_BULLET,    /* likewise, of a list */
    TOKEN_END,
} TypesetTokenKind;

typedef struct TypesetToken {
    TypesetTokenKind kind;
    const char *string; /* `length` bytes of the text */
    size_t length;
    Font font;
} TypesetToken;

/* What has been read of a text. */
typedef struct TypesetReader {
    const char *text, *at;
    bool strong;
} TypesetReader;

/* The next one; nothing but the end comes after the end. */
TypesetToken typeset_next(TypesetReader *reader);

typedef enum PieceKind {
    PIECE_TEXT, /* the string at `begin`; (x, y): the left end of its baseline */
    PIECE_RULE, /* (x, y): its upper left corner */
    PIECE_LINE, /* `n` points from `begin` on, moved by (x, y), `size` wide */
} PieceKind;

typedef struct TypesetPiece {
    PieceKind kind;
    Font font;
    bool strong;
    float x, y; /* while an item is made, from its origin; then from the left end of its line's baseline */
    float size; /* of type, or the width of a line */
    float width, height; /* of a rule; the width of a text */
    int begin, n;
} TypesetPiece;

/* What takes room, from an origin at the left end of its baseline. */
typedef struct TypesetBox {
    float width, ascent, descent;
} TypesetBox;

/* A part of a line that is not broken. */
typedef struct TypesetItem {
    TypesetBox box;
    float space;    /* before it, where it does not begin a line */
    bool may_break; /* before it */
    bool is_word;   /* one text, which may be broken between characters where a line is too short for it */
    int first_piece, n_pieces;
} TypesetItem;

/* What the eye takes a line of type to be: in sizes. */
#define TYPESET_ASCENT 0.75f
#define TYPESET_DESCENT 0.2f

/* Each appends one, at the origin but for what is given, and returns it; valid until the next. */
TypesetPiece *typeset_add_text(
    Typeset *typeset, Canvas *canvas, Font font, float size, const char *bytes, size_t length);
TypesetPiece *typeset_add_rule(Typeset *typeset, float x, float y, float width, float height);
TypesetPiece *typeset_add_line(Typeset *typeset, const Point *points, int n, float width);

/* The pieces from `first` on that come before `end` are moved. */
void typeset_move(Typeset *typeset, int first, int end, float x, float y);

/* The item that all pieces from now on belong to. */
void typeset_begin_item(Typeset *typeset, float space, bool may_break);
void typeset_end_item(Typeset *typeset, TypesetBox box);

/* Appends a formula as items, which lines may be broken between. alone: it is a paragraph of its own. */
void tex_lay_out(
    const Tex *tex, Typeset *typeset, Canvas *canvas, float size, float space, bool may_break, bool alone);

#endif
