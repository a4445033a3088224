/* One iteration of a line-search method on vectors. How it aims is left to bfgs.c, lbfgs.c and
 * conjugate_gradient.c; the search along a line is line_search.c. */
#include "descent.h"

#include <float.h>
#include <math.h>

size_t descent_vec_bytes(size_t n, Precision precision) {
    return (n * precision_bytes(precision) + 63) / 64 * 64;
}

double descent_bytes(const Space *space) {
    return 3 * (double)descent_vec_bytes(space->n, space->precision);
}

Vec descent_take(char **next, size_t n, Precision precision) {
    Vec vec = {.n = n, .precision = precision, .data = *next};
    *next += descent_vec_bytes(n, precision);
    return vec;
}

void descent_place(Descent *descent, char **next, const Space *space) {
    descent->point = descent_take(next, space->n, space->precision);
    descent->gradient = descent_take(next, space->n, space->precision);
    descent->direction = descent_take(next, space->n, space->precision);
}

void descent_aim_steepest(Descent *descent) {
    const Vec *gradient = &descent->gradient;
    vec_combine(&descent->direction, -1, gradient, 0, gradient);
    descent->slope = -vec_dot(gradient, gradient);
    descent->first = fmin(1, 1 / vec_norm(gradient));
    descent->is_steepest = true;
}

/* The loss along the direction from the step's x. */
typedef struct Along {
    Descent *descent;
    const MethodStep *step;
} Along;

static double evaluate_along(void *context, double length, double *slope) {
    const Along *along = context;
    Descent *descent = along->descent;
    const Evaluator *evaluator = along->step->evaluator;
    vec_combine(&descent->point, 1, along->step->x, length, &descent->direction);
    double loss = evaluator->evaluate(evaluator->context, &descent->point, &descent->gradient_ahead);
    *slope = vec_dot(descent->gradient_ahead, &descent->direction);
    return loss;
}

static bool search(Descent *descent, MethodStep *step, double c2) {
    if (!(descent->slope < 0 && isfinite(descent->slope))) {
        step->failure = !isfinite(vec_largest(&descent->gradient)) ? "the gradient is not finite"
                        : !isfinite(descent->slope)                ? "the slope along the direction overflows"
                                                                   : "the direction does not descend";
        return false;
    }
    const double first = descent->first * step->lr;
    if (!(first > 0)) {
        step->failure = "the rate is 0: the first trial is no step";
        return false;
    }
    Along along = {.descent = descent, .step = step};
    const double epsilon = step->x->precision == PRECISION_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
    descent->noise = 16 * epsilon * fabs(descent->loss);
    const Line line = {.evaluate = evaluate_along,
        .context = &along,
        .c1 = DESCENT_C1,
        .c2 = c2,
        .start = {.loss = descent->loss, .slope = descent->slope},
        .noise = descent->noise};
    if (line_search(&line, first, &descent->found)) return true;
    step->failure = "the line search found no lower point";
    return false;
}

double descent_end_curvature(const Descent *descent) {
    const LinePoint *end = &descent->found;
    const double mean = end->step * (end->slope - descent->slope);
    const double fall = descent->loss - end->loss + end->step * end->slope;
    if (!(mean > 100 * descent->noise)) return 1;
    return fmin(3, fmax(1.0 / 3, 6 * fall / mean - 2));
}

/* Evaluates at x unless that is where the last step ended. */
static bool begin(MethodState *state, Descent *descent, const DescentKind *kind, MethodStep *step) {
    bool here = descent->known && vec_is_same(&descent->point, step->x);
    if (!here) kind->forget(state);
    descent->asked_again = !here || step->changed;
    if (descent->asked_again) {
        const Vec *gradient;
        descent->loss = step->evaluator->evaluate(step->evaluator->context, step->x, &gradient);
        vec_copy(&descent->gradient, gradient);
        vec_copy(&descent->point, step->x);
        descent->known = true;
    }
    if (isfinite(descent->loss)) return true;
    step->failure = "the loss is not finite";
    return false;
}

bool descent_step(
    MethodState *state, Descent *descent, const DescentKind *kind, MethodStep *step, double c2) {
    if (!begin(state, descent, kind, step)) return false;
    kind->aim(state, descent);
    if (descent->slope == 0 && vec_largest(&descent->gradient) == 0) return true;
    bool found = search(descent, step, c2);
    if (!found && !descent->is_steepest) {
        kind->forget(state);
        descent_aim_steepest(descent);
        found = search(descent, step, c2);
    }
    if (!found) {
        kind->forget(state);
        vec_copy(&descent->point, step->x);
        return false;
    }
    kind->learn(state, descent, step->x);
    vec_copy(step->x, &descent->point);
    vec_copy(&descent->gradient, descent->gradient_ahead);
    descent->loss = descent->found.loss;
    step->failure = NULL;
    return true;
}

void descent_try_aim(MethodState *state, Descent *descent, const DescentKind *kind, const Vec *gradient,
    const Vec *direction) {
    vec_copy(&descent->gradient, gradient);
    descent->asked_again = true;
    kind->aim(state, descent);
    vec_copy(direction, &descent->direction);
}
