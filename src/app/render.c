/* slalom render: a scene into a file, without any display. What kinds of file there are is up to record. */
#include "command.h"

#include "pixels.h"
#include "record.h"

bool command_render(const Arguments *arguments, Status *status) {
    if (!arguments->output)
        return status_fail(status, STATUS_BAD_INPUT, "render needs a file to draw into: --output FILE.png");
    Pool *pool = pool_create(-1);
    const RecordJob job = {
        .scene = &arguments->scene,
        .path = arguments->output,
        .pixels = &app_pixels,
        .pool = pool,
        .width_px = arguments->width,
        .height_px = arguments->height,
        .scale = 1,
        .film = {.fps = arguments->fps,
            .seconds = arguments->seconds,
            .pace = arguments->pace,
            .camera = arguments->camera},
    };
    bool good = record_write(&job, status);
    pool_destroy(pool);
    return good;
}
