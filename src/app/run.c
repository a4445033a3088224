/* slalom run: a race as rows of CSV. */
#include "command.h"

#include "file.h"

#include <inttypes.h>
#include <string.h>

/* A field of RFC 4180: in quotes where it has to be. */
static void write_field(FILE *file, const char *field) {
    if (!strpbrk(field, ",\"\n")) {
        fputs(field, file);
        return;
    }
    fputc('"', file);
    for (; *field; field++) {
        if (*field == '"') fputc('"', file);
        fputc(*field, file);
    }
    fputc('"', file);
}

static void write_row(FILE *file, const Race *race, int racer, int64_t step) {
    const Trace *trace = race_trace(race, racer);
    fprintf(file, "%" PRId64 ",", step);
    write_field(file, race_spec(race, racer)->label);
    fprintf(file, ",%" PRIu64 ",%.17g,%.17g,%.17g,%.17g,%.17g,%s\n", trace->evaluations[step], trace->loss[step],
        trace->grad_norm[step], trace->lr[step], trace->x[2 * step], trace->x[2 * step + 1],
        racer_status_name(trace->status[step]));
}

static void write_race(FILE *file, Race *race) {
    fputs("step,racer,evaluations,loss,grad_norm,lr,x,y,status\n", file);
    do {
        int64_t step = race_steps_done(race);
        for (int i = 0; i < race_racer_count(race); i++)
            if (race_trace(race, i)->last >= step) write_row(file, race, i, step);
    } while (!ferror(file) && race_step(race));
}

bool command_run(const Arguments *arguments, Status *status) {
    Surface *surface = scene_surface(&arguments->scene, status);
    Race *race = surface ? scene_race(&arguments->scene, surface, status) : NULL;
    Output output;
    bool good = race && output_open(&output, arguments->csv, status);
    if (good) {
        write_race(output.file, race);
        good = output_commit(&output, status);
    }
    race_destroy(race);
    surface_destroy(surface);
    return good;
}
