/* A scene as a picture of pixels, in a PNG file that says how to make it again. */
#include "file.h"
#include "png_file.h"
#include "record.h"
#include "scene_file.h"
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void picture_look_write(const PictureLook *look, Text *out) {
    char scale[32];
    text_format_number(scale, sizeof scale, look->scale);
    text_append(out, "size=%dx%d scale=%s", look->width_px, look->height_px, scale);
    if (look->figure < FIGURES && look->figure != FIGURE_WINDOW)
        text_append(out, " figure=%s", figure_names[look->figure]);
    if (look->bare) text_append(out, " panels=none");
    if (look->transparent) text_append(out, " background=none");
}

static bool read_size(PictureLook *look, const char *text) {
    char extra;
    return sscanf(text, "%5dx%5d%c", &look->width_px, &look->height_px, &extra) == 2 &&
           look->width_px >= RECORD_SIDE_MIN && look->width_px <= RECORD_SIDE_MAX &&
           look->height_px >= RECORD_SIDE_MIN && look->height_px <= RECORD_SIDE_MAX;
}

static bool read_word(PictureLook *look, const char *word) {
    if (strncmp(word, "size=", 5) == 0) return read_size(look, word + 5);
    if (strncmp(word, "scale=", 6) == 0)
        return text_parse_number(word + 6, &look->scale) && look->scale >= RECORD_SCALE_MIN &&
               look->scale <= RECORD_SCALE_MAX;
    for (int i = 0; i < FIGURES; i++)
        if (strncmp(word, "figure=", 7) == 0 && strcmp(word + 7, figure_names[i]) == 0)
            look->figure = (Figure)i;
    look->bare |= strcmp(word, "panels=none") == 0;
    look->transparent |= strcmp(word, "background=none") == 0;
    return true; /* a later slalom may say more */
}

bool picture_look_read(PictureLook *look, const char *text) {
    char copy[200], *rest = NULL;
    if (strlen(text) >= sizeof copy) return false;
    memcpy(copy, text, strlen(text) + 1);
    PictureLook read = *look;
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        if (!read_word(&read, word)) return false;
    *look = read;
    return true;
}

bool record_pixels(const char *path, const uint32_t *pixels, const PictureLook *look, const Scene *scene,
    const char *const *grid, Status *status) {
    Text file = {0}, line = {0}, lines = {0};
    if (scene) scene_write_file(scene, &file);
    picture_look_write(look, &line);
    for (; *grid; grid++) text_append(&lines, "%s\n", *grid);
    const PngText texts[] = {{RECORD_SCENE_KEY, text_string(&file)}, {RECORD_LOOK_KEY, text_string(&line)},
        {RECORD_GRID_KEY, text_string(&lines)}};
    const PngPicture picture = {.pixels = pixels,
        .width = look->width_px,
        .height = look->height_px,
        .has_alpha = look->transparent,
        .texts = texts,
        .n_texts = !scene             ? 0
                   : lines.length > 0 ? 3
                                      : 2};
    Output output;
    bool good = output_open(&output, path, status);
    if (good && !png_write(output.file, &picture, status)) {
        output_abandon(&output);
        good = status_prefix(status, "%s", path);
    } else if (good) {
        good = output_commit(&output, status);
    }
    text_finish(&lines);
    text_finish(&line);
    text_finish(&file);
    return good;
}

/* The share of a backdrop that is seen through a pixel, 255 being all of it, from its colours over black and
 * over white: the mean over the channels. */
static uint32_t seen_through(uint32_t over_black, uint32_t over_white) {
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8)
        sum += (int)(over_white >> shift & 0xff) - (int)(over_black >> shift & 0xff);
    return sum <= 0 ? 0 : sum >= 3 * 255 ? 255 : (uint32_t)(sum + 1) / 3;
}

/* The pixel that looks so over black and over white. */
static uint32_t lift(uint32_t over_black, uint32_t over_white) {
    const uint32_t alpha = 255 - seen_through(over_black, over_white);
    if (alpha == 0) return 0;
    uint32_t pixel = alpha << 24;
    for (int shift = 0; shift < 24; shift += 8) {
        uint32_t value = ((over_black >> shift & 0xff) * 255 + alpha / 2) / alpha;
        pixel |= (value < 255 ? value : 255) << shift;
    }
    return pixel;
}

/* Draws twice, over black and over white. NULL where memory is out; the caller frees it. */
static uint32_t *draw_transparent(const RecordJob *job, Viewer *viewer, Canvas *canvas) {
    const size_t n = (size_t)job->look.width_px * (size_t)job->look.height_px;
    uint32_t *lifted = malloc(n * sizeof *lifted);
    if (!lifted) return NULL;
    const Figure figure = record_figure(job, FIGURE_WINDOW);
    viewer_set_backdrop(viewer, (Colour){0, 0, 0, 255});
    viewer_draw_figure(viewer, canvas, figure);
    memcpy(lifted, job->pixels->pixels(canvas), n * sizeof *lifted);
    viewer_set_backdrop(viewer, (Colour){255, 255, 255, 255});
    viewer_draw_figure(viewer, canvas, figure);
    const uint32_t *over_white = job->pixels->pixels(canvas);
    for (size_t i = 0; i < n; i++) lifted[i] = lift(lifted[i], over_white[i]);
    return lifted;
}

static bool draw(const RecordJob *job, Viewer *viewer, Canvas *canvas, Status *status) {
    const Figure figure = record_figure(job, FIGURE_WINDOW);
    if (!job->look.transparent) {
        viewer_draw_figure(viewer, canvas, figure);
        return record_pixels(
            job->path, job->pixels->pixels(canvas), &job->look, job->scene, job->grid, status);
    }
    uint32_t *lifted = draw_transparent(job, viewer, canvas);
    bool good = lifted ? record_pixels(job->path, lifted, &job->look, job->scene, job->grid, status)
                       : status_fail(status, STATUS_FAILED, "out of memory for a transparent picture");
    free(lifted);
    return good;
}

static bool record_sheet(const RecordJob *job, Status *status) {
    const int text_size = job->scene->look.text_size > 0 ? job->scene->look.text_size : TEXT_SIZE_USUAL;
    if (job->look.transparent)
        return status_fail(status, STATUS_BAD_INPUT, "--transparent: a sheet has a background");
    Canvas *canvas = job->pixels->create(
        job->look.width_px, job->look.height_px, (float)job->look.scale * 0.01f * (float)text_size, status);
    bool good =
        canvas && sheet_draw(job, canvas, status) &&
        record_pixels(job->path, job->pixels->pixels(canvas), &job->look, job->scene, job->grid, status);
    job->pixels->destroy(canvas);
    return good;
}

bool record_png(const RecordJob *job, Status *status) {
    if (record_is_sequence(job->path)) return record_sequence(job, status);
    if (job->grid[0]) return record_sheet(job, status);
    Viewer *viewer = record_viewer(job, status);
    Canvas *canvas = viewer ? job->pixels->create(
                                  job->look.width_px, job->look.height_px, record_scale(job, viewer), status)
                            : NULL;
    bool good = canvas && draw(job, viewer, canvas, status);
    job->pixels->destroy(canvas);
    viewer_destroy(viewer);
    return good;
}
