/* All claims about a lesson's scenes. What a claim says is for the parser, whether it is so for evaluate.c.
 */
#include "claims.h"

#include "clock.h"
#include "evaluate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct Claims {
    const Act *acts;
    int n_acts;
    MeasureList measures;
    Expectation *items; /* (n); owned */
    int n, room;
    Record *records;  /* (n_seeds, n_acts); owned */
    double *seconds;  /* likewise */
    Status *problems; /* likewise, while it runs */
    int n_seeds;
    uint64_t first_seed;
};

Claims *claims_create(const Act *acts, int n_acts) {
    assert(n_acts > 0);
    Claims *claims = calloc(1, sizeof *claims);
    if (!claims) return NULL;
    claims->acts = acts;
    claims->n_acts = n_acts;
    return claims;
}

static void forget_records(Claims *claims) {
    for (int i = 0; claims->records && i < claims->n_seeds * claims->n_acts; i++)
        record_finish(&claims->records[i]);
    free(claims->records);
    free(claims->seconds);
    claims->records = NULL;
    claims->seconds = NULL;
}

void claims_destroy(Claims *claims) {
    if (!claims) return;
    forget_records(claims);
    for (int i = 0; i < claims->n; i++) expectation_finish(&claims->items[i]);
    free(claims->items);
    free(claims->measures.items);
    free(claims);
}

int claims_add(Claims *claims, const char *text, bool any, Status *status) {
    if (claims->n == claims->room) {
        int room = claims->room ? 2 * claims->room : 8;
        Expectation *items = realloc(claims->items, (size_t)room * sizeof *items);
        if (!items) {
            status_fail(status, STATUS_FAILED, "out of memory");
            return -1;
        }
        claims->items = items;
        claims->room = room;
    }
    Expectation *item = &claims->items[claims->n];
    if (!expect_parse(item, text, claims->acts, claims->n_acts, &claims->measures, any, status)) return -1;
    return claims->n++;
}

int claims_count(const Claims *claims) {
    return claims->n;
}

const char *claims_text(const Claims *claims, int claim) {
    return claims->items[claim].text;
}

void claims_add_opposites(Claims *claims, int claim, int opposites[2], Status *status) {
    Text all = {0}, shares = {0};
    expectation_invert(&claims->items[claim], &all);
    bool counts = expectation_invert_shares(&claims->items[claim], &shares);
    opposites[0] = claims_add(claims, text_string(&all), false, status);
    opposites[1] = counts ? claims_add(claims, text_string(&shares), false, status) : -1;
    text_finish(&all);
    text_finish(&shares);
}

/* Running. */

static bool is_needed(const Claims *claims, int act) {
    for (int i = 0; i < claims->measures.n; i++)
        if (claims->measures.items[i].act == act) return true;
    return false;
}

/* One scene with one seed. */
static void run_one(void *context, int index, int worker) {
    (void)worker;
    Claims *claims = context;
    const int act = index % claims->n_acts, seed = index / claims->n_acts;
    if (!is_needed(claims, act)) return;
    const double begin = clock_now_s();
    record_run(&claims->records[index], claims->acts[act].scene, claims->first_seed + (uint64_t)seed, act,
        &claims->measures, &claims->problems[index]);
    claims->seconds[index] = clock_now_s() - begin;
}

bool claims_run(Claims *claims, uint64_t first_seed, int n_seeds, Pool *pool, Status *status) {
    assert(n_seeds > 0);
    const int n = n_seeds * claims->n_acts;
    forget_records(claims);
    claims->n_seeds = n_seeds;
    claims->first_seed = first_seed;
    claims->records = calloc((size_t)n, sizeof *claims->records);
    claims->seconds = calloc((size_t)n, sizeof *claims->seconds);
    claims->problems = calloc((size_t)n, sizeof *claims->problems);
    bool good = claims->records && claims->seconds && claims->problems;
    if (!good) status_fail(status, STATUS_FAILED, "out of memory");
    if (good && pool)
        pool_run(pool, n, run_one, claims);
    else
        for (int i = 0; good && i < n; i++) run_one(claims, i, 0);
    for (int i = 0; good && i < n; i++) {
        if (claims->problems[i].code == STATUS_OK) continue;
        const char *name = claims->acts[i % claims->n_acts].name;
        *status = claims->problems[i];
        good = *name ? status_prefix(status, "after the step %s", name) : false;
    }
    free(claims->problems);
    claims->problems = NULL;
    return good;
}

double claims_seconds(const Claims *claims, int act) {
    double sum = 0;
    for (int i = 0; i < claims->n_seeds; i++) sum += claims->seconds[i * claims->n_acts + act];
    return sum;
}

/* Reading. */

static Evidence evidence_of(const Claims *claims) {
    assert(claims->records);
    return (Evidence){.records = claims->records,
        .n_seeds = claims->n_seeds,
        .n_acts = claims->n_acts,
        .measures = &claims->measures};
}

double claims_value(const Claims *claims, int claim, int seed) {
    const Evidence evidence = evidence_of(claims);
    return expectation_value(&claims->items[claim], &evidence, seed, NULL);
}

bool claims_holds(const Claims *claims, int claim, int *seed) {
    for (*seed = 0; *seed < claims->n_seeds; ++*seed)
        if (claims_value(claims, claim, *seed) != 1) return false;
    *seed = 0;
    return true;
}

bool claims_is_unknown(const Claims *claims, int claim, int seed) {
    return isnan(claims_value(claims, claim, seed));
}

void claims_measured(const Claims *claims, int claim, int seed, Text *out) {
    const Evidence evidence = evidence_of(claims);
    expectation_measured(&claims->items[claim], &evidence, seed, out);
}
