/* A scene as a picture of pixels, in a PNG file. */
#include "file.h"
#include "png_file.h"
#include "record.h"

static bool write_file(const RecordJob *job, const uint32_t *pixels, Status *status) {
    Output output;
    if (!output_open(&output, job->path, status)) return false;
    if (!png_write(output.file, pixels, job->width_px, job->height_px, status)) {
        output_abandon(&output);
        return status_prefix(status, "%s", job->path);
    }
    return output_commit(&output, status);
}

bool record_png(const RecordJob *job, Status *status) {
    Viewer *viewer = record_viewer(job, status);
    Canvas *canvas =
        viewer ? job->pixels->create(job->width_px, job->height_px, record_scale(job, viewer), status) : NULL;
    if (canvas) viewer_draw_finished(viewer, canvas);
    bool good = canvas && write_file(job, job->pixels->pixels(canvas), status);
    job->pixels->destroy(canvas);
    viewer_destroy(viewer);
    return good;
}
