/* Formulas as people type them in TeX, the small part of it that a lesson needs:
 *
 *     x_t^2   \frac{a}{b}   \sqrt{x}   \sqrt[3]{x}   \hat m   \left( ... \right)   \mathbf{g}   \text{for
 * all}
 *
 * and the symbols and functions of tex_symbols. Spaces count for nothing. Anything else is a mistake with its
 * place. */
#ifndef SLALOM_TEX_H
#define SLALOM_TEX_H

#include "canvas.h"
#include "status.h"

#include <stddef.h>

enum { TEX_NODES_MAX = 400, TEX_DEPTH_MAX = 12 };

/* How much room stands between two atoms follows from their classes. */
typedef enum TexClass {
    TEX_ORDINARY,
    TEX_OPERATOR, /* log, sum */
    TEX_BINARY,   /* + */
    TEX_RELATION, /* = */
    TEX_OPEN,
    TEX_CLOSE,
    TEX_PUNCTUATION,
    TEX_CLASSES,
} TexClass;

/* Of a symbol that no font of ours has: it is drawn as lines. */
typedef enum TexShape {
    TEX_GLYPH,
    TEX_NABLA,
    TEX_PROPORTIONAL,
    TEX_MUCH_LESS,
    TEX_MUCH_GREATER,
    TEX_LEFT_ANGLE,
    TEX_RIGHT_ANGLE,
} TexShape;

typedef struct TexSymbol {
    const char *name; /* of its command, without the backslash */
    TexClass class;
    Font font;
    const char *string; /* what is written */
    TexShape shape;
    bool large;  /* larger than letters */
    bool limits; /* in a formula that stands alone its scripts are over and under it */
} TexSymbol;

extern const TexSymbol tex_symbols[];
extern const int tex_symbol_count;

/* The symbol of a command, or the one that is written by these bytes of UTF-8; NULL where there is none. */
const TexSymbol *tex_find(const char *name, size_t length);
const TexSymbol *tex_find_string(const char *string, size_t length);

typedef enum TexKind {
    TEX_TEXT,     /* string */
    TEX_SYMBOL,   /* symbol */
    TEX_SPACE,    /* `em` wide */
    TEX_GROUP,    /* body */
    TEX_FRACTION, /* body over second */
    TEX_ROOT,     /* of body, the second-th where there is one */
    TEX_ACCENT,   /* `accent` over body */
    TEX_FENCED,   /* body between the symbols open and close, as high as it */
} TexKind;

typedef enum TexAccent { TEX_HAT, TEX_BAR, TEX_TILDE, TEX_DOT, TEX_VECTOR } TexAccent;

/* Nodes are known by their index; -1: none. */
typedef struct TexNode {
    TexKind kind;
    TexClass class;
    Font font;
    const char *string; /* of TEX_TEXT: `length` bytes of the source, or of a constant */
    size_t length;
    const TexSymbol *symbol, *open, *close; /* open, close: NULL: none */
    float em;
    TexAccent accent;
    int body, second; /* first nodes of lists */
    int sub, sup;     /* first nodes of the scripts */
    int primes;       /* how many */
    int next;         /* in its list */
} TexNode;

typedef struct Tex {
    TexNode nodes[TEX_NODES_MAX];
    int n;
    int first; /* of the formula's list */
} Tex;

/* Reads `length` bytes of UTF-8, what stands between two dollar signs; they must outlive the Tex. On failure
 * the status names the mistake, with its offset as the place, and *tex says nothing. */
bool tex_parse(Tex *tex, const char *source, size_t length, Status *status);

/* How many bytes the character has that begins at `at`, of those before `end`. */
size_t tex_character(const char *at, const char *end);

#endif
