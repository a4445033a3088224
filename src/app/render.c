/* slalom render: what the window would show, drawn into a PNG file without any display. */
#include "command.h"

#include "file.h"
#include "pixel_canvas.h"
#include "png_file.h"
#include "viewer.h"

static bool draw(const Arguments *arguments, Viewer *viewer, PixelCanvas *canvas, Status *status) {
    const Scene *scene = &arguments->scene;
    viewer_set_step(viewer, scene->look.at < 0 ? scene->steps : scene->look.at);
    viewer_draw_finished(viewer, pixel_canvas_canvas(canvas));
    Output output;
    if (!output_open(&output, arguments->output, status)) return false;
    if (!png_write(output.file, pixel_canvas_pixels(canvas), arguments->width, arguments->height, status)) {
        output_abandon(&output);
        return status_prefix(status, "%s", arguments->output);
    }
    return output_commit(&output, status);
}

bool command_render(const Arguments *arguments, Status *status) {
    const Scene *scene = &arguments->scene;
    if (!arguments->output)
        return status_fail(status, STATUS_BAD_INPUT, "render needs a file to draw into: --output FILE.png");
    Pool *pool = pool_create(-1);
    Viewer *viewer = viewer_create(scene, pool, status);
    PixelCanvas *canvas = viewer ? pixel_canvas_create(arguments->width, arguments->height,
                                       0.01f * (float)viewer_text_size(viewer), status)
                                 : NULL;
    bool good = canvas && draw(arguments, viewer, canvas, status);
    pixel_canvas_destroy(canvas);
    viewer_destroy(viewer);
    pool_destroy(pool);
    return good;
}
