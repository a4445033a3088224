/* The two ends decide: whoever reads the numbers of the first and the last layer gets to the same factor. */
#include "layer_words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

static const double MUCH = 10;  /* from end to end: it matters */
static const double ABOUT = 2;  /* the same, about */
static const double UNEVEN = 5; /* between any two layers, where the ends are the same */

const char *const layer_flow_names[FLOWS] = {"signal", "error", "gradient"};

typedef struct Naming {
    const char *end, *too_small, *too_large;
} Naming;

static const Naming namings[FLOWS] = {
    {"output", "it fades", "it blows up"},
    {"input", "it fades", "it blows up"},
    {"input", "it vanishes", "it explodes"},
};

/* "3.1", "25", "2900" */
static void write_factor(double factor, char *out, int size) {
    if (factor < 9.95)
        snprintf(out, (size_t)size, factor < 1.995 ? "%.2f" : "%.1f", factor);
    else if (factor < 1e5)
        snprintf(out, (size_t)size, "%.0f", factor < 99.5 ? factor : 10 * round(0.1 * factor));
    else
        snprintf(out, (size_t)size, "10^%.0f", log10(factor));
}

static void write_factors(LayerFlow flow, double all, int n, LayerWords *words) {
    const Naming *naming = &namings[flow];
    const bool shrinks = all < 1;
    const double from_end_to_end = shrinks ? 1 / all : all;
    const bool matters = from_end_to_end >= MUCH;
    const char *verdict = !matters ? "" : shrinks ? naming->too_small : naming->too_large;
    char each[32], total[32];
    write_factor(pow(from_end_to_end, 1.0 / (n - 1)), each, sizeof each);
    write_factor(from_end_to_end, total, sizeof total);
    snprintf(words->full, sizeof words->full, "%s %s× from layer to layer towards the %s%s%s%s%s%s",
        shrinks ? "shrinks" : "grows", each, naming->end, n > 2 ? ", " : "", n > 2 ? total : "",
        n > 2 ? "× in all" : "", matters ? ": " : "", verdict);
    snprintf(words->brief, sizeof words->brief, "%s %s× a layer towards the %s%s%s",
        shrinks ? "shrinks" : "grows", each, naming->end, matters ? ": " : "", verdict);
}

static void write_both(LayerWords *words, const char *text) {
    snprintf(words->full, sizeof words->full, "%s", text);
    snprintf(words->brief, sizeof words->brief, "%s", text);
}

static void write_uneven(double factor, LayerWords *words) {
    char text[64], times[32];
    write_factor(factor, times, sizeof times);
    snprintf(text, sizeof text, "uneven: %s× between two layers", times);
    write_both(words, text);
}

void layer_words(LayerFlow flow, const double *sizes, int n, LayerWords *words) {
    double low = INFINITY, high = 0;
    int nothing = -1; /* the last layer that there is nothing of, on the way to the end */
    for (int l = 0; l < n; l++) {
        if (!isfinite(sizes[l])) {
            write_both(words, "is not finite");
            return;
        }
        low = fmin(low, sizes[l]);
        high = fmax(high, sizes[l]);
        if (!(sizes[l] > 0) && (nothing < 0 || flow != FLOW_SIGNAL)) nothing = l;
    }
    if (n < 2) {
        write_both(words, "there is one layer alone");
    } else if (nothing >= 0) {
        char text[64];
        snprintf(text, sizeof text, "does not get through layer %d", nothing + 1);
        write_both(words, high > 0 ? text : "there is none in any layer");
    } else {
        const double all = flow == FLOW_SIGNAL ? sizes[n - 1] / sizes[0] : sizes[0] / sizes[n - 1];
        if (all > ABOUT || all < 1 / ABOUT)
            write_factors(flow, all, n, words);
        else if (high / low <= UNEVEN)
            write_both(words, "about the same in every layer");
        else
            write_uneven(high / low, words);
    }
}
