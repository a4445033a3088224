/* slalom render: a scene into a file, without any display. What kinds of file there are is up to record. */
#include "clock.h"
#include "command.h"

#include "page.h"
#include "pixels.h"
#include "record.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* What a person who waits is shown, on a terminal alone. */
typedef struct Progress {
    double began_s, shown_s;
    bool is_shown;
} Progress;

static void show_progress(void *context, int64_t done, int64_t all) {
    enum { WIDTH = 40 };
    static const char bar[] = "########################################";
    static const double EVERY_S = 0.1;
    Progress *progress = context;
    const double now = clock_now_s(), passed_s = now - progress->began_s;
    if (now - progress->shown_s < EVERY_S && done < all) return;
    progress->shown_s = now;
    progress->is_shown = true;
    const double left_s = done > 0 ? passed_s * (double)(all - done) / (double)done : 0;
    fprintf(stderr, "\r[%-*.*s] %lld of %lld frames, %.0f a second, %d:%02d left ", WIDTH,
        (int)(WIDTH * done / all), bar, (long long)done, (long long)all,
        passed_s > 0 ? (double)done / passed_s : 0, (int)left_s / 60, (int)left_s % 60);
}

/* As many pixels as a good printer has dots, and everything a little smaller than on a screen: text of 7 to 9
 * points. */
static void put_on_paper(RecordJob *job) {
    const double dots_per_mm = 300 / PAGE_MM_PER_INCH, smaller = 0.875;
    job->look.width_px = (int)lround(job->paper.width_mm * dots_per_mm);
    job->look.height_px = (int)lround(job->paper.height_mm * dots_per_mm);
    job->look.scale *= dots_per_mm * PAGE_MM_PER_INCH / PAGE_PX_PER_INCH * smaller;
}

bool command_render(const Arguments *arguments, Status *status) {
    if (!arguments->output)
        return status_fail(status, STATUS_BAD_INPUT, "render needs a file to draw into: --output FILE.png");
    Progress progress = {.began_s = clock_now_s()};
    Pool *pool = pool_create(-1);
    RecordJob job = {
        .scene = &arguments->scene,
        .path = arguments->output,
        .pixels = &app_pixels,
        .pool = pool,
        .look = {arguments->width, arguments->height, arguments->scale, arguments->bare,
            arguments->transparent, arguments->figure, arguments->lesson_part},
        .film = {.fps = arguments->fps,
            .seconds = arguments->seconds,
            .pace = arguments->pace,
            .camera = arguments->camera},
        .grid = {arguments->grid[0], arguments->grid[1]},
        .progress = isatty(STDERR_FILENO) ? show_progress : NULL,
        .progress_context = &progress,
        .paper = {arguments->width_mm, arguments->height_mm},
    };
    if (arguments->width_mm > 0) put_on_paper(&job);
    bool good = record_write(&job, status);
    if (progress.is_shown) fputc('\n', stderr);
    pool_destroy(pool);
    return good;
}
