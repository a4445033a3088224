/* slalom run: a race as rows of CSV, and as a table that compares the racers. */
#include "command.h"

#include "columns.h"
#include "file.h"

#include <inttypes.h>
#include <math.h>

static void write_race(FILE *file, Race *race, Surface *surface, Regret *regret, const ColumnList *columns) {
    columns_write_header(columns, file, race);
    do {
        for (int i = 0; i < race_racer_count(race); i++)
            if (race_trace(race, i)->last >= race_steps_done(race))
                columns_write_row(columns, file, race, i, surface, regret);
    } while (!ferror(file) && race_step(race));
}

/* The first row at or below the target; -1 where there is none. */
static int64_t arrival(const Trace *trace, double target) {
    for (int64_t row = 0; row <= trace->last; row++)
        if (trace->loss[row] <= target) return row;
    return -1;
}

static void append_arrival(Text *out, const Trace *trace, double target) {
    int64_t row = isnan(target) ? -1 : arrival(trace, target);
    if (row < 0)
        text_append(out, " %10s %12s", "-", "-");
    else
        text_append(out, " %10" PRId64 " %12" PRIu64, row, trace->evaluations[row]);
}

static void append_summary(Text *out, const Race *race, double target) {
    text_append(out, "%-24s %-10s %12s %10s %12s %10s %12s %10s\n", "racer", "status", "best loss", "at step",
        "evaluations", "to target:", "evaluations", "time");
    for (int i = 0; i < race_racer_count(race); i++) {
        const Trace *trace = race_trace(race, i);
        int64_t best = 0;
        for (int64_t row = 1; row <= trace->last; row++)
            if (trace->loss[row] < trace->loss[best]) best = row;
        text_append(out, "%-24s %-10s %12.6g %10" PRId64 " %12" PRIu64, race_spec(race, i)->label,
            racer_status_name(trace->status[trace->last]), trace->loss[best], best,
            trace->evaluations[trace->last]);
        append_arrival(out, trace, target);
        text_append(out, " %7.3f ms", 1e3 * race_seconds(race, i));
        text_append(out, "%s%s\n", *race_reason(race, i) ? "  " : "", race_reason(race, i));
    }
}

static bool write_rows(
    const char *path, Race *race, Surface *surface, const ColumnList *columns, Status *status) {
    Output output;
    Regret *regret = NULL;
    if (columns_want_regret(columns) && !(regret = regret_create(race, surface, status))) return false;
    bool good = output_open(&output, path, status);
    if (good) {
        write_race(output.file, race, surface, regret, columns);
        good = output_commit(&output, status);
    }
    regret_destroy(regret);
    return good;
}

/* Runs it, with rows and a table as they are asked for. */
static bool run_race(
    const Arguments *arguments, Race *race, Surface *surface, const ColumnList *columns, Status *status) {
    /* A table alone needs no rows; where both go to standard output, the rows have it. */
    bool rows = arguments->csv || !arguments->summary;
    const char *csv = arguments->csv ? arguments->csv : "-";
    bool taken = rows && csv[0] == '-' && !csv[1];
    race_measure_time(race, arguments->summary);
    if (rows && !write_rows(csv, race, surface, columns, status)) return false;
    if (!rows) race_run(race);
    if (!arguments->summary) return true;
    Text summary = {0};
    append_summary(&summary, race, arguments->target);
    fputs(text_string(&summary), taken ? stderr : stdout);
    text_finish(&summary);
    return true;
}

static bool run_field(const Arguments *arguments, Status *status) {
    if (arguments->columns)
        return status_fail(status, STATUS_BAD_INPUT, "--columns: with --dim the columns are given");
    Field *field = scene_field(&arguments->scene, status);
    Race *race = field ? scene_field_race(&arguments->scene, field, status) : NULL;
    bool good = false;
    if (race) {
        ColumnList columns = columns_of_field(race);
        good = run_race(arguments, race, NULL, &columns, status);
    }
    race_destroy(race);
    field_destroy(field);
    return good;
}

bool command_run(const Arguments *arguments, Status *status) {
    if (arguments->list) return list_subject(arguments->list, false, status);
    if (network_scene_is_on(&arguments->scene.network)) return run_training(arguments, status);
    if (arguments->scene.dim > 0) return run_field(arguments, status);
    ColumnList columns = columns_default();
    if (arguments->columns && !columns_read(&columns, arguments->columns, status))
        return status_prefix(status, "--columns");
    Surface *surface = scene_surface(&arguments->scene, status);
    Race *race = surface ? scene_race(&arguments->scene, surface, status) : NULL;
    bool good = race && run_race(arguments, race, surface, &columns, status);
    race_destroy(race);
    surface_destroy(surface);
    return good;
}
