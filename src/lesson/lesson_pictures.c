/* What a lesson is about, in the size of a stamp. */
#include "lesson_pictures.h"

#include "clock.h"
#include "data.h"
#include "network_scene.h"
#include "shipped.h"
#include "thumbnails.h"

#include <math.h>
#include <stdlib.h>

static const double FRAME_S = 0.006; /* of each frame at most, but for the picture that goes beyond it */
static const float TRAIL_WIDTH = 2, EDGE_WIDTH = 4, HEAD = 3.5f, DATUM = 1.8f;
enum { STEPS_MAX = 400, TRAIL_POINTS_MAX = 160, DATA_MAX = 260, NODES_MAX = 6 };

typedef struct Picture {
    Raster *raster;     /* owned; NULL: not drawn yet */
    const Theme *theme; /* that it was drawn for, */
    float scale, width; /* and its scale and size */
} Picture;

struct LessonPictures {
    double spent_s; /* in this frame */
    ContourLines lines;
    Picture *pictures; /* (shipped_count()) */
};

LessonPictures *lesson_pictures_create(void) {
    LessonPictures *pictures = calloc(1, sizeof *pictures);
    if (!pictures) return NULL;
    pictures->pictures = calloc((size_t)shipped_count() + 1, sizeof *pictures->pictures);
    if (pictures->pictures && contour_lines_init(&pictures->lines)) return pictures;
    free(pictures->pictures);
    free(pictures);
    return NULL;
}

void lesson_pictures_destroy(LessonPictures *pictures) {
    if (!pictures) return;
    for (int i = 0; i < shipped_count(); i++) raster_destroy(pictures->pictures[i].raster);
    contour_lines_finish(&pictures->lines);
    free(pictures->pictures);
    free(pictures);
}

void lesson_pictures_begin_frame(LessonPictures *pictures) {
    pictures->spent_s = 0;
}

static float width_of(const Picture *picture) {
    return (float)raster_width_px(picture->raster) / picture->scale;
}

static float height_of(const Picture *picture) {
    return (float)raster_height_px(picture->raster) / picture->scale;
}

static Point point_at(const Picture *picture, const Box *box, const double x[2]) {
    return (Point){(float)((x[0] - box->x_min) / (box->x_max - box->x_min)) * width_of(picture),
        (float)((box->y_max - x[1]) / (box->y_max - box->y_min)) * height_of(picture)};
}

static Colour racer_colour(const Theme *theme, const RacerSpec *spec, int racer) {
    int style = spec->look.style > 0 ? spec->look.style : racer + 1;
    return theme->racers[(style - 1) % RACER_COLOURS];
}

static bool is_near(const Box *box, const double x[2]) {
    double width = box->x_max - box->x_min, height = box->y_max - box->y_min;
    return x[0] > box->x_min - width && x[0] < box->x_max + width && x[1] > box->y_min - height &&
           x[1] < box->y_max + height;
}

static void draw_trail(const Picture *picture, const Box *box, const Trace *trace, Colour colour) {
    Point points[TRAIL_POINTS_MAX];
    int n = 0;
    int64_t stride = trace->last / (TRAIL_POINTS_MAX - 2) + 1;
    int64_t end = 0; /* who leaves the picture is not followed */
    while (end < trace->last && is_near(box, trace->x + 2 * end)) end++;
    for (int64_t step = 0; step < end; step += stride)
        points[n++] = point_at(picture, box, trace->x + 2 * step);
    points[n++] = point_at(picture, box, trace->x + 2 * end);
    raster_polyline(picture->raster, points, n, EDGE_WIDTH, picture->theme->trail_edge);
    raster_polyline(picture->raster, points, n, TRAIL_WIDTH, colour);
    raster_circle(picture->raster, points[n - 1], HEAD + 1, picture->theme->trail_edge);
    raster_circle(picture->raster, points[n - 1], HEAD, colour);
}

/* A race that is too long for a stamp is drawn as far as its beginning goes. */
static void paint_surface(LessonPictures *pictures, const Picture *picture, const Scene *scene) {
    Status ignored = status_ok();
    Surface *surface = scene_surface(scene, &ignored);
    if (!surface) return;
    Box box = scene->look.has_box ? scene->look.box : surface->box;
    thumbnail_paint(&pictures->lines, picture->raster, picture->scale, picture->theme, surface, &box);
    Race *race = scene_race(scene, surface, &ignored);
    for (int i = 0; race && i < STEPS_MAX && race_step(race); i++) continue;
    for (int i = 0; race && i < race_racer_count(race); i++) {
        const RacerSpec *spec = race_spec(race, i);
        if (!spec->look.hidden)
            draw_trail(picture, &box, race_trace(race, i), racer_colour(picture->theme, spec, i));
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* Points of a plane in the colours of their classes, or by whether their target is above the middle. */
static void paint_data(const Picture *picture, const Dataset *dataset) {
    Box box = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < dataset->n; i++) {
        const float *x = dataset->inputs + 2 * i;
        box.x_min = fmin(box.x_min, x[0]), box.x_max = fmax(box.x_max, x[0]);
        box.y_min = fmin(box.y_min, x[1]), box.y_max = fmax(box.y_max, x[1]);
    }
    double side = 0.08 * (box.x_max - box.x_min) + 1e-9, top = 0.12 * (box.y_max - box.y_min) + 1e-9;
    box = (Box){box.x_min - side, box.x_max + side, box.y_min - top, box.y_max + top};
    size_t stride = (dataset->n / DATA_MAX + 1) | 1; /* odd: classes may take turns */
    for (size_t i = 0; i < dataset->n; i += stride) {
        const float *x = dataset->inputs + 2 * i;
        int class = dataset->labels ? dataset->labels[i] : dataset->targets[i * (size_t)dataset->n_out] > 0;
        Point at = point_at(picture, &box, (double[]){x[0], x[1]});
        raster_circle(picture->raster, at, DATUM, picture->theme->racers[class % RACER_COLOURS]);
    }
}

/* The layers of a network, a few units of each. */
static void paint_layers(const Picture *picture, const MlpSpec *mlp) {
    const Theme *theme = picture->theme;
    int layers = mlp->n_layers + 1;
    float width = width_of(picture), height = height_of(picture);
    Point nodes[2][NODES_MAX];
    int n_before = 0;
    for (int layer = 0; layer < layers; layer++) {
        Point *here = nodes[layer % 2], *before = nodes[1 - layer % 2];
        int n = (int)fmin(mlp->sizes[layer], NODES_MAX);
        float x = width * ((float)layer + 1) / ((float)layers + 1);
        for (int i = 0; i < n; i++) {
            here[i] = (Point){x, height * ((float)i + 1) / ((float)n + 1)};
            for (int k = 0; k < n_before; k++)
                raster_polyline(picture->raster, (Point[]){before[k], here[i]}, 2, 0.8f, theme->faint);
        }
        for (int k = 0; k < n_before; k++)
            raster_circle(picture->raster, before[k], HEAD, theme->racers[(layer - 1) % RACER_COLOURS]);
        n_before = n;
    }
    for (int k = 0; k < n_before; k++)
        raster_circle(
            picture->raster, nodes[(layers - 1) % 2][k], HEAD, theme->racers[(layers - 1) % RACER_COLOURS]);
}

static void paint_network(const Picture *picture, const Scene *scene) {
    Status ignored = status_ok();
    const NetworkScene *network = &scene->network;
    Data data;
    bool good = network->data &&
                data_open_in(&data, network->folder, network->data, &network->points, scene->seed, &ignored);
    raster_fill_rect(
        picture->raster, (Rect){0, 0, width_of(picture), height_of(picture)}, 0, picture->theme->raised);
    if (good && data.dataset->n_in == 2)
        paint_data(picture, data.dataset);
    else
        paint_layers(picture, &network->mlp);
    if (good) data_finish(&data);
}

static void make(LessonPictures *pictures, Picture *picture, int shipped, Rect rect) {
    Status ignored = status_ok();
    Scene scene;
    raster_destroy(picture->raster);
    picture->raster = raster_create(
        (int)(rect.width * picture->scale), (int)(rect.height * picture->scale), picture->scale);
    if (!picture->raster || !shipped_read(shipped, &scene, &ignored)) return;
    if (network_scene_is_on(&scene.network))
        paint_network(picture, &scene);
    else if (scene.dim == 0)
        paint_surface(pictures, picture, &scene);
    scene_finish(&scene);
}

bool lesson_pictures_draw(
    LessonPictures *pictures, Canvas *canvas, const Theme *theme, int shipped, Rect rect) {
    Picture *picture = &pictures->pictures[shipped];
    if (picture->theme != theme || picture->scale != canvas->scale || picture->width != rect.width) {
        if (pictures->spent_s >= FRAME_S) return false;
        double begin_s = clock_now_s();
        picture->theme = theme;
        picture->scale = canvas->scale;
        picture->width = rect.width;
        make(pictures, picture, shipped, rect);
        pictures->spent_s += clock_now_s() - begin_s;
    }
    if (!picture->raster) return true;
    float x = roundf(rect.x * canvas->scale) / canvas->scale,
          y = roundf(rect.y * canvas->scale) / canvas->scale;
    canvas_image(canvas, raster_pixels(picture->raster), raster_width_px(picture->raster),
        raster_height_px(picture->raster), (Rect){x, y, width_of(picture), height_of(picture)});
    return true;
}
