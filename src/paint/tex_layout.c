/* Formulas on the page: where each sign stands, by the rules of TeX (The TeXbook, appendix G) with what our
 * fonts tell of themselves: widths, and the same height for every sign. */
#include "typeset_parts.h"

#include <math.h>
#include <string.h>

/* Lengths are in sizes of the type around them. */
static const float AXIS = 0.31f;  /* the middle of signs and of fractions' rules, above the baseline */
static const float RULE = 0.065f; /* how thick a drawn line is */
static const float SUP = 0.40f, SUB = 0.20f; /* shifts of scripts */
static const float SCRIPT_GAP = 0.06f;       /* between a superscript and the subscript below it */
static const float FRACTION_GAP = 0.10f, ROOT_GAP = 0.09f, LIMIT_GAP = 0.1f, ACCENT_GAP = 0.1f;
static const float LETTER_HEIGHT = 0.55f; /* of those without ascender */
static const float LARGE = 1.25f, LARGE_ALONE = 1.5f;

typedef enum Level { LEVEL_ALONE, LEVEL_TEXT, LEVEL_SCRIPT, LEVEL_SCRIPT_SCRIPT, LEVELS } Level;
static const float level_sizes[LEVELS] = {1, 1, 0.72f, 0.58f};

typedef struct Setter {
    const Tex *tex;
    Typeset *typeset;
    Canvas *canvas;
    float base; /* the size of the text around the formula */
} Setter;

static TypesetBox put_list(Setter *setter, int first, Level level);

static float size_of(const Setter *setter, Level level) {
    return setter->base * level_sizes[level];
}

static Level smaller(Level level) {
    return level <= LEVEL_TEXT ? LEVEL_SCRIPT : LEVEL_SCRIPT_SCRIPT;
}

/* Room between two atoms, in eighteenths of an em; negative: none in scripts. The TeXbook, chapter 18. */
static float space_between(TexClass left, TexClass right, Level level, float size) {
    enum { THIN = 3, MEDIUM = -4, THICK = -5 };
    static const signed char table[TEX_CLASSES][TEX_CLASSES] = {
        /*                     ord   op     bin     rel    open   close  punct */
        [TEX_ORDINARY] = {0, THIN, MEDIUM, THICK, 0, 0, 0},
        [TEX_OPERATOR] = {THIN, THIN, 0, THICK, 0, 0, 0},
        [TEX_BINARY] = {MEDIUM, MEDIUM, 0, 0, MEDIUM, 0, 0},
        [TEX_RELATION] = {THICK, THICK, 0, 0, THICK, 0, 0},
        [TEX_OPEN] = {0, 0, 0, 0, 0, 0, 0},
        [TEX_CLOSE] = {0, THIN, MEDIUM, THICK, 0, 0, 0},
        [TEX_PUNCTUATION] = {-THIN, -THIN, 0, -THIN, -THIN, -THIN, -THIN},
    };
    int room = table[left][right];
    if (room < 0) room = level >= LEVEL_SCRIPT ? 0 : -room;
    return (float)room / 18 * size;
}

static bool is_bar(const TexNode *node) {
    return node->kind == TEX_SYMBOL && node->class == TEX_ORDINARY &&
           (strcmp(node->symbol->string, "|") == 0 || strcmp(node->symbol->string, "‖") == 0);
}

/* A sign that could join two things does so only where there are two; bars open and close by turns. */
static TexClass class_of(const Setter *setter, int node, TexClass before, bool is_first, int bars) {
    const TexNode *nodes = setter->tex->nodes, *here = &nodes[node];
    if (is_bar(here)) return bars % 2 ? TEX_CLOSE : TEX_OPEN;
    if (here->class != TEX_BINARY) return here->class;
    bool joins = !is_first && before != TEX_BINARY && before != TEX_OPERATOR && before != TEX_RELATION &&
                 before != TEX_OPEN && before != TEX_PUNCTUATION;
    if (here->next >= 0) {
        TexClass after = nodes[here->next].class;
        joins &= after != TEX_RELATION && after != TEX_CLOSE && after != TEX_PUNCTUATION;
    } else {
        joins = false;
    }
    return joins ? TEX_BINARY : TEX_ORDINARY;
}

static TypesetBox box_of_text(float width, float size) {
    return (TypesetBox){width, TYPESET_ASCENT * size, TYPESET_DESCENT * size};
}

static TypesetBox put_text(Setter *setter, Font font, float size, const char *string, size_t length) {
    const TypesetPiece *piece = typeset_add_text(setter->typeset, setter->canvas, font, size, string, length);
    return box_of_text(piece->width, size);
}

/* Points in sizes, y up from the baseline. */
static void put_line(Setter *setter, const Point *points, int n, float size) {
    enum { POINTS_MAX = 16 };
    Point scaled[POINTS_MAX];
    for (int i = 0; i < n; i++) scaled[i] = (Point){points[i].x * size, -points[i].y * size};
    typeset_add_line(setter->typeset, scaled, n, fmaxf(RULE * size, 1));
}

static TypesetBox put_shape(Setter *setter, TexShape shape, float size) {
    static const Point nabla[] = {{0.09f, 0.7f}, {0.61f, 0.7f}, {0.35f, 0.03f}, {0.09f, 0.7f}};
    static const Point less[] = {{0.42f, 0.56f}, {0.08f, 0.31f}, {0.42f, 0.06f}};
    static const Point angle[] = {{0.24f, 0.78f}, {0.07f, 0.31f}, {0.24f, -0.16f}};
    static const Point proportional[] = {{0.72f, 0.46f}, {0.62f, 0.47f}, {0.52f, 0.42f}, {0.42f, 0.31f},
        {0.34f, 0.2f}, {0.24f, 0.14f}, {0.12f, 0.19f}, {0.08f, 0.31f}, {0.12f, 0.43f}, {0.24f, 0.48f},
        {0.34f, 0.42f}, {0.42f, 0.31f}, {0.52f, 0.2f}, {0.62f, 0.15f}, {0.72f, 0.16f}};
    Point points[3];
    float width = 0.7f;
    switch (shape) {
    case TEX_NABLA: put_line(setter, nabla, 4, size); break;
    case TEX_PROPORTIONAL:
        put_line(setter, proportional, 15, size);
        width = 0.8f;
        break;
    case TEX_LEFT_ANGLE:
    case TEX_RIGHT_ANGLE:
        width = 0.32f;
        for (int i = 0; i < 3; i++)
            points[i] = (Point){shape == TEX_LEFT_ANGLE ? angle[i].x : width - angle[i].x, angle[i].y};
        put_line(setter, points, 3, size);
        break;
    default:
        width = 0.76f;
        for (int twice = 0; twice < 2; twice++) {
            for (int i = 0; i < 3; i++) {
                float x = less[i].x + 0.26f * (float)twice;
                points[i] = (Point){shape == TEX_MUCH_LESS ? x : width - x, less[i].y};
            }
            put_line(setter, points, 3, size);
        }
    }
    return box_of_text(width * size, size);
}

static TypesetBox put_symbol(Setter *setter, const TexNode *node, Level level) {
    const TexSymbol *symbol = node->symbol;
    float size = size_of(setter, level);
    if (symbol->shape != TEX_GLYPH) return put_shape(setter, symbol->shape, size);
    if (!symbol->large) return put_text(setter, node->font, size, symbol->string, strlen(symbol->string));
    float larger = size * (level == LEVEL_ALONE ? LARGE_ALONE : LARGE);
    int first = setter->typeset->n_pieces;
    TypesetBox box = put_text(setter, node->font, larger, symbol->string, strlen(symbol->string));
    float down = 0.5f * (TYPESET_ASCENT - TYPESET_DESCENT) * larger - AXIS * size; /* around the axis */
    typeset_move(setter->typeset, first, first + 1, 0, down);
    return (TypesetBox){box.width, box.ascent - down, box.descent + down};
}

static TypesetBox put_fraction(Setter *setter, const TexNode *node, Level level) {
    Typeset *typeset = setter->typeset;
    float size = size_of(setter, level), thick = fmaxf(RULE * size, 1);
    Level inner = level == LEVEL_ALONE ? LEVEL_TEXT : smaller(level);
    int over = typeset->n_pieces;
    TypesetBox numerator = put_list(setter, node->body, inner);
    int under = typeset->n_pieces;
    TypesetBox denominator = put_list(setter, node->second, inner);
    float side = 0.08f * size, width = fmaxf(numerator.width, denominator.width) + 0.16f * size;
    float up = AXIS * size + 0.5f * thick + FRACTION_GAP * size + numerator.descent;
    float down = -AXIS * size + 0.5f * thick + FRACTION_GAP * size + denominator.ascent;
    typeset_move(typeset, under, typeset->n_pieces, side + 0.5f * (width - denominator.width), down);
    typeset_move(typeset, over, under, side + 0.5f * (width - numerator.width), -up);
    typeset_add_rule(typeset, side, -AXIS * size - 0.5f * thick, width, thick);
    return (TypesetBox){width + 2 * side, up + numerator.ascent, down + denominator.descent};
}

static TypesetBox put_root(Setter *setter, const TexNode *node, Level level) {
    Typeset *typeset = setter->typeset;
    float size = size_of(setter, level), thick = fmaxf(RULE * size, 1);
    float degree_width = 0;
    int first = typeset->n_pieces;
    if (node->second >= 0) {
        TypesetBox degree = put_list(setter, node->second, LEVEL_SCRIPT_SCRIPT);
        typeset_move(typeset, first, typeset->n_pieces, 0, -0.42f * size);
        degree_width = fmaxf(degree.width - 0.18f * size, 0);
    }
    int inner = typeset->n_pieces;
    TypesetBox body = put_list(setter, node->body, level);
    float sign = 0.6f * size, left = degree_width + sign;
    float top = body.ascent + ROOT_GAP * size + thick, bottom = fmaxf(body.descent - 0.12f * size, 0);
    float right = left + body.width + 0.08f * size;
    typeset_move(typeset, inner, typeset->n_pieces, left, 0);
    Point points[] = {{degree_width + 0.06f * size, -0.27f * size},
        {degree_width + 0.17f * size, -0.36f * size}, {degree_width + 0.34f * size, bottom},
        {left - 0.05f * size, 0.5f * thick - top}, {right, 0.5f * thick - top}};
    typeset_add_line(typeset, points, 5, thick);
    float ascent = top;
    if (node->second >= 0)
        ascent = fmaxf(ascent, (0.42f + TYPESET_ASCENT * level_sizes[LEVEL_SCRIPT_SCRIPT]) * size);
    return (TypesetBox){right + 0.08f * size, ascent, fmaxf(body.descent, bottom)};
}

/* How high the ink of an accented thing is: letters like x are lower than their box. */
static float ink_height(const Setter *setter, int first, float ascent, float size) {
    static const char low[] = "a c e g m n o p q r s u v w x y z α γ ε η ι κ μ ν π ρ σ τ υ φ χ ψ ω";
    const TexNode *node = &setter->tex->nodes[first];
    if (node->next >= 0) return ascent;
    if (node->kind == TEX_GROUP && node->body >= 0) return ink_height(setter, node->body, ascent, size);
    if (node->sub >= 0 || node->sup >= 0) return ascent;
    const char *string = node->kind == TEX_TEXT     ? node->string
                         : node->kind == TEX_SYMBOL ? node->symbol->string
                                                    : NULL;
    size_t length = node->kind == TEX_TEXT ? node->length : string ? strlen(string) : 0;
    if (!string || length > 4) return ascent;
    for (const char *at = low; *at; at += tex_character(at, low + sizeof low - 1))
        if (*at != ' ' && strncmp(at, string, length) == 0) return LETTER_HEIGHT * size;
    return ascent;
}

static TypesetBox put_accent(Setter *setter, const TexNode *node, Level level) {
    float size = size_of(setter, level);
    TypesetBox box = put_list(setter, node->body, level);
    if (node->body < 0) return box;
    float foot = ink_height(setter, node->body, box.ascent, size) / size + ACCENT_GAP;
    float width = box.width / size, middle = 0.5f * width + 0.04f; /* italics lean */
    float half = node->accent == TEX_BAR ? fmaxf(0.5f * width - 0.06f, 0.16f) : 0.2f, head = foot + 0.15f;
    switch (node->accent) {
    case TEX_HAT:
        put_line(setter, (Point[]){{middle - half, foot}, {middle, head}, {middle + half, foot}}, 3, size);
        break;
    case TEX_BAR:
        head = foot;
        put_line(setter, (Point[]){{middle - half, foot}, {middle + half, foot}}, 2, size);
        break;
    case TEX_TILDE: {
        Point points[9];
        for (int i = 0; i < 9; i++) {
            float t = (float)i / 4 - 1;
            points[i] = (Point){middle + half * t, foot + 0.05f - 0.05f * sinf(3.14159f * t)};
        }
        put_line(setter, points, 9, size);
        break;
    }
    case TEX_DOT:
        put_line(setter, (Point[]){{middle - 0.02f, foot + 0.03f}, {middle + 0.02f, foot + 0.03f}}, 2,
            1.4f * size);
        setter->typeset->pieces[setter->typeset->n_pieces - 1].size *= 1.3f;
        break;
    case TEX_VECTOR:
        put_line(setter,
            (Point[]){{middle - half, foot + 0.06f}, {middle + half, foot + 0.06f},
                {middle + half - 0.1f, foot + 0.14f}, {middle + half, foot + 0.06f},
                {middle + half - 0.1f, foot - 0.02f}},
            5, size);
        break;
    }
    box.ascent = fmaxf(box.ascent, (head + RULE) * size);
    return box;
}

/* A bracket that reaches as far from the axis as `box` does. */
static TypesetBox put_fence(Setter *setter, const TexSymbol *symbol, TypesetBox box, Level level) {
    float size = size_of(setter, level),
          reach = fmaxf(box.ascent - AXIS * size, box.descent + AXIS * size) / size;
    if (!symbol) return (TypesetBox){0.06f * size, 0, 0};
    if (reach < 0.6f) {
        if (symbol->shape != TEX_GLYPH) return put_shape(setter, symbol->shape, size);
        return put_text(setter, FONT_TEXT, size, symbol->string, strlen(symbol->string));
    }
    float top = AXIS + reach, bottom = AXIS - reach;
    const char *sign = symbol->string;
    bool closes = symbol->class == TEX_CLOSE;
    float width = 0.36f;
    Point points[9];
    int n = 0;
    if (strcmp(sign, "|") == 0 || strcmp(sign, "‖") == 0) {
        bool twice = *sign != '|';
        width = twice ? 0.5f : 0.3f;
        for (int i = 0; i <= twice; i++) {
            float x = twice ? 0.16f + 0.18f * (float)i : 0.15f;
            put_line(setter, (Point[]){{x, top}, {x, bottom}}, 2, size);
        }
        return (TypesetBox){width * size, (top + RULE) * size, (RULE - bottom) * size};
    }
    if (*sign == '[' || *sign == ']') {
        const Point square[] = {{0.28f, top}, {0.12f, top}, {0.12f, bottom}, {0.28f, bottom}};
        for (; n < 4; n++) points[n] = square[n];
    } else if (*sign == '{' || *sign == '}') {
        const Point brace[] = {{0.32f, top}, {0.22f, top - 0.06f}, {0.2f, AXIS + 0.14f}, {0.08f, AXIS},
            {0.2f, AXIS - 0.14f}, {0.22f, bottom + 0.06f}, {0.32f, bottom}};
        for (; n < 7; n++) points[n] = brace[n];
    } else if (*sign == '(' || *sign == ')') {
        for (; n < 9; n++) {
            float t = (float)n / 4 - 1;
            points[n] = (Point){0.1f + 0.2f * t * t, AXIS - reach * t};
        }
    } else {
        const Point angle[] = {{0.28f, top}, {0.08f, AXIS}, {0.28f, bottom}};
        for (; n < 3; n++) points[n] = angle[n];
    }
    for (int i = 0; i < n && closes; i++) points[i].x = width - points[i].x;
    put_line(setter, points, n, size);
    return (TypesetBox){width * size, (top + RULE) * size, (RULE - bottom) * size};
}

/* What comes behind, moved to the right of what is there. */
static void append_box(Typeset *typeset, TypesetBox *box, int first, TypesetBox next) {
    typeset_move(typeset, first, typeset->n_pieces, box->width, 0);
    box->width += next.width;
    box->ascent = fmaxf(box->ascent, next.ascent);
    box->descent = fmaxf(box->descent, next.descent);
}

static TypesetBox put_fenced(Setter *setter, const TexNode *node, Level level) {
    Typeset *typeset = setter->typeset;
    int first = typeset->n_pieces;
    TypesetBox body = put_list(setter, node->body, level);
    int end = typeset->n_pieces;
    TypesetBox open = put_fence(setter, node->open, body, level), all = open;
    /* The body was set first, since the bracket before it is as high as it: it moves behind it. */
    typeset_move(typeset, first, end, open.width, 0);
    all.width += body.width;
    all.ascent = fmaxf(all.ascent, body.ascent);
    all.descent = fmaxf(all.descent, body.descent);
    int last = typeset->n_pieces;
    append_box(typeset, &all, last, put_fence(setter, node->close, body, level));
    return all;
}

static TypesetBox put_nucleus(Setter *setter, const TexNode *node, Level level) {
    switch (node->kind) {
    case TEX_TEXT: return put_text(setter, node->font, size_of(setter, level), node->string, node->length);
    case TEX_SYMBOL: return put_symbol(setter, node, level);
    case TEX_SPACE: return (TypesetBox){node->em * size_of(setter, level), 0, 0};
    case TEX_GROUP: return put_list(setter, node->body, level);
    case TEX_FRACTION: return put_fraction(setter, node, level);
    case TEX_ROOT: return put_root(setter, node, level);
    case TEX_ACCENT: return put_accent(setter, node, level);
    case TEX_FENCED: return put_fenced(setter, node, level);
    }
    return (TypesetBox){0, 0, 0};
}

static TypesetBox put_superscript(Setter *setter, const TexNode *node, Level level) {
    TypesetBox box = {0, 0, 0};
    for (int i = 0; i < node->primes; i++) {
        int first = setter->typeset->n_pieces;
        append_box(setter->typeset, &box, first,
            put_text(setter, FONT_TEXT, size_of(setter, level), "′", strlen("′")));
    }
    int first = setter->typeset->n_pieces;
    if (node->sup >= 0) append_box(setter->typeset, &box, first, put_list(setter, node->sup, level));
    return box;
}

/* Scripts over and under, as of a sum that stands alone. */
static TypesetBox put_limits(Setter *setter, const TexNode *node, TypesetBox box, int nucleus, Level level) {
    Typeset *typeset = setter->typeset;
    float gap = LIMIT_GAP * size_of(setter, level);
    int over = typeset->n_pieces;
    TypesetBox sup = put_superscript(setter, node, smaller(level));
    int under = typeset->n_pieces;
    TypesetBox sub = node->sub >= 0 ? put_list(setter, node->sub, smaller(level)) : (TypesetBox){0, 0, 0};
    float width = fmaxf(box.width, fmaxf(sup.width, sub.width));
    float up = box.ascent + gap + sup.descent, down = box.descent + gap + sub.ascent;
    typeset_move(typeset, under, typeset->n_pieces, 0.5f * (width - sub.width), down);
    typeset_move(typeset, over, under, 0.5f * (width - sup.width), -up);
    typeset_move(typeset, nucleus, over, 0.5f * (width - box.width), 0);
    if (node->sup >= 0 || node->primes > 0) box.ascent = up + sup.ascent;
    if (node->sub >= 0) box.descent = down + sub.descent;
    box.width = width;
    return box;
}

static TypesetBox put_node(Setter *setter, const TexNode *node, Level level) {
    Typeset *typeset = setter->typeset;
    float size = size_of(setter, level);
    int nucleus = typeset->n_pieces;
    TypesetBox box = put_nucleus(setter, node, level);
    bool has_sup = node->sup >= 0 || node->primes > 0, has_sub = node->sub >= 0;
    if (!has_sup && !has_sub) return box;
    if (level == LEVEL_ALONE && node->kind == TEX_SYMBOL && node->symbol->limits)
        return put_limits(setter, node, box, nucleus, level);
    float up = fmaxf(SUP * size, box.ascent - (TYPESET_ASCENT - SUP) * size);
    float down = fmaxf(SUB * size, box.descent);
    int first = typeset->n_pieces;
    TypesetBox sup = put_superscript(setter, node, smaller(level));
    int second = typeset->n_pieces;
    TypesetBox sub = has_sub ? put_list(setter, node->sub, smaller(level)) : (TypesetBox){0, 0, 0};
    if (has_sup) up = fmaxf(up, sup.descent + 0.15f * size);
    if (has_sup && has_sub) {
        float lacking = SCRIPT_GAP * size - (up - sup.descent - (sub.ascent - down));
        if (lacking > 0) up += 0.5f * lacking, down += 0.5f * lacking;
    }
    typeset_move(typeset, second, typeset->n_pieces, box.width, down);
    typeset_move(typeset, first, second, box.width + 0.04f * size, -up);
    if (has_sup) box.ascent = fmaxf(box.ascent, up + sup.ascent);
    if (has_sub) box.descent = fmaxf(box.descent, down + sub.descent);
    box.width += fmaxf(has_sup ? sup.width + 0.04f * size : 0, sub.width) + 0.05f * size;
    return box;
}

/* The walk along a list. */
typedef struct Walk {
    TexClass before;
    bool is_first;
    int bars;
} Walk;

/* The room before a node, and what it is there. */
static float enter(Setter *setter, Walk *walk, int node, Level level) {
    const TexNode *here = &setter->tex->nodes[node];
    float room = 0;
    if (here->kind == TEX_SPACE) {
        if (walk->before == TEX_BINARY || walk->before == TEX_RELATION)
            room = space_between(walk->before, TEX_ORDINARY, level, size_of(setter, level));
        walk->before = TEX_OPEN; /* nothing more behind it */
        return room;
    }
    TexClass class = class_of(setter, node, walk->before, walk->is_first, walk->bars);
    walk->bars += is_bar(here);
    if (!walk->is_first) room = space_between(walk->before, class, level, size_of(setter, level));
    walk->before = class;
    walk->is_first = false;
    return room;
}

static TypesetBox put_list(Setter *setter, int first, Level level) {
    TypesetBox box = {0, 0, 0};
    Walk walk = {.before = TEX_OPEN, .is_first = true};
    for (int node = first; node >= 0; node = setter->tex->nodes[node].next) {
        box.width += enter(setter, &walk, node, level);
        int begin = setter->typeset->n_pieces;
        append_box(setter->typeset, &box, begin, put_node(setter, &setter->tex->nodes[node], level));
    }
    box.width = fmaxf(box.width, 0);
    return box;
}

void tex_lay_out(
    const Tex *tex, Typeset *typeset, Canvas *canvas, float size, float space, bool may_break, bool alone) {
    Setter setter = {.tex = tex, .typeset = typeset, .canvas = canvas, .base = size};
    Level level = alone ? LEVEL_ALONE : LEVEL_TEXT;
    Walk walk = {.before = TEX_OPEN, .is_first = true};
    TypesetBox box = {0, 0, 0};
    typeset_begin_item(typeset, space, may_break);
    for (int node = tex->first; node >= 0; node = tex->nodes[node].next) {
        TexClass before = walk.before;
        float room = enter(&setter, &walk, node, level);
        if ((before == TEX_RELATION && walk.before != TEX_RELATION) || before == TEX_BINARY) {
            typeset_end_item(typeset, box);
            typeset_begin_item(typeset, room, true);
            box = (TypesetBox){0, 0, 0};
        } else {
            box.width += room;
        }
        int begin = typeset->n_pieces;
        append_box(typeset, &box, begin, put_node(&setter, &tex->nodes[node], level));
    }
    typeset_end_item(typeset, box);
}
