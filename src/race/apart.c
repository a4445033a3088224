/* Races of large objectives, each racer's its own: no positions are recorded, nothing is evaluated but what
 * an optimizer asks for, and racers step on several threads. What an optimizer sees is the same as in any
 * race. */
#include "race_inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Loss and gradient norm that a step began with become those of the row before it. What is known at x itself
 * goes before what is known where a rule looked first. */
static void judge_start(Racer *racer, double loss, bool here) {
    Trace *trace = &racer->trace;
    if (racer->judged && !here) return;
    trace->loss[trace->last] = loss;
    trace->grad_norm[trace->last] = vec_norm_shared(&racer->gradient, racer->pool);
    racer->judged = true;
}

/* The gradient at x is computed once in a step, unless it had to make room for another. */
static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    Racer *racer = context;
    const bool here = x == &racer->x;
    double loss = racer->loss;
    racer->evaluations++;
    if (!here || !racer->known) {
        loss = racer->objective->type->evaluate(racer->objective, x, &racer->gradient);
        judge_start(racer, loss, here);
        racer->known = here;
        if (here) racer->loss = loss;
    }
    *gradient = racer->changes_gradient ? &racer->given : &racer->gradient;
    if (!racer->changes_gradient) return loss;
    vec_copy(&racer->given, &racer->gradient);
    return loss + racer_apply_devices(racer, x);
}

static RacerStatus judge(Racer *racer) {
    const double loss = racer->trace.loss[racer->trace.last],
                 grad_norm = racer->trace.grad_norm[racer->trace.last];
    racer->reason = !racer->judged               ? REASON_NONE
                    : !isfinite(loss)            ? REASON_LOSS
                    : !isfinite(grad_norm)       ? REASON_GRADIENT
                    : racer->failure             ? REASON_FAILURE
                    : grad_norm <= RACE_VANISHED ? REASON_AT_MINIMUM
                                                 : REASON_NONE;
    switch (racer->reason) {
    case REASON_LOSS:
    case REASON_GRADIENT: return RACER_DIVERGED;
    case REASON_FAILURE: return RACER_STALLED;
    case REASON_AT_MINIMUM: return RACER_CONVERGED;
    default: return RACER_RUNNING;
    }
}

static void move_average(Racer *racer, int64_t n) {
    const double weight = racer_average_weight(&racer->spec, n);
    if (racer->average.data) vec_combine(&racer->average, 1 - weight, &racer->average, weight, &racer->x);
}

static void write_row(Racer *racer, int64_t row, double lr, RacerStatus status) {
    racer->shown = NAN;
    trace_write_row(racer, row, NAN, lr, status);
}

static bool is_running(const Racer *racer) {
    return !racer->retired && !racer_has_diverged(racer);
}

/* Steps that racers take without waiting for each other. */
typedef struct Leg {
    Race *race;
    int64_t n;
} Leg;

static void step_racer(Racer *racer) {
    racer->known = racer->judged = false;
    racer_step(racer);
    const int64_t row = racer->trace.last + 1;
    const RacerStatus status = judge(racer);
    move_average(racer, row);
    write_row(racer, row, racer->rates[row - 1], status);
}

static void run_leg(void *context, int index, int worker) {
    (void)worker;
    const Leg *leg = context;
    Racer *racer = &leg->race->racers[index];
    Objective *objective = racer->objective;
    for (int64_t i = 0; i < leg->n && is_running(racer); i++) {
        if (leg->n > 1) objective->type->resample(objective, (uint64_t)(leg->race->done + i));
        step_racer(racer);
    }
}

static int64_t leg_of(const Objective *objective, int64_t left) {
    const int64_t most =
        objective->type->resample && objective->type->ahead ? objective->type->ahead(objective) : 1;
    return most < left ? most : left;
}

/* Where nobody runs any more the race is as long as the last of them ran. */
static void count_steps(Race *race, int64_t n) {
    int64_t last = race->done + 1;
    bool any = false;
    for (int i = 0; i < race->n_racers; i++) {
        any = any || is_running(&race->racers[i]);
        if (race->racers[i].trace.last > last) last = race->racers[i].trace.last;
    }
    race->done = any ? race->done + n : last;
}

void apart_advance(Race *race, int64_t step) {
    int n_running = 0;
    bool takes_batches = false;
    Objective *first = NULL;
    for (int i = 0; i < race->n_racers; i++) {
        Racer *racer = &race->racers[i];
        const ObjectiveType *type = racer->objective->type;
        if (!is_running(racer)) continue;
        if (type->resample) type->resample(racer->objective, (uint64_t)race->done);
        takes_batches = takes_batches || (type->resample && racer->spec.devices[DEVICE_ACCUMULATE] > 1);
        n_running++;
        if (!first) first = racer->objective;
    }
    /* One racer's objective may have the threads that others would have had. One that accumulates takes
     * batches of its own, from what all share. */
    const bool alone = n_running == 1 || takes_batches;
    for (int i = 0; i < race->n_racers; i++) {
        Racer *racer = &race->racers[i];
        racer->pool = alone ? race->pool : NULL;
        if (racer->objective->type->share) racer->objective->type->share(racer->objective, racer->pool);
        optimizer_run_share(racer->run, racer->pool);
    }
    Leg leg = {race, first && !alone ? leg_of(first, step - race->done) : 1};
    for (int64_t i = 1; i < leg.n; i++) first->type->resample(first, (uint64_t)(race->done + i));
    if (race->pool && !alone)
        pool_run(race->pool, race->n_racers, run_leg, &leg);
    else
        for (int i = 0; i < race->n_racers; i++) run_leg(&leg, i, 0);
    count_steps(race, leg.n);
}

void race_restart_apart(Race *race, const Vec *start) {
    race->done = 0;
    for (int i = 0; i < race->n_racers; i++) {
        Racer *racer = &race->racers[i];
        racer_restart(racer);
        vec_copy(&racer->x, start);
        vec_fill(&racer->gradient, 0);
        if (racer->average.data) vec_copy(&racer->average, start);
        write_row(racer, 0, race->n_steps > 0 ? racer->rates[0] : racer->spec.values[0], RACER_RUNNING);
    }
}

/* x and its gradient; and, where the racer wants them, what the optimizer sees instead, and the average. */
static bool allocate(Racer *racer) {
    const Objective *objective = racer->objective;
    const bool wanted[] = {
        true, true, devices_change_gradient(racer->spec.devices), racer_averages(&racer->spec)};
    Vec *const vectors[] = {&racer->x, &racer->gradient, &racer->given, &racer->average};
    for (int i = 0; i < 4; i++) {
        const size_t bytes = objective->dim * precision_bytes(objective->precision);
        *vectors[i] = (Vec){.n = objective->dim, .precision = objective->precision};
        if (!wanted[i]) continue;
        vectors[i]->data = aligned_alloc(64, (bytes + 63) / 64 * 64);
        if (!vectors[i]->data) return false;
    }
    return true;
}

Race *race_create_apart(Objective *const *objectives, const RacerSpec *specs, int n_racers, const Vec *start,
    int64_t n_steps, uint64_t seed, Pool *pool, Status *status) {
    assert(n_racers >= 1 && n_racers <= RACE_RACERS_MAX && n_steps >= 0);
    if (!trace_check_size(objectives[0], specs, n_racers, n_steps, false, status)) return NULL;
    Race *race = calloc(1, sizeof *race);
    if (!race) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    race->is_apart = true;
    race->objective = objectives[0];
    race->n_steps = n_steps;
    race->seed = seed;
    race->pool = pool;
    for (int i = 0; i < n_racers; i++) {
        Racer *racer = &race->racers[race->n_racers++];
        assert(start->n == objectives[i]->dim && start->precision == objectives[i]->precision);
        if (racer_init(race, racer, objectives[i], &specs[i], evaluate, status) &&
            (!pool || optimizer_run_reserve(racer->run, pool, status)) &&
            (allocate(racer) || status_fail(status, STATUS_FAILED, "out of memory for %s on %zu parameters",
                                    specs[i].label, start->n)))
            continue;
        race_destroy(race);
        return NULL;
    }
    if (pool) pool_set_alert(pool, true);
    race_restart_apart(race, start);
    return race;
}

static const Racer *racer_of(const Race *race, int racer) {
    assert(race->is_apart && racer >= 0 && racer < race->n_racers);
    return &race->racers[racer];
}

const Vec *race_x(const Race *race, int racer) {
    return &racer_of(race, racer)->x;
}

const Vec *race_gradient(const Race *race, int racer) {
    return &racer_of(race, racer)->gradient;
}

const Vec *race_average(const Race *race, int racer) {
    const Racer *of = racer_of(race, racer);
    return of->average.data ? &of->average : NULL;
}

bool race_scaling(const Race *race, int racer, const Vec *out) {
    return optimizer_run_scaling(racer_of(race, racer)->run, out);
}

double race_look(Race *race, int racer) {
    assert(race->is_apart && racer >= 0 && racer < race->n_racers);
    Racer *of = &race->racers[racer];
    return of->objective->type->evaluate(of->objective, &of->x, &of->gradient);
}

void race_retire(Race *race, int racer) {
    assert(race->is_apart && racer >= 0 && racer < race->n_racers);
    race->racers[racer].retired = true;
}

bool race_is_running(const Race *race, int racer) {
    return is_running(racer_of(race, racer));
}

static void visit_vec(const Vec *vec, StateVisit *visit, void *context) {
    if (vec->data) visit(context, vec->data, vec->n * precision_bytes(vec->precision));
}

static bool visit_racer(const Race *race, Racer *racer, StateVisit *visit, void *context) {
    Trace *trace = &racer->trace;
    visit(context, &trace->last, sizeof trace->last);
    if (trace->last < 0 || trace->last > race->done) return false;
    uint8_t *status = &trace->status[trace->last];
    visit(context, status, sizeof *status);
    visit(context, &trace->lr[trace->last], sizeof *trace->lr);
    visit(context, &racer->evaluations, sizeof racer->evaluations);
    visit(context, &racer->seconds, sizeof racer->seconds);
    int32_t changed = racer->changed, retired = racer->retired;
    visit(context, &changed, sizeof changed);
    visit(context, &retired, sizeof retired);
    racer->changed = changed;
    racer->retired = retired != 0;
    visit_vec(&racer->x, visit, context);
    visit_vec(&racer->average, visit, context);
    return *status <= RACER_DIVERGED && changed >= 0 && changed <= racer->spec.n_changes &&
           optimizer_run_visit(racer->run, visit, context);
}

bool race_visit(Race *race, StateVisit *visit, void *context) {
    assert(race->is_apart);
    visit(context, &race->done, sizeof race->done);
    if (race->done < 0 || race->done > race->n_steps) return false;
    for (int i = 0; i < race->n_racers; i++)
        if (!visit_racer(race, &race->racers[i], visit, context)) return false;
    return true;
}
