/* The search of Moré & Thuente (1994): an interval of uncertainty that shrinks around a step of sufficient
 * decrease, its next trial by cubic or quadratic interpolation. What is on the line is left to descent.c. */
#include "line_search.h"

#include <assert.h>
#include <math.h>

/* After so many evaluations the lowest point met must do. */
enum { EVALUATIONS_MAX = 40 };

#define WIDTH_MIN 1e-15 /* an interval narrower than this, relative to its end, is a point */
#define SHRINK 0.66     /* an interval that has not shrunk to this in two trials is halved */
#define EXTRAPOLATION 4 /* at most so many times farther at once */
#define BACK_OFF 0.25   /* from a loss that is not finite, to this part of the way */

typedef struct Search {
    LinePoint best;  /* the lowest point met: stx of the paper */
    LinePoint other; /* the other end of the interval, when bracketed: sty */
    bool bracketed;
    bool first_stage; /* no step of sufficient decrease and rising slope has been met yet */
    double wall;      /* before there is a bracket: at this step nothing is finite */
    double low, high; /* the next trial lies here: stmin, stmax */
    double width, width_before;
} Search;

/* The minimum of the cubic through two points and their slopes (Nocedal & Wright 3.59); NaN for none. */
static double cubic_minimum(const LinePoint *a, const LinePoint *b) {
    double theta = 3 * (a->loss - b->loss) / (b->step - a->step) + a->slope + b->slope;
    double scale = fmax(fabs(theta), fmax(fabs(a->slope), fabs(b->slope)));
    double root = scale * sqrt((theta / scale) * (theta / scale) - (a->slope / scale) * (b->slope / scale));
    if (b->step < a->step) root = -root;
    double ratio = (b->slope + root - theta) / (b->slope - a->slope + 2 * root);
    return b->step - ratio * (b->step - a->step);
}

/* Of the quadratic through two losses and the slope at a. */
static double quadratic_minimum(const LinePoint *a, const LinePoint *b) {
    double chord = (a->loss - b->loss) / (b->step - a->step);
    return a->step + a->slope / (chord + a->slope) / 2 * (b->step - a->step);
}

/* Of the quadratic through two slopes. */
static double secant_minimum(const LinePoint *a, const LinePoint *b) {
    return b->step + b->slope / (b->slope - a->slope) * (a->step - b->step);
}

/* Case 3 of the paper: the slope has the same sign and is smaller. The cubic may have its minimum on the
 * wrong side or none; the trial may not go more than SHRINK of the way to the other end. */
static double trial_on_flattening_slope(const Search *search, const LinePoint *best, const LinePoint *at) {
    double ahead = at->step > best->step ? search->high : search->low;
    double cubic = cubic_minimum(best, at), secant = secant_minimum(best, at);
    if (!((cubic - at->step) * (at->step - best->step) > 0)) cubic = ahead;
    bool cubic_is_nearer = fabs(cubic - at->step) < fabs(secant - at->step);
    if (!search->bracketed) {
        double farther = cubic_is_nearer ? secant : cubic;
        return fmax(search->low, fmin(search->high, farther));
    }
    double nearer = cubic_is_nearer ? cubic : secant;
    double limit = at->step + SHRINK * (search->other.step - at->step);
    return at->step > best->step ? fmin(limit, nearer) : fmax(limit, nearer);
}

/* The next trial, from the best point, the other end and the point just met; the four cases of section 4. */
static double next_trial(Search *search, const LinePoint *best, const LinePoint *other, const LinePoint *at) {
    double cubic = cubic_minimum(best, at);
    if (at->loss > best->loss) {
        search->bracketed = true;
        double quadratic = quadratic_minimum(best, at);
        bool cubic_is_nearer = fabs(cubic - best->step) < fabs(quadratic - best->step);
        return cubic_is_nearer ? cubic : cubic + (quadratic - cubic) / 2;
    }
    if ((at->slope < 0) != (best->slope < 0)) {
        search->bracketed = true;
        double secant = secant_minimum(best, at);
        return fabs(cubic - at->step) > fabs(secant - at->step) ? cubic : secant;
    }
    if (fabs(at->slope) < fabs(best->slope)) return trial_on_flattening_slope(search, best, at);
    if (search->bracketed) return cubic_minimum(other, at);
    return at->step > best->step ? search->high : search->low;
}

/* Moves the ends of the interval: section 2 of the paper. */
static void shrink(Search *search, const LinePoint *best, const LinePoint *at, const LinePoint *true_at) {
    if (at->loss > best->loss) {
        search->other = *true_at;
    } else {
        if ((at->slope < 0) != (best->slope < 0)) search->other = search->best;
        search->best = *true_at;
    }
}

/* The function minus its line of sufficient decrease, which the first stage works on. */
static LinePoint tilted(const LinePoint *point, double slope) {
    return (LinePoint){point->step, point->loss - slope * point->step, point->slope - slope};
}

static void limit(Search *search, double step) {
    const LinePoint *best = &search->best;
    if (search->bracketed) {
        search->low = fmin(best->step, search->other.step);
        search->high = fmax(best->step, search->other.step);
    } else {
        search->low = step + 1.1 * (step - best->step);
        search->high = step + EXTRAPOLATION * (step - best->step);
    }
}

/* Where to look after `at`, a point that will not do. */
static double advance(Search *search, const LinePoint *at, double tilt, double enough) {
    double step;
    if (search->first_stage && at->loss <= search->best.loss && at->loss > enough) {
        LinePoint best = tilted(&search->best, tilt), other = tilted(&search->other, tilt);
        LinePoint here = tilted(at, tilt);
        step = next_trial(search, &best, &other, &here);
        shrink(search, &best, &here, at);
    } else {
        LinePoint best = search->best;
        step = next_trial(search, &best, &search->other, at);
        shrink(search, &best, at, at);
    }
    const LinePoint *best = &search->best, *other = &search->other;
    if (search->bracketed) {
        double width = fabs(other->step - best->step);
        if (width >= SHRINK * search->width_before || !isfinite(step))
            step = best->step + (other->step - best->step) / 2;
        search->width_before = search->width;
        search->width = width;
    } else if (step >= search->wall || !isfinite(step)) {
        step = best->step + (search->wall - best->step) / 2;
    }
    limit(search, step);
    return step;
}

/* Whether no number is left between the ends of the interval to try. */
static bool is_exhausted(const Search *search, double step) {
    if (!(step > 0 && isfinite(step)) || step == search->best.step) return true;
    if (search->bracketed)
        return step <= search->low || step >= search->high ||
               search->high - search->low <= WIDTH_MIN * search->high;
    return step >= search->wall || search->wall - search->best.step <= WIDTH_MIN * search->best.step;
}

static bool is_sufficient(const Line *line, const LinePoint *at, double enough) {
    if (fabs(at->slope) > -line->c2 * line->start.slope) return false;
    if (at->loss <= enough) return true;
    /* Where the whole decrease that the slope promises is within rounding, the loss cannot show it and the
     * slope alone decides (Hager & Zhang 2005, the approximate Wolfe conditions). */
    return -line->start.slope * at->step <= line->noise && at->loss <= line->start.loss + line->noise;
}

bool line_search(const Line *line, double first, LinePoint *found) {
    assert(first > 0 && line->start.slope < 0);
    Search search = {.best = line->start,
        .other = line->start,
        .first_stage = true,
        .wall = INFINITY,
        .high = first + EXTRAPOLATION * first,
        .width = INFINITY,
        .width_before = INFINITY};
    double tilt = line->c1 * line->start.slope, step = first;
    for (int i = 0; i < EVALUATIONS_MAX && (i == 0 || !is_exhausted(&search, step)); i++) {
        found->step = step;
        found->loss = line->evaluate(line->context, step, &found->slope);
        if (!isfinite(found->loss) || !isfinite(found->slope)) {
            if (!search.bracketed) search.wall = step;
            step = search.best.step + BACK_OFF * (step - search.best.step);
            continue;
        }
        double enough = line->start.loss + tilt * step;
        if (is_sufficient(line, found, enough)) return true;
        if (found->loss <= enough && found->slope >= 0) search.first_stage = false;
        step = advance(&search, found, tilt, enough);
    }
    if (!(search.best.loss < line->start.loss)) return false;
    if (found->step != search.best.step) {
        *found = search.best;
        found->loss = line->evaluate(line->context, found->step, &found->slope);
    }
    return found->loss < line->start.loss && isfinite(found->slope);
}
