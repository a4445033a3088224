/* A scene into a file: a picture, a film, a figure, data. The ending of the file's name says which; each kind
 * is one row of one table. Knows no window: who calls says how pixels are drawn and who hears of progress. */
#ifndef SLALOM_RECORD_H
#define SLALOM_RECORD_H

#include "canvas.h"
#include "figure.h"
#include "page.h"
#include "pool.h"
#include "scene.h"
#include "status.h"
#include "text.h"
#include "viewer.h"

#include <stdbool.h>
#include <stdint.h>

/* How canvases of pixels are made, for the formats that consist of them. Made and destroyed on one thread;
 * different ones may be drawn on by different threads at once. */
typedef struct PixelMaker {
    /* width_px x height_px at `scale` device pixels to a logical one; NULL and a status where it cannot be.
     */
    Canvas *(*create)(int width_px, int height_px, float scale, Status *status);
    void (*destroy)(Canvas *canvas); /* NULL is fine */
    /* (height_px, width_px) 0xAARRGGBB, opaque after a whole picture was drawn. */
    const uint32_t *(*pixels)(Canvas *canvas);
} PixelMaker;

/* What is asked of a film. */
typedef struct FilmLook {
    double fps;         /* 0: as usual for its kind */
    double seconds;     /* 0: as usual */
    const char *pace;   /* a name of film_plan.h's paces; NULL: the first */
    const char *camera; /* as camera_moves.h has it; NULL: it stands still */
} FilmLook;

/* How large a figure is on paper. */
typedef struct Paper {
    double width_mm, height_mm; /* 0: as large as its pixels are, 96 to an inch */
} Paper;

/* What is asked of a picture beside its scene. */
typedef struct PictureLook {
    int width_px, height_px; /* device pixels */
    double scale;            /* device pixels to a logical one, before the scene's text size */
    bool bare;               /* the view alone: no bar, no panel, no timeline */
    bool transparent;        /* nothing stands behind what is drawn */
    Figure figure;           /* what of the race is shown; FIGURES: as suits the format */
    int lesson_part;         /* with the lesson's panel: 1 its question, 2 its first step, ...; 0: without */
} PictureLook;

/* The longest side, in device pixels; and the scales that there are. */
enum { RECORD_SIDE_MIN = 64, RECORD_SIDE_MAX = 16384 };
#define RECORD_SCALE_MIN 0.25
#define RECORD_SCALE_MAX 16.0

/* Appends "size=1280x800 scale=1 ...", and reads it; what is not said is left as it is. False, with nothing
 * changed, where it is not understood. */
void picture_look_write(const PictureLook *look, Text *out);
bool picture_look_read(PictureLook *look, const char *text);

enum { RECORD_GRID_MAX = 2 };

/* What shall be recorded. Everything is borrowed. */
typedef struct RecordJob {
    const Scene *scene;
    const char *path;
    const PixelMaker *pixels;
    Pool *pool; /* may be NULL */
    PictureLook look;
    FilmLook film;
    const char *grid[RECORD_GRID_MAX + 1]; /* KEY=a,b,c: many pictures in one (sheet.h); NULL ends them */
    /* Hears of what takes long, on the caller's thread; may be NULL. */
    void (*progress)(void *context, int64_t done, int64_t all);
    void *progress_context;
    Paper paper;
} RecordJob;

/* A kind of file. */
typedef struct RecordFormat {
    const char *ending; /* "png": of file names, without the dot */
    const char *title;  /* "a picture" */
    bool (*write)(const RecordJob *job, Status *status);
    bool has_sheets; /* takes a job's grid */
    bool has_alpha;  /* can be transparent */
} RecordFormat;

extern const RecordFormat record_formats[];
extern const int record_format_count;

/* The kind that a file's name asks for, the first of the table where it has no ending; NULL and a status,
 * which names those that there are, for another ending. */
const RecordFormat *record_format_of(const char *path, Status *status);

/* Writes the file by its format. A failure leaves nothing under the name. */
bool record_write(const RecordJob *job, Status *status);

/* The keys of a PNG's texts: its scene, as a scene file; and its look. `slalom render FILE.png` makes it
 * again. */
#define RECORD_SCENE_KEY "slalom"
#define RECORD_LOOK_KEY "slalom picture"
#define RECORD_GRID_KEY "slalom grid" /* a line each */

/* Writes pixels, (height_px, width_px) of the look, with the scene, the look and the grid (as in a job) that
 * make them again. scene NULL: no texts. */
bool record_pixels(const char *path, const uint32_t *pixels, const PictureLook *look, const Scene *scene,
    const char *const *grid, Status *status);

/* For the formats. The viewer of the job's scene at the step that its look asks for. */
Viewer *record_viewer(const RecordJob *job, Status *status);
/* Device pixels to a logical one, with the scene's text size. */
float record_scale(const RecordJob *job, const Viewer *viewer);

/* The paper of a figure. */
Page record_page(const RecordJob *job, const Viewer *viewer);
/* What of the race is shown, where `usual` is what suits the format. */
Figure record_figure(const RecordJob *job, Figure usual);
/* Writes the job's file: all of a text. */
bool record_text(const RecordJob *job, const Text *text, Status *status);

/* The formats' own functions, each in the file of its name. */
bool record_png(const RecordJob *job, Status *status);
bool record_is_sequence(const char *path); /* race-%04d.png */
bool record_sequence(const RecordJob *job, Status *status);
bool record_film(const RecordJob *job, Status *status);
bool record_svg(const RecordJob *job, Status *status);
bool record_pdf(const RecordJob *job, Status *status);
bool record_csv(const RecordJob *job, Status *status);
bool record_gnuplot(const RecordJob *job, Status *status);
bool record_pgfplots(const RecordJob *job, Status *status);

#endif
