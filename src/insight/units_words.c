/* What is said of neurons and lines in numbers. */
#include "units_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void units_name(const UnitsView *view, int layer, int unit, bool is_short, char out[NUMBER_BYTES * 2]) {
    const Dataset *dataset = view->maps.data->dataset;
    const int last = view->maps.spec.n_layers, room = 2 * NUMBER_BYTES;
    if (layer == 0 && dataset->features)
        snprintf(out, (size_t)room, "%s%.40s", is_short ? "" : "input ", dataset->features[unit].text);
    else if (layer == 0)
        snprintf(out, (size_t)room, view->maps.spec.sizes[0] > 1 ? "%sx%d" : "%sx", is_short ? "" : "input ",
            unit + 1);
    else if (layer == last && view->maps.spec.sizes[last] == 1)
        snprintf(out, (size_t)room, "output");
    else if (layer == last)
        snprintf(out, (size_t)room, "%s%.40s", is_short ? "" : "output ", dataset->classes[unit].text);
    else if (is_short)
        snprintf(out, (size_t)room, "%d", unit + 1);
    else
        snprintf(out, (size_t)room, "neuron %d of layer %d", unit + 1, layer);
}

/* Lines of words, one below the other as long as there is room. */
typedef struct Words {
    const UnitsPass *pass;
    float y;
} Words;

static bool has_line(const Words *words) {
    Rect rect = words->pass->panel->words;
    return words->y + UNITS_WORDS_HEIGHT <= rect.y + rect.height;
}

static void put_line(Words *words, Font font, Colour colour, const char *text) {
    if (!has_line(words)) return;
    Rect rect = words->pass->panel->words;
    text_draw_fitted(words->pass->canvas, rect.x,
        text_baseline(words->y + 0.5f * UNITS_WORDS_HEIGHT, SIZE_MONO), ALIGN_LEFT, font, SIZE_MONO, colour,
        rect.width, text);
    words->y += UNITS_WORDS_HEIGHT;
}

/* A name, and two numbers at the right. */
static void put_row(Words *words, Colour colour, const char *name, const char *first, const char *second) {
    if (!has_line(words)) return;
    static const float COLUMN = 60;
    const UnitsPass *pass = words->pass;
    Rect rect = pass->panel->words;
    float right = rect.x + rect.width,
          baseline = text_baseline(words->y + 0.5f * UNITS_WORDS_HEIGHT, SIZE_MONO);
    bool both = rect.width >= 2 * COLUMN + 24;
    float room = rect.width - (both ? 2 : 1) * COLUMN - 4;
    text_draw_fitted(pass->canvas, rect.x, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO, colour, room, name);
    if (both) canvas_text(pass->canvas, right, baseline, ALIGN_RIGHT, FONT_MONO, SIZE_MONO, colour, second);
    canvas_text(pass->canvas, both ? right - COLUMN : right, baseline, ALIGN_RIGHT, FONT_MONO, SIZE_MONO,
        colour, first);
    words->y += UNITS_WORDS_HEIGHT;
}

static void put_numbers(Words *words, Colour colour, const char *name, size_t at) {
    const UnitNumbers *numbers = words->pass->numbers;
    char weight[NUMBER_BYTES], gradient[NUMBER_BYTES];
    snprintf(weight, sizeof weight, "%+.4f", vec_get(&numbers->weights, at));
    snprintf(gradient, sizeof gradient, "%+.1e", vec_get(&numbers->gradient, at));
    put_row(words, colour, name, weight, gradient);
}

/* What the gradient is of. */
static void put_source(Words *words, Colour colour) {
    const UnitsPass *pass = words->pass;
    const char *const forms[] = {pass->numbers->of_batch ? "gradient: of the next minibatch, %d examples"
                                                         : "gradient: over %d training examples",
        pass->numbers->of_batch ? "gradient: next batch of %d" : "gradient: over %d", NULL};
    char text[4 * NUMBER_BYTES];
    for (int i = 0; forms[i]; i++) {
        snprintf(text, sizeof text, forms[i], pass->numbers->examples);
        if (canvas_text_width(pass->canvas, FONT_TEXT, SIZE_MONO, text) <= pass->panel->words.width) break;
    }
    put_line(words, FONT_TEXT, colour, text);
}

/* How large weights are, layer by layer: the scales of the picture. */
static void put_layers(Words *words) {
    const UnitsPass *pass = words->pass;
    const Theme *theme = pass->subject->theme;
    const MlpSpec *spec = &pass->view->maps.spec;
    put_source(words, theme->dim);
    put_row(words, theme->dim, "layer", "max |w|", "max |g|");
    for (int l = 0; l < spec->n_layers; l++) {
        char name[2 * NUMBER_BYTES], weight[NUMBER_BYTES], gradient[NUMBER_BYTES];
        snprintf(name, sizeof name, "%d→%d", spec->sizes[l], spec->sizes[l + 1]);
        snprintf(weight, sizeof weight, "%.4f", pass->numbers->weight_reach[l]);
        snprintf(gradient, sizeof gradient, "%.1e", pass->numbers->gradient_reach[l]);
        put_row(words, theme->text, name, weight, gradient);
    }
    if (pass->subject->still) return;
    put_line(words, FONT_TEXT, theme->faint, "point at a neuron or a line");
}

/* The weights that come into a neuron: all, or as many of the largest as there is room for. */
static void put_incoming(Words *words, int layer, int unit) {
    const UnitsPass *pass = words->pass;
    const UnitMaps *maps = &pass->view->maps;
    const Theme *theme = pass->subject->theme;
    Rect rect = pass->panel->words;
    int n = maps->spec.sizes[layer - 1], order[UNITS_WIDEST];
    int room = (int)((rect.y + rect.height - words->y) / UNITS_WORDS_HEIGHT);
    for (int i = 0; i < n; i++) { /* by size, where not all have room */
        double size = fabs(vec_get(&pass->numbers->weights, unit_weight(maps, layer - 1, i, unit)));
        int at = i;
        while (n > room && at > 0 &&
               fabs(vec_get(&pass->numbers->weights, unit_weight(maps, layer - 1, order[at - 1], unit))) <
                   size) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    bool all = n <= room;
    int shown = all ? n : room - 1;
    for (int i = 0; i < shown; i++) {
        char name[2 * NUMBER_BYTES];
        units_name(pass->view, layer - 1, order[i], true, name);
        put_numbers(words, theme->text, name, unit_weight(maps, layer - 1, order[i], unit));
    }
    if (all) return;
    char text[2 * NUMBER_BYTES];
    snprintf(text, sizeof text, "and %d smaller ones", n - shown);
    put_line(words, FONT_TEXT, theme->dim, text);
}

static void put_target(Words *words, UnitsTarget target) {
    const UnitsPass *pass = words->pass;
    const UnitsView *view = pass->view;
    const Theme *theme = pass->subject->theme;
    char name[2 * NUMBER_BYTES], text[6 * NUMBER_BYTES];
    units_name(view, target.layer, target.unit, false, name);
    if (target.from >= 0) {
        char from[2 * NUMBER_BYTES];
        units_name(view, target.layer - 1, target.from, false, from);
        snprintf(text, sizeof text, "from %s", from);
        put_line(words, FONT_STRONG, theme->text, text);
        snprintf(text, sizeof text, "to %s", name);
        put_line(words, FONT_STRONG, theme->text, text);
        put_row(words, theme->dim, "", "weight", "gradient");
        put_numbers(
            words, theme->text, "", unit_weight(&view->maps, target.layer - 1, target.from, target.unit));
        put_source(words, theme->dim);
        return;
    }
    put_line(words, FONT_STRONG, theme->text, name);
    if (target.layer == 0) return;
    put_row(words, theme->dim, "from", "weight", "gradient");
    put_numbers(words, theme->text, "bias", unit_bias(&view->maps, target.layer - 1, target.unit));
    put_incoming(words, target.layer, target.unit);
}

void units_words_draw(const UnitsPass *pass, UnitsTarget target) {
    Words words = {pass, pass->panel->words.y};
    if (pass->panel->words.width <= 0) return;
    if (target.panel == pass->index)
        put_target(&words, target);
    else
        put_layers(&words);
}
