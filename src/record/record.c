/* The table of formats, the choice between them, and what all of them begin with. */
#include "record.h"

#include "file.h"
#include "names.h"

#include <string.h>
#include <strings.h>

const RecordFormat record_formats[] = {
    {"png", "a picture", record_png, true, true},
    {"mp4", "a film (H.264)", record_film, false, false},
    {"webm", "a film (VP9)", record_film, false, false},
    {"gif", "an animation", record_film, false, false},
    {"svg", "a figure", record_svg, true, false},
    {"pdf", "a figure", record_pdf, true, false},
    {"csv", "the numbers of a figure", record_csv, false, false},
    {"gp", "the same for gnuplot", record_gnuplot, false, false},
    {"tex", "the same for LaTeX with pgfplots", record_pgfplots, false, false},
};
const int record_format_count = (int)(sizeof record_formats / sizeof *record_formats);

const RecordFormat *record_format_of(const char *path, Status *status) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash + 1 : path, '.');
    if (!dot) return &record_formats[0]; /* a pipe, a device */
    for (int i = 0; i < record_format_count; i++)
        if (strcasecmp(dot + 1, record_formats[i].ending) == 0) return &record_formats[i];
    names_fail(status, "there is no kind of file", dot + 1, "There are",
        NAMES_OF(record_formats, record_format_count), NULL);
    status_prefix(status, "%s", path);
    return NULL;
}

Viewer *record_viewer(const RecordJob *job, Status *status) {
    Viewer *viewer = viewer_create(job->scene, job->pool, status);
    const Look *look = &job->scene->look;
    if (viewer) viewer_set_bare(viewer, job->look.bare);
    if (viewer && job->look.lesson_part > 0)
        viewer_show_stage(viewer, job->look.lesson_part - 1);
    else if (viewer)
        viewer_set_step(viewer, look->at < 0 ? viewer_step_count(viewer) : look->at);
    return viewer;
}

float record_scale(const RecordJob *job, const Viewer *viewer) {
    return (float)job->look.scale * 0.01f * (float)viewer_text_size(viewer);
}

Figure record_figure(const RecordJob *job, Figure usual) {
    return job->look.figure < FIGURES ? job->look.figure : usual;
}

bool record_text(const RecordJob *job, const Text *text, Status *status) {
    Output output;
    if (!output_open(&output, job->path, status)) return false;
    fwrite(text_string(text), 1, text->length, output.file); /* what did not arrive is seen below */
    return output_commit(&output, status);
}

bool record_write(const RecordJob *job, Status *status) {
    const RecordFormat *format = record_format_of(job->path, status);
    if (!format) return false;
    const bool sequence = record_is_sequence(job->path);
    const char *kind = sequence ? "film" : format->ending;
    if (job->grid[0] && (!format->has_sheets || sequence))
        return status_fail(
            status, STATUS_BAD_INPUT, "--grid: a %s shows one race; a sheet is a png, svg or pdf", kind);
    if (job->look.transparent && (!format->has_alpha || sequence))
        return status_fail(status, STATUS_BAD_INPUT,
            "--transparent: a %s has a background; only a png can be without", kind);
    if (job->film.camera && network_scene_is_on(&job->scene->network))
        return status_fail(status, STATUS_BAD_INPUT, "--camera: a film of a network has none");
    return format->write(job, status);
}
