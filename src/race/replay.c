/* One racer of a race once more: a racer of its own with the same settings, whose evaluator remembers. The
 * way to a step is shortened by snapshots of what the optimizer has learned. */
#include "replay.h"

#include "race_inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SNAPSHOTS = 16, STRIDE_MIN = 64, STEPS_PER_LOOK = 32 };

typedef struct Snapshot {
    bool taken;
    double x[REPLAY_DIM];
    int changed;
} Snapshot;

struct Replay {
    const Race *followed; /* borrowed; NULL: none yet */
    int number;           /* of the racer in it */
    Race race;            /* of one racer */
    Evaluator inner;      /* the racer's own, which the recording one asks */
    Working *working;     /* owned; NULL for a method */
    double vectors[6][REPLAY_DIM];
    Snapshot snapshots[SNAPSHOTS];
    int64_t stride;
    size_t snapshot_bytes;
    char *bytes; /* owned: those of the snapshots, then of the states before and after the step */
    bool records, has_step;
    ReplayStep step;
    /* For answering with what was recorded, the last gradient moved by `push`: */
    int answered;
    double push[REPLAY_DIM];
    Vec answer;
};

Replay *replay_create(void) {
    return calloc(1, sizeof(Replay));
}

static void leave(Replay *replay) {
    optimizer_run_destroy(replay->race.racers[0].run);
    replay->race.racers[0].run = NULL;
    working_destroy(replay->working);
    free(replay->bytes);
    replay->working = NULL;
    replay->bytes = NULL;
    replay->followed = NULL;
    replay->has_step = false;
}

void replay_destroy(Replay *replay) {
    if (!replay) return;
    leave(replay);
    free(replay);
}

/* The optimizer's state as bytes. A method without any has nothing to keep. */

static void count_state(void *context, void *bytes, size_t size) {
    (void)bytes;
    *(size_t *)context += size;
}

static void write_state(void *context, void *bytes, size_t size) {
    char **to = context;
    memcpy(*to, bytes, size);
    *to += size;
}

static void read_state(void *context, void *bytes, size_t size) {
    const char **from = context;
    memcpy(bytes, *from, size);
    *from += size;
}

static void save_state(OptimizerRun *run, char *bytes) {
    optimizer_run_visit(run, write_state, &bytes);
}

static void restore_state(OptimizerRun *run, const char *bytes) {
    optimizer_run_visit(run, read_state, &bytes);
}

/* Evaluators. */

static double record(void *context, const Vec *x, const Vec **gradient) {
    Replay *replay = context;
    double loss = replay->inner.evaluate(replay->inner.context, x, gradient);
    ReplayStep *step = &replay->step;
    if (replay->records && step->n_evaluations < REPLAY_EVALUATIONS_MAX) {
        ReplayEvaluation *evaluation = &step->evaluations[step->n_evaluations++];
        evaluation->loss = loss;
        vec_read(x, evaluation->x);
        vec_read(*gradient, evaluation->gradient);
    }
    return loss;
}

static void record_hessian(void *context, const Vec *x, double *hessian) {
    const Replay *replay = context;
    replay->inner.hessian(replay->inner.context, x, hessian);
}

static void record_hessian_vector(void *context, const Vec *x, const Vec *v, const Vec *product) {
    const Replay *replay = context;
    replay->inner.hessian_vector(replay->inner.context, x, v, product);
}

static double answer(void *context, const Vec *x, const Vec **gradient) {
    Replay *replay = context;
    const ReplayStep *step = &replay->step;
    (void)x;
    int last = step->n_evaluations - 1, i = replay->answered < last ? replay->answered : last;
    replay->answered++;
    for (int k = 0; k < REPLAY_DIM; k++)
        vec_set(
            &replay->answer, (size_t)k, step->evaluations[i].gradient[k] + (i == last ? replay->push[k] : 0));
    *gradient = &replay->answer;
    return step->evaluations[i].loss;
}

/* Following. */

static Evaluator recording(Replay *replay) {
    return (Evaluator){.evaluate = record,
        .hessian = replay->inner.hessian ? record_hessian : NULL,
        .hessian_vector = replay->inner.hessian_vector ? record_hessian_vector : NULL,
        .context = replay};
}

/* The objective is the race's: between two seeks it has the race's batch. */
static void take_batch(const Replay *replay, int64_t step) {
    const ObjectiveType *type = replay->race.objective->type;
    if (type->resample) type->resample(replay->race.objective, (uint64_t)step);
}

/* What is known at a row: the batch of the step from there, loss and gradient. */
static void arrive(Replay *replay) {
    Racer *racer = &replay->race.racers[0];
    const ObjectiveType *type = racer->objective->type;
    take_batch(replay, replay->race.done);
    racer->loss = type->evaluate(racer->objective, &racer->x, &racer->gradient);
}

static void restart(Replay *replay) {
    Racer *racer = &replay->race.racers[0];
    racer_restart(racer);
    vec_write(&racer->x, replay->race.start);
    replay->race.done = 0;
    arrive(replay);
}

static bool prepare(Replay *replay, const Race *race, int number, Status *status) {
    Racer *racer = &replay->race.racers[0];
    const Racer *from = &race->racers[number];
    replay->race = (Race){.objective = race->objective,
        .seed = race->seed,
        .n_racers = 1,
        .n_steps = race->n_steps,
        .start = race->start};
    *racer = *from;
    racer->race = &replay->race;
    racer->trace = (Trace){0};
    Vec *const vectors[] = {&racer->x, &racer->gradient, &racer->given, &replay->answer};
    for (int i = 0; i < 4; i++) *vectors[i] = vec_of_f64(replay->vectors[i], REPLAY_DIM);
    racer->mean = vec_of_f64(replay->vectors[5], REPLAY_DIM);
    replay->inner = from->evaluator;
    replay->inner.context = racer;
    racer->evaluator = recording(replay);
    const Optimizer *optimizer = racer->spec.optimizer;
    racer->run = optimizer_run_create(optimizer, racer->spec.values, REPLAY_DIM, PRECISION_F64, status);
    if (!racer->run) return false;
    uint64_t stream = racer->spec.devices[DEVICE_OWN_NOISE] > 0 ? racer->noise : 0;
    optimizer_run_seed(racer->run, noise_stream(race->seed, stream, 0));
    optimizer_run_visit(racer->run, count_state, &replay->snapshot_bytes);
    replay->bytes = malloc((SNAPSHOTS + 2) * replay->snapshot_bytes + 1);
    if (!replay->bytes) return status_fail(status, STATUS_FAILED, "out of memory");
    Status unread = status_ok(); /* a script that cannot be worked out is a race all the same */
    replay->working = optimizer->method ? NULL : working_create(optimizer, &unread);
    return true;
}

bool replay_follow(Replay *replay, const Race *race, int number, Status *status) {
    assert(number >= 0 && number < race->n_racers && !race->is_apart);
    assert(race->objective->dim == REPLAY_DIM && race->objective->precision == PRECISION_F64);
    leave(replay);
    replay->snapshot_bytes = 0;
    if (!prepare(replay, race, number, status)) {
        leave(replay);
        return false;
    }
    replay->followed = race;
    replay->number = number;
    int64_t stride = (race->n_steps + SNAPSHOTS - 1) / SNAPSHOTS;
    replay->stride = stride > STRIDE_MIN ? stride : STRIDE_MIN;
    for (int i = 0; i < SNAPSHOTS; i++) replay->snapshots[i].taken = false;
    restart(replay);
    take_batch(replay, race->done);
    return true;
}

/* Snapshots. Number i is of step i * stride. */

static char *snapshot_bytes(const Replay *replay, int i) {
    return replay->bytes + (size_t)i * replay->snapshot_bytes;
}

static void take_snapshot(Replay *replay) {
    const Racer *racer = &replay->race.racers[0];
    int64_t i = replay->race.done / replay->stride;
    if (replay->race.done % replay->stride != 0 || i >= SNAPSHOTS || replay->snapshots[i].taken) return;
    Snapshot *snapshot = &replay->snapshots[i];
    *snapshot = (Snapshot){.taken = true, .changed = racer->changed};
    vec_read(&racer->x, snapshot->x);
    save_state(racer->run, snapshot_bytes(replay, (int)i));
}

/* To the last snapshot at or before a step, unless where it is now is nearer. */
static void go_back(Replay *replay, int64_t step) {
    Racer *racer = &replay->race.racers[0];
    int64_t i = step / replay->stride;
    if (i >= SNAPSHOTS) i = SNAPSHOTS - 1;
    while (i > 0 && !replay->snapshots[i].taken) i--;
    bool ahead = replay->race.done <= step && replay->race.done >= i * replay->stride;
    if (ahead) return;
    if (!replay->snapshots[i].taken) {
        restart(replay);
        return;
    }
    vec_write(&racer->x, replay->snapshots[i].x);
    racer->changed = replay->snapshots[i].changed;
    restore_state(racer->run, snapshot_bytes(replay, (int)i));
    replay->race.done = i * replay->stride;
    arrive(replay);
}

/* Recording a step. */

static void record_state(
    const OptimizerRun *run, double state[][REPLAY_DIM], double *scalars, ReplayStep *step) {
    step->n_states = optimizer_run_state_count(run);
    step->n_scalars = optimizer_run_scalar_count(run);
    for (int i = 0; i < step->n_states; i++) {
        const Vec vec = optimizer_run_state(run, i);
        vec_read(&vec, state[i]);
    }
    for (int i = 0; i < step->n_scalars; i++) scalars[i] = optimizer_run_scalar(run, i);
}

static void record_before(Replay *replay) {
    Racer *racer = &replay->race.racers[0];
    ReplayStep *step = &replay->step;
    WorkingInputs *before = &step->before;
    const ObjectiveType *type = racer->objective->type;
    *step = (ReplayStep){.step = replay->race.done, .length = 1, .loss = racer->loss};
    vec_read(&racer->x, before->x);
    vec_read(&racer->gradient, step->plain);
    double hessian[REPLAY_DIM * REPLAY_DIM] = {NAN, NAN, NAN, NAN};
    if (type->hessian) type->hessian(racer->objective, &racer->x, hessian);
    memcpy(step->hessian, (double[]){hessian[0], hessian[1], hessian[3]}, sizeof step->hessian);
    const Vec *gradient;
    replay->inner.evaluate(replay->inner.context, &racer->x, &gradient);
    vec_read(gradient, before->here);
    memcpy(before->values, racer_values(&racer->spec, replay->race.done), sizeof before->values);
    before->lr = racer->rates[replay->race.done];
    before->t = (double)(replay->race.done + 1);
    record_state(racer->run, before->state, before->scalars, step);
}

/* A rule's last question is for the gradient of its update; a method's gradient is that at x. */
static void record_after(Replay *replay) {
    const Racer *racer = &replay->race.racers[0];
    ReplayStep *step = &replay->step;
    WorkingInputs *before = &step->before;
    step->failure = racer->failure;
    vec_read(&racer->x, step->next);
    record_state(racer->run, step->state, step->scalars, step);
    memcpy(before->gradient, before->here, sizeof before->gradient);
    memcpy(before->ahead, before->x, sizeof before->ahead);
    if (!racer->spec.optimizer->method && step->n_evaluations > 0) {
        const ReplayEvaluation *last = &step->evaluations[step->n_evaluations - 1];
        memcpy(before->gradient, last->gradient, sizeof before->gradient);
        memcpy(before->ahead, last->x, sizeof before->ahead);
    }
    step->looks_ahead = before->ahead[0] != before->x[0] || before->ahead[1] != before->x[1];
    Vec u, hu;
    if (optimizer_run_direction(racer->run, &u, &hu)) {
        vec_read(&u, before->u);
        vec_read(&hu, before->hu);
    }
    for (int i = 0; replay->working && i < working_noise_count(replay->working); i++) {
        const Vec noise = vec_of_f64(before->noises[i], REPLAY_DIM);
        optimizer_run_noise(racer->run, i, &noise);
    }
}

/* How it answers to the gradient. */

static void describe_rule(Replay *replay) {
    ReplayStep *step = &replay->step;
    double own[REPLAY_DIM], steady[REPLAY_DIM];
    working_evaluate(replay->working, &step->before);
    step->has_matrix = working_response(replay->working, own, steady);
    if (!step->has_matrix) return;
    double rest = 0;
    for (int k = 0; k < REPLAY_DIM; k++) {
        step->matrix[k][k] = steady[k];
        step->own[k] = -own[k] * step->before.gradient[k];
        rest = fmax(rest, fabs(step->next[k] - step->before.x[k] - step->own[k]));
    }
    double size = hypot(step->next[0] - step->before.x[0], step->next[1] - step->before.x[1]);
    step->has_parts = rest > 1e-6 * size;
}

/* The direction at the gradient at x, moved by `by` along a coordinate (-1: none). */
static bool aim(Replay *replay, int coordinate, double by, double direction[REPLAY_DIM]) {
    const Racer *racer = &replay->race.racers[0];
    double moved[REPLAY_DIM];
    memcpy(moved, replay->step.before.here, sizeof moved);
    if (coordinate >= 0) moved[coordinate] += by;
    const Vec gradient = vec_of_f64(moved, REPLAY_DIM), out = vec_of_f64(direction, REPLAY_DIM);
    restore_state(racer->run, snapshot_bytes(replay, SNAPSHOTS));
    return optimizer_run_aim(racer->run, &gradient, &out);
}

/* The step that the method would make with that gradient, of one that does not aim. */
static void try_step(Replay *replay, int coordinate, double by, double step[REPLAY_DIM]) {
    const Racer *racer = &replay->race.racers[0];
    const WorkingInputs *before = &replay->step.before;
    Evaluator answering = racer->evaluator;
    answering.evaluate = answer;
    replay->answered = 0;
    memset(replay->push, 0, sizeof replay->push);
    replay->push[coordinate] = by;
    memcpy(replay->vectors[4], before->x, sizeof before->x);
    const Vec x = vec_of_f64(replay->vectors[4], REPLAY_DIM);
    restore_state(racer->run, snapshot_bytes(replay, SNAPSHOTS));
    optimizer_run_step(racer->run, &x, &answering, before->lr);
    for (int k = 0; k < REPLAY_DIM; k++) step[k] = replay->vectors[4][k] - before->x[k];
}

/* P by differences, which are exact but for rounding: the answer is linear in the gradient. */
static void describe_method(Replay *replay) {
    const Racer *racer = &replay->race.racers[0];
    ReplayStep *step = &replay->step;
    const double *here = step->before.here;
    double size = hypot(here[0], here[1]), zero = 0;
    if (!(size > 0 && isfinite(size)) || step->n_evaluations == 0) return;
    save_state(racer->run, snapshot_bytes(replay, SNAPSHOTS + 1));
    step->searches = aim(replay, -1, 0, step->direction);
    step->has_matrix = true;
    for (int j = 0; j < REPLAY_DIM; j++) {
        double plus[REPLAY_DIM], minus[REPLAY_DIM], by = step->searches ? 1e-3 * size : 1 + size;
        if (step->searches) {
            aim(replay, j, by, plus);
            aim(replay, j, -by, minus);
        } else {
            try_step(replay, j, by, plus);
            try_step(replay, j, -by, minus);
        }
        for (int i = 0; i < REPLAY_DIM; i++) {
            step->matrix[i][j] = (minus[i] - plus[i]) / (2 * by);
            step->has_matrix = step->has_matrix && isfinite(step->matrix[i][j]);
            zero = fmax(zero, fabs(step->matrix[i][j]));
        }
    }
    step->has_matrix = step->has_matrix && zero > 0;
    restore_state(racer->run, snapshot_bytes(replay, SNAPSHOTS + 1));
    if (!step->searches) return;
    double along = 0, square = 0, apart = 0;
    for (int k = 0; k < REPLAY_DIM; k++) {
        along += step->direction[k] * (step->next[k] - step->before.x[k]);
        square += step->direction[k] * step->direction[k];
    }
    step->length = square > 0 ? along / square : 0;
    for (int i = 0; i < REPLAY_DIM && step->has_matrix; i++) {
        for (int j = 0; j < REPLAY_DIM; j++) step->own[i] -= step->length * step->matrix[i][j] * here[j];
        apart = fmax(apart, fabs(step->length * step->direction[i] - step->own[i]));
    }
    step->has_parts = step->has_matrix && apart > 1e-6 * fabs(step->length) * sqrt(square);
}

/* Where the race has asked for nothing, the racer rested. */
static void take_step(Replay *replay) {
    Racer *racer = &replay->race.racers[0];
    const uint64_t *evaluations =
        replay->followed->racers[replay->number].trace.evaluations + replay->race.done;
    if (evaluations[1] > evaluations[0])
        racer_step(racer);
    else
        racer->failure = NULL;
    replay->race.done++;
}

static void record_step(Replay *replay) {
    Racer *racer = &replay->race.racers[0];
    record_before(replay);
    save_state(racer->run, snapshot_bytes(replay, SNAPSHOTS));
    replay->records = true;
    take_step(replay);
    replay->records = false;
    record_after(replay);
    if (replay->working)
        describe_rule(replay);
    else if (racer->spec.optimizer->method)
        describe_method(replay);
    arrive(replay);
    replay->has_step = true;
}

bool replay_seek(Replay *replay, int64_t step, double budget_s) {
    if (!replay->followed) return true;
    const Trace *trace = &replay->followed->racers[replay->number].trace;
    if (step >= trace->last) step = trace->last - 1;
    if (step < 0) {
        replay->has_step = false;
        return true;
    }
    if (replay->has_step && replay->step.step == step) return true;
    double end_s = race_now_s() + budget_s;
    bool arrived = true;
    go_back(replay, step);
    take_batch(replay, replay->race.done);
    while (replay->race.done < step && arrived) {
        for (int i = 0; i < STEPS_PER_LOOK && replay->race.done < step; i++) {
            take_snapshot(replay);
            take_step(replay);
            arrive(replay);
        }
        arrived = replay->race.done == step || race_now_s() < end_s;
    }
    take_snapshot(replay);
    if (arrived) record_step(replay);
    take_batch(replay, replay->followed->done);
    return arrived;
}

const ReplayStep *replay_step(const Replay *replay) {
    return replay->has_step ? &replay->step : NULL;
}

const Working *replay_work(Replay *replay, const ReplayStep *step) {
    if (replay->working) working_evaluate(replay->working, &step->before);
    return replay->working;
}

const Working *replay_working(const Replay *replay) {
    return replay->working;
}
