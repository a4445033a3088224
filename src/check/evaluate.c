/* The tree of an expectation against the records. A number that is not known makes a claim neither true nor
 * false, so that neither it nor its opposite holds. */
#include "evaluate.h"

#include "expect_lexer.h"

#include <math.h>
#include <string.h>

typedef struct Evaluation {
    const Expectation *expectation;
    const Evidence *evidence;
    int seed;
    double step;    /* of the expression over steps around; INFINITY outside of one */
    double unknown; /* the first step without a value; NAN */
} Evaluation;

static double value(Evaluation *evaluation, int node);

static const Measure *measure_of(const Evaluation *evaluation, const ExpectNode *node) {
    return &evaluation->evidence->measures->items[node->measure];
}

static const Record *record_of(const Evaluation *evaluation, const ExpectNode *node) {
    const Evidence *evidence = evaluation->evidence;
    return &evidence->records[evaluation->seed * evidence->n_acts + node->act];
}

static double best_step(const Evaluation *evaluation, const ExpectNode *node) {
    const Record *record = record_of(evaluation, node);
    return record->n_rows ? record->steps[record->best[node->racer]] : NAN;
}

static double epoch_step(Evaluation *evaluation, const ExpectNode *node) {
    return round(value(evaluation, node->a[0]) * record_of(evaluation, node)->epoch_steps);
}

static double measured(Evaluation *evaluation, const ExpectNode *node) {
    double step = node->a[0] == EXPECT_NONE ? evaluation->step : value(evaluation, node->a[0]);
    if (node->or_never && step == INFINITY) return INFINITY;
    return record_value(record_of(evaluation, node), measure_of(evaluation, node), node->measure, step);
}

static double called(Evaluation *evaluation, const ExpectNode *node) {
    const ExpectFunction *function = &expect_functions[node->operation];
    double operands[3] = {0};
    for (int i = 0; i < function->n; i++) operands[i] = value(evaluation, node->a[i]);
    return function->of(operands);
}

/* The last step that all racers in an expression have, of those that it takes as it goes. */
static double last_step(const Evaluation *evaluation, int node) {
    if (node == EXPECT_NONE) return INFINITY;
    const ExpectNode *at = &evaluation->expectation->nodes[node];
    if (at->kind == EXPECT_MEASURE && at->a[0] == EXPECT_NONE) {
        const Record *record = record_of(evaluation, at);
        return record->n_rows ? record->steps[record->last[at->racer]] : -1;
    }
    double last = INFINITY;
    for (int i = 0; i < 3; i++) last = fmin(last, last_step(evaluation, at->a[i]));
    return last;
}

/* Over the steps that the first racer in it has. */
static Gathered gather_steps(Evaluation *evaluation, const ExpectNode *node) {
    const ExpectFold *fold = &expect_folds[node->operation];
    const Record *record = record_of(evaluation, node);
    double from = node->a[1] == EXPECT_NONE ? (fold->log_step ? 1 : 0) : value(evaluation, node->a[1]);
    double to = node->a[2] == EXPECT_NONE ? INFINITY : value(evaluation, node->a[2]);
    to = fmin(to, last_step(evaluation, node->a[0]));
    const double outer = evaluation->step;
    Gathered gathered = {0};
    for (int64_t row = 0; row < record->n_rows && record->steps[row] <= to; row++) {
        if (!(record->steps[row] >= from)) continue;
        evaluation->step = record->steps[row];
        gathered_add(
            &gathered, evaluation->step, value(evaluation, node->a[0]), fold->log_step, fold->log_value);
    }
    evaluation->step = outer;
    if (gathered.unknown && isnan(evaluation->unknown)) evaluation->unknown = gathered.unknown_step;
    return gathered;
}

static double folded(Evaluation *evaluation, const ExpectNode *node) {
    const Gathered gathered = gather_steps(evaluation, node);
    return gathered.n == 0 || gathered.unknown ? NAN : expect_folds[node->operation].of(&gathered);
}

static double gathered_over_seeds(Evaluation *evaluation, const ExpectNode *node) {
    const ExpectFold *gather = &expect_gathers[node->operation];
    const int seed = evaluation->seed;
    Gathered gathered = {0};
    for (int i = 0; i < evaluation->evidence->n_seeds; i++) {
        evaluation->seed = i;
        gathered_add(&gathered, i, value(evaluation, node->a[0]), false, false);
    }
    evaluation->seed = seed;
    return gathered.unknown ? NAN : gather->of(&gathered);
}

static double compare(int operation, double a, double b) {
    if (isnan(a) || isnan(b)) return NAN;
    switch (operation) {
    case '<': return a < b;
    case '>': return a > b;
    case TOKEN_LESS_EQUAL: return a <= b;
    case TOKEN_GREATER_EQUAL: return a >= b;
    case TOKEN_EQUAL: return a == b;
    default: return a != b;
    }
}

static double is_close(Evaluation *evaluation, const ExpectNode *node) {
    const double a = value(evaluation, node->a[0]), b = value(evaluation, node->a[1]);
    const double within = value(evaluation, node->a[2]);
    const double limit = node->relative ? within / 100 * fabs(b) : within;
    return compare(TOKEN_LESS_EQUAL, a == b ? 0 : fabs(a - b), limit);
}

/* Of three values: what is not known stays so unless the other side decides. */
static double joined(Evaluation *evaluation, const ExpectNode *node) {
    const double decides = node->kind == EXPECT_OR, a = value(evaluation, node->a[0]);
    if (a == decides) return a;
    const double b = value(evaluation, node->a[1]);
    return b == decides ? b : isnan(a) ? a : b;
}

static double operated(Evaluation *evaluation, const ExpectNode *node) {
    const double a = value(evaluation, node->a[0]);
    if (node->kind == EXPECT_NEGATE) return -a;
    if (node->kind == EXPECT_NOT) return 1 - a;
    const double b = value(evaluation, node->a[1]);
    switch (node->kind) {
    case EXPECT_ADD: return a + b;
    case EXPECT_SUBTRACT: return a - b;
    case EXPECT_MULTIPLY: return a * b;
    case EXPECT_DIVIDE: return a / b;
    case EXPECT_POWER: return pow(a, b);
    default: return compare(node->operation, a, b);
    }
}

static double value(Evaluation *evaluation, int index) {
    const ExpectNode *node = &evaluation->expectation->nodes[index];
    switch (node->kind) {
    case EXPECT_NUMBER: return node->number;
    case EXPECT_STEP: return evaluation->step;
    case EXPECT_END: return INFINITY;
    case EXPECT_BEST: return best_step(evaluation, node);
    case EXPECT_EPOCH: return epoch_step(evaluation, node);
    case EXPECT_MEASURE: return measured(evaluation, node);
    case EXPECT_FUNCTION: return called(evaluation, node);
    case EXPECT_FOLD: return folded(evaluation, node);
    case EXPECT_GATHER: return gathered_over_seeds(evaluation, node);
    case EXPECT_CLOSE: return is_close(evaluation, node);
    case EXPECT_AND:
    case EXPECT_OR: return joined(evaluation, node);
    default: return operated(evaluation, node);
    }
}

static Evaluation begin(const Expectation *expectation, const Evidence *evidence, int seed) {
    return (Evaluation){
        .expectation = expectation, .evidence = evidence, .seed = seed, .step = INFINITY, .unknown = NAN};
}

double expectation_value(
    const Expectation *expectation, const Evidence *evidence, int seed, double *unknown) {
    Evaluation evaluation = begin(expectation, evidence, seed);
    double result = value(&evaluation, expectation->root);
    if (unknown) *unknown = evaluation.unknown;
    return result;
}

/* Telling. */

static void append_value(const Evaluation *evaluation, const ExpectNode *node, double number, Text *out) {
    const char *word = node->kind == EXPECT_MEASURE && number >= 0
                           ? quantity_word(&measure_of(evaluation, node)->quantity, (int)number)
                           : NULL;
    text_append(out, "%s%.*s is ", out->length ? "; " : "", (int)node->length,
        evaluation->expectation->text + node->offset);
    if (word)
        text_append(out, "%s", word);
    else if (isnan(number))
        text_append(out, "no number");
    else
        text_append(out, "%.6g", number);
}

/* Where a claim about all steps, or any, is decided. */
static void append_turn(Evaluation *evaluation, const ExpectNode *node, Text *out) {
    const Gathered gathered = gather_steps(evaluation, node);
    text_append(out, "%s%.*s ", out->length ? "; " : "", (int)node->length,
        evaluation->expectation->text + node->offset);
    if (gathered.n == 0)
        text_append(out, "has no step");
    else if (gathered.trues == 0 || gathered.trues == gathered.n)
        text_append(out, "%s", gathered.trues ? "holds at all steps" : "holds at no step");
    else
        text_append(out, "holds first at step %g and first not at step %g", gathered.first_true,
            gathered.first_false);
}

static void tell(Evaluation *evaluation, int index, Text *out) {
    if (index == EXPECT_NONE) return;
    const ExpectNode *node = &evaluation->expectation->nodes[index];
    if (!node->is_truth) {
        if (node->kind != EXPECT_NUMBER) append_value(evaluation, node, value(evaluation, index), out);
        return;
    }
    if (node->kind == EXPECT_FOLD) {
        append_turn(evaluation, node, out);
        return;
    }
    for (int i = 0; i < 2; i++) tell(evaluation, node->a[i], out); /* how close is told by the claim itself */
}

void expectation_measured(const Expectation *expectation, const Evidence *evidence, int seed, Text *out) {
    Evaluation evaluation = begin(expectation, evidence, seed);
    Text told = {0};
    tell(&evaluation, expectation->root, &told);
    text_append(out, "%s", text_string(&told));
    if (!isnan(evaluation.unknown)) text_append(out, " (there is no number at step %g)", evaluation.unknown);
    text_finish(&told);
}
