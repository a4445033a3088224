/* How racers and surfaces are named and coloured, the same in every view. */
#include "subject.h"

#include <string.h>

const char *subject_racer_title(const Subject *subject, int racer) {
    const RacerSpec *spec = race_spec(subject->race, racer);
    bool own = spec->label[0] && strcmp(spec->label, spec->optimizer->name) != 0;
    return own ? spec->label : spec->optimizer->title;
}

Colour subject_racer_colour(const Subject *subject, int racer) {
    return subject->theme->racers[racer % RACER_COLOURS];
}

int64_t subject_row(const Subject *subject, int racer) {
    return trace_row(race_trace(subject->race, racer), subject->step);
}

RacerStatus subject_racer_status(const Subject *subject, int racer) {
    return (RacerStatus)race_trace(subject->race, racer)->status[subject_row(subject, racer)];
}

const char *subject_surface_title(const Subject *subject) {
    return subject->surface->row ? subject->surface->row->title : subject->surface->text;
}
