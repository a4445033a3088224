/* The tables of the language, in the order in which a person meets them. */
#include "expect_names.h"

#include "expect_tree.h"

#include <stdio.h>

static const struct Phrase {
    const char *kind, *call, *meaning;
} phrases[] = {
    {"whom and when", "RACER.quantity(step)",
        "of a racer, by its label or its optimizer; 'in quotes' where that is no word"},
    {"whom and when", "STEP.RACER.quantity(step)",
        "the same in the scene as it is after the lesson's step of this name"},
    {"whom and when", "RACER.layer(2).quantity(step)", "of a layer of its network, from 1"},
    {"whom and when", "200, end, best, epoch 5",
        "a step: of its last row at or before it; without one the end; best is where its loss is lowest"},
    {"whom and when", "step", "in what goes over steps: the step that it is at"},
    {"phrases", "RACER.status == diverged",
        "or running, converged, stalled; of a training running, stopped, diverged"},
    {"phrases", "RACER.end near minimum within 0.1",
        "or saddle, maximum, (x, y); or RACER.at(50) near ...; within 0.01 unless said otherwise"},
    {"phrases", "RACER.steps_to(1e-3)", "steps until the loss is so low; infinite where it never is"},
    {"phrases", "RACER.evaluations_to(1e-3)", "gradients taken until then, on a surface"},
    {"phrases", "RACER.examples_to(0.1)", "examples learned from until then, in a training"},
    {"phrases", "A ~ B within 5 %", "of B's size; without % in numbers"},
    {"phrases", "A < B <= C, ==, !=, and, or, not", "as everywhere; + - * / ^ and parentheses likewise"},
};

typedef struct Visit {
    ExpectNameVisit *visit;
    void *context;
    const char *kind;
} Visit;

static void visit_quantity(void *context, const char *call, const char *meaning) {
    const Visit *visit = context;
    visit->visit(visit->context, visit->kind, call, meaning);
}

static void visit_quantities(ExpectNameVisit *visit, void *context) {
    static const struct Kind {
        const char *kind;
        Subject subject;
        bool of_layer;
    } kinds[] = {
        {"of a racer on a surface", SUBJECT_PLANE, false},
        {"of a racer in many dimensions", SUBJECT_FIELD, false},
        {"of a racer that trains a network", SUBJECT_NETWORK, false},
        {"of a layer of its network", SUBJECT_NETWORK, true},
    };
    for (int i = 0; i < 4; i++) {
        Visit one = {visit, context, kinds[i].kind};
        quantities_visit(kinds[i].subject, kinds[i].of_layer, visit_quantity, &one);
    }
}

static void visit_folds(ExpectNameVisit *visit, void *context, const ExpectFold *folds, int n,
    const char *kind, const char *range) {
    for (int i = 0; i < n; i++) {
        char call[64];
        snprintf(
            call, sizeof call, "%s(%s%s)", folds[i].name, folds[i].takes_truth ? "CLAIM" : "NUMBER", range);
        visit(context, kind, call, folds[i].meaning);
    }
}

void expect_names(ExpectNameVisit *visit, void *context) {
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        visit(context, phrases[i].kind, phrases[i].call, phrases[i].meaning);
    visit_folds(visit, context, expect_folds, expect_fold_count,
        "over the steps from the second to the third; without these over all", ", FROM, TO");
    visit_folds(visit, context, expect_gathers, expect_gather_count,
        "over the seeds; everything else must hold with each of them", "");
    for (int i = 0; i < expect_function_count; i++) {
        char call[64];
        snprintf(
            call, sizeof call, "%s(%s)", expect_functions[i].name, expect_functions[i].n == 2 ? "A, B" : "A");
        visit(context, "functions", call, expect_functions[i].meaning);
    }
    visit_quantities(visit, context);
}
