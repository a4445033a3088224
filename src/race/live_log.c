/* Blocks that double in size: nothing that was written ever moves. */
#include "live_log.h"

#include <assert.h>
#include <stdlib.h>

/* Where a report is. */
typedef struct Place {
    int block;
    size_t at;
} Place;

static Place place_of(int64_t report) {
    int block = 0;
    int64_t first = 0, size = LOG_FIRST_BLOCK;
    for (; report >= first + size; block++, size *= 2) first += size;
    return (Place){block, (size_t)(report - first)};
}

void live_log_finish(LiveLog *log) {
    for (int i = 0; i < LOG_BLOCKS_MAX; i++) {
        free(log->reports[i]);
        free(log->layers[i]);
    }
}

static bool make_block(LiveLog *log, int block) {
    if (block >= LOG_BLOCKS_MAX) return false;
    if (log->reports[block]) return true;
    size_t racers = ((size_t)LOG_FIRST_BLOCK << block) * (size_t)log->n_racers;
    LiveReport *reports = malloc(racers * sizeof *reports);
    bool has_layers = log->n_layers > 0;
    TrainingLayer *layers = has_layers ? malloc(racers * (size_t)log->n_layers * sizeof *layers) : NULL;
    if (!reports || (has_layers && !layers)) {
        free(reports);
        free(layers);
        return false;
    }
    log->reports[block] = reports;
    log->layers[block] = layers;
    return true;
}

bool live_log_add(LiveLog *log, const Training *training) {
    int64_t n = atomic_load_explicit(&log->n, memory_order_relaxed);
    Place place = place_of(n);
    if (!make_block(log, place.block)) return false;
    for (int i = 0; i < log->n_racers; i++) {
        size_t row = place.at * (size_t)log->n_racers + (size_t)i;
        log->reports[place.block][row] = (LiveReport){
            .report = *training_report(training, i),
            .is_news = training_is_news(training, i),
            .evaluations = training_evaluations(training, i),
            .seconds = training_seconds(training, i),
        };
        for (int l = 0; l < log->n_layers; l++)
            log->layers[place.block][row * (size_t)log->n_layers + (size_t)l] =
                training_layer(training, i, l);
    }
    atomic_store_explicit(&log->n, n + 1, memory_order_release);
    return true;
}

int64_t live_log_count(const LiveLog *log) {
    return atomic_load_explicit(&log->n, memory_order_acquire);
}

const LiveReport *live_log_report(const LiveLog *log, int64_t report, int racer) {
    assert(report >= 0 && report < live_log_count(log));
    Place place = place_of(report);
    return &log->reports[place.block][place.at * (size_t)log->n_racers + (size_t)racer];
}

const TrainingLayer *live_log_layers(const LiveLog *log, int64_t report, int racer) {
    assert(report >= 0 && report < live_log_count(log));
    Place place = place_of(report);
    size_t row = place.at * (size_t)log->n_racers + (size_t)racer;
    return &log->layers[place.block][row * (size_t)log->n_layers];
}
