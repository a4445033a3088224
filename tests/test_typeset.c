/* typeset: texts with formulas stand in their lines, nothing lies over anything else, mistakes are told with
 * their place, and room between signs is that of TeX. */
#include "test.h"

#include "record_canvas.h"
#include "rng.h"
#include "tex.h"
#include "typeset.h"

#include <stdlib.h>
#include <string.h>

static const Colour ink = {255, 255, 255, 255}, loud = {255, 0, 0, 255};
enum { WIDTH = 2000, HEIGHT = 4000 };

/* One text on a recording canvas. */
typedef struct Page {
    RecordCanvas *record;
    Canvas *canvas;
    Typeset typeset;
} Page;

static Page page_of(const char *text, float size, float width) {
    Page page = {.record = record_canvas_create(WIDTH, HEIGHT)};
    page.canvas = record_canvas_canvas(page.record);
    typeset_set(&page.typeset, page.canvas, text, size, width);
    typeset_draw(&page.typeset, page.canvas, 0, 0, 0, page.typeset.n_lines, ink, loud);
    return page;
}

static void page_close(Page *page) {
    typeset_finish(&page->typeset);
    record_canvas_destroy(page->record);
}

static const Call *text_of(const Page *page, const char *part) {
    const Call *call = record_canvas_find_text(page->record, part);
    if (!call) fail_msg("'%s' is not there", part);
    return call;
}

static float right_of(const Call *call) {
    return call->box.x + call->box.width;
}

static float bottom_of(const Call *call) {
    return call->box.y + call->box.height;
}

static void check_page(const Page *page, const char *text, float width) {
    TextPair pair;
    if (record_canvas_overlaps(page->record, &pair, 1))
        fail_msg("'%s' lies over '%s' in: %s", pair.second->string, pair.first->string, text);
    for (int i = 0; i < record_canvas_count(page->record); i++) {
        const Call *call = record_canvas_call(page->record, i);
        if (call->box.x < -0.5f || right_of(call) > width + 0.5f || call->box.y < -0.5f ||
            bottom_of(call) > page->typeset.height + 0.5f)
            fail_msg("'%s' at (%g, %g), %g x %g, is not inside %g x %g in: %s",
                call->string ? call->string : "a line", call->box.x, call->box.y, call->box.width,
                call->box.height, width, page->typeset.height, text);
    }
    float baseline = 0;
    for (int i = 0; i < page->typeset.n_lines; i++) {
        const TypesetLine *line = &page->typeset.lines[i];
        assert_true(
            line->baseline > baseline && line->top <= line->baseline && line->bottom >= line->baseline);
        baseline = line->baseline;
    }
}

/* Texts made of pieces at random. */

static const char *const words[] = {"valley", "is", "*steeper across*", "than", "`momentum`", "a",
    "costs \\$5,", "incomprehensibilities", "(gradient)", "steps:", "1e-3", "κ"};
static const char *const letters[] = {"x", "y", "\\kappa", "\\nabla f", "12.5", "\\lambda_{\\max}", "m_t",
    "v_t^2", "g'", "\\mathbf{H}", "\\ell", "\\text{if so}", "\\infty", "\\|g\\|"};
static const char *const signs[] = {
    " + ", "-", "=", " \\le ", " \\approx ", "\\cdot ", "\\to ", " ", ", ", "\\propto ", "/"};

static const char *one_of(Rng *rng, const char *const *list, size_t n) {
    return list[(size_t)(rng_uniform(rng, 0, 1) * (double)n) % n];
}
#define ONE_OF(rng, list) one_of(rng, list, sizeof(list) / sizeof *(list))

static void add(char *text, const char *part) {
    strcat(text, part);
}

static void add_formula(Rng *rng, char *text, int depth);

static void add_atom(Rng *rng, char *text, int depth) {
    static const char *const before[] = {
        "\\frac{", "\\sqrt{", "\\hat{", "\\left(", "\\bar{", "{", "\\sum_{", "\\tilde{", "\\left\\|"};
    static const char *const after[] = {
        "}", "}", "}", "\\right)", "}", "}^{2}", "}^n", "}_{ij}", "\\right\\|"};
    double kind = rng_uniform(rng, 0, 1);
    if (depth == 0 || kind < 0.6) {
        add(text, ONE_OF(rng, letters));
        return;
    }
    size_t which = (size_t)(rng_uniform(rng, 0, 9));
    add(text, before[which]);
    add_formula(rng, text, depth - 1);
    add(text, after[which]);
    if (which != 0) return;
    add(text, "{");
    add_formula(rng, text, depth - 1);
    add(text, "}");
}

static void add_formula(Rng *rng, char *text, int depth) {
    int n = 1 + (int)rng_uniform(rng, 0, 3);
    for (int i = 0; i < n; i++) {
        if (i > 0) add(text, ONE_OF(rng, signs));
        add_atom(rng, text, depth);
    }
}

static void random_text(Rng *rng, char *text) {
    static const char *const between[] = {" ", " ", " ", " ", "\n", "\n\n", "\n- "};
    text[0] = '\0';
    int n = 5 + (int)rng_uniform(rng, 0, 30);
    for (int i = 0; i < n; i++) {
        if (rng_uniform(rng, 0, 1) < 0.3) {
            add(text, "$");
            add_formula(rng, text, 2);
            add(text, "$");
        } else {
            add(text, ONE_OF(rng, words));
        }
        add(text, ONE_OF(rng, between));
    }
}

static void any_text_stands_in_its_box(void **state) {
    (void)state;
    enum { TEXTS = 300, BYTES = 1 << 16 };
    char *text = malloc(BYTES);
    assert_non_null(text);
    Rng rng = rng_seed(7);
    for (int i = 0; i < TEXTS; i++) {
        random_text(&rng, text);
        Status status = status_ok();
        if (!typeset_check(text, &status)) fail_msg("%s in: %s", status.message, text);
        float size = (float)rng_uniform(&rng, 9, 40), width = size * (float)rng_uniform(&rng, 6, 50);
        Page page = page_of(text, size, width);
        check_page(&page, text, width);
        page_close(&page);
    }
    free(text);
}

/* Advances of the recording canvas: 0.54 of the size a character of the text fonts. */
static void words_fill_lines(void **state) {
    (void)state;
    Page page = page_of("aaaa bbbb\ncccc dddd", 10, 50); /* 21.6 a word, 5.4 a space */
    assert_int_equal(page.typeset.n_lines, 2);
    assert_near(text_of(&page, "bbbb")->box.x, 21.6 + 5.4, 1e-5);
    assert_near(text_of(&page, "cccc")->box.x, 0, 1e-5);
    assert_near(page.typeset.lines[1].baseline - page.typeset.lines[0].baseline, 14.5, 1e-5);
    page_close(&page);
    page = page_of("a\n\nb\n- c\n- d", 10, 50);
    assert_int_equal(page.typeset.n_lines, 4);
    assert_true(text_of(&page, "c")->box.x > text_of(&page, "b")->box.x);
    page_close(&page);
    page = page_of("abcdefghijklmnopqrstuvwxyz", 10, 50); /* 9 characters a line */
    assert_int_equal(page.typeset.n_lines, 3);
    assert_string_equal(text_of(&page, "jkl")->string, "jklmnopqr");
    page_close(&page);
}

static void signs_of_texts_can_be_escaped(void **state) {
    (void)state;
    Page page = page_of("\\$5 and 2*3 *but not* \\*this\\* \\\\ `a b`", 10, 1000);
    assert_true(text_of(&page, "$")->colour.g == 255);
    assert_string_equal(text_of(&page, "2*3")->string, "2*3");
    assert_true(text_of(&page, "but")->colour.g == 0 && text_of(&page, "not")->font == FONT_STRONG);
    assert_true(text_of(&page, "this")->font == FONT_TEXT);
    assert_string_equal(text_of(&page, "a b")->string, "a b");
    page_close(&page);
}

/* The TeXbook, chapter 18: 4/18 em around what joins, 5/18 around a relation, none around a sign of one side.
 */
static void signs_have_the_room_of_tex(void **state) {
    (void)state;
    const float size = 18, letter = 0.54f * 18;
    Page page = page_of("$a+b=-c$", size, 1000);
    assert_near(text_of(&page, "+")->box.x - right_of(text_of(&page, "a")), 4, 1e-4);
    assert_near(text_of(&page, "b")->box.x - right_of(text_of(&page, "+")), 4, 1e-4);
    assert_near(text_of(&page, "=")->box.x - right_of(text_of(&page, "b")), 5, 1e-4);
    assert_near(text_of(&page, "c")->box.x - right_of(text_of(&page, "−")), 0, 1e-4);
    assert_near(page.typeset.lines[0].width, 1.2 * size + 6 * letter + 18, 1e-4);
    page_close(&page);
    page = page_of("so $|-q|+\\log z$ is", size, 1000);
    assert_near(text_of(&page, "q")->box.x - right_of(text_of(&page, "−")), 0, 1e-4);
    assert_near(text_of(&page, "z")->box.x - right_of(text_of(&page, "log")), 3, 1e-4);
    page_close(&page);
}

static void scripts_and_fractions_stand_where_they_belong(void **state) {
    (void)state;
    Page page = page_of("at $x_i^{n}$ and $\\frac{p}{q}$ and $y_{\\kappa_w}$ end", 20, 1000);
    float baseline = page.typeset.lines[0].baseline;
    const Call *x = text_of(&page, "x"), *i = text_of(&page, "i"), *n = text_of(&page, "n");
    assert_near(x->box.y + 0.75f * 20, baseline, 1e-4);
    assert_true(i->size < x->size && n->size == i->size);
    assert_true(i->box.x >= right_of(x) && n->box.x >= right_of(x));
    assert_true(bottom_of(n) <= i->box.y && bottom_of(i) > baseline && n->box.y < x->box.y);
    const Call *p = text_of(&page, "p"), *q = text_of(&page, "q");
    assert_near(p->box.x, q->box.x, 1e-4);
    assert_true(bottom_of(p) < q->box.y && bottom_of(p) < baseline);
    const Call *w = text_of(&page, "w"), *kappa = text_of(&page, "κ");
    assert_true(w->size < kappa->size && bottom_of(w) > bottom_of(kappa));
    page_close(&page);
    page = page_of("\n\n$\\sum_{i=1}^N a$\n\n", 20, 1000);
    const Call *sum = text_of(&page, "∑");
    assert_true(
        bottom_of(text_of(&page, "N")) < sum->box.y + 1 && text_of(&page, "1")->box.y > bottom_of(sum) - 1);
    page_close(&page);
}

static void mistakes_have_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"so\nit $x + \\kapa$", "2:9: there is no command \\kapa; did you mean \\kappa?"},
        {"κκ $\\frac{a}{b$", "1:13: this { is not closed"},
        {"$x^2^3$", "1:5: a second script at the same place"},
        {"$a}$", "1:3: no { belongs to this }"},
        {"$\\left( a$", "1:2: this \\left has no \\right"},
        {"$a \\right)$", "1:4: no \\left belongs to this \\right"},
        {"$x_$", "1:4: something is missing here"},
        {"costs 5$ a", "1:8: this $ has no partner in its paragraph; a sign of its own is \\$"},
        {"$a\n\nb$", "1:1: this $ has no partner in its paragraph; a sign of its own is \\$"},
        {"a ` b", "1:3: this ` has no partner in its paragraph; a sign of its own is \\`"},
        {"$a \\", "1:1: this $ has no partner in its paragraph; a sign of its own is \\$"},
        {"${{{{{{{{{{{{{{{{x}}}}}}}}}}}}}}}}$", "1:14: too many things in each other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Status status = status_ok();
        if (typeset_check(cases[i].text, &status)) fail_msg("nothing is wrong with: %s", cases[i].text);
        assert_string_equal(status.message, cases[i].message);
        Page page = page_of(cases[i].text, 10, 300); /* and it is there to be read */
        assert_true(page.typeset.n_lines > 0);
        page_close(&page);
    }
    Status status = status_ok();
    assert_true(typeset_check("\\$5, \\` and $\\$ \\{ \\}$ are fine", &status));
}

static void every_symbol_is_set(void **state) {
    (void)state;
    for (int i = 0; i < tex_symbol_count; i++) {
        const TexSymbol *symbol = &tex_symbols[i];
        if (!symbol->name[0]) continue;
        char text[64];
        Status status = status_ok();
        snprintf(text, sizeof text, "so $a \\%s b$", symbol->name);
        if (!typeset_check(text, &status)) fail_msg("%s", status.message);
        Page page = page_of(text, 12, 400);
        assert_true(right_of(text_of(&page, "b")) > right_of(text_of(&page, "a")) + 5);
        page_close(&page);
        assert_ptr_equal(tex_find(symbol->name, strlen(symbol->name)), symbol);
    }
}

static void pages_are_whole_lines(void **state) {
    (void)state;
    Page page = page_of("a b c d e f g", 10, 1);
    page_close(&page);
    page = page_of("aaaaaaa bbbbbbb ccccccc ddddddd", 10, 45);
    const Typeset *typeset = &page.typeset;
    assert_int_equal(typeset->n_lines, 4);
    assert_int_equal(typeset_fit(typeset, 0, typeset->height), 4);
    assert_int_equal(typeset_fit(typeset, 0, typeset->lines[1].bottom), 2);
    assert_int_equal(typeset_fit(typeset, 2, typeset->height), 2);
    assert_int_equal(typeset_fit(typeset, 1, 1), 1);
    assert_int_equal(typeset_fit(typeset, 4, 100), 0);
    page_close(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_fill_lines),
        cmocka_unit_test(signs_of_texts_can_be_escaped),
        cmocka_unit_test(signs_have_the_room_of_tex),
        cmocka_unit_test(scripts_and_fractions_stand_where_they_belong),
        cmocka_unit_test(mistakes_have_their_place),
        cmocka_unit_test(every_symbol_is_set),
        cmocka_unit_test(pages_are_whole_lines),
        cmocka_unit_test(any_text_stands_in_its_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
