/* A scene as a figure for paper, in SVG or PDF: how large it is there, and the file. What a figure shows is
 * up to view/figure, how it is written to the canvases. */
#include "page.h"
#include "pdf_canvas.h"
#include "record.h"
#include "scene_file.h"
#include "sheet.h"
#include "svg_canvas.h"

#include <math.h>

/* Images have at least so many pixels in a logical one. */
static const float IMAGE_SCALE_MIN = 2;

Page record_page(const RecordJob *job, const Viewer *viewer) {
    const Paper *paper = &job->paper;
    float scale = record_scale(job, viewer);
    bool on_paper = paper->width_mm > 0;
    double px_per_mm = job->look.width_px / paper->width_mm, mm_per_px = PAGE_MM_PER_INCH / PAGE_PX_PER_INCH;
    return (Page){
        .width = (float)(on_paper ? paper->width_mm * px_per_mm : job->look.width_px) / scale,
        .height = (float)(on_paper ? paper->height_mm * px_per_mm : job->look.height_px) / scale,
        .width_mm = on_paper ? paper->width_mm : job->look.width_px * mm_per_px,
        .height_mm = on_paper ? paper->height_mm : job->look.height_px * mm_per_px,
        .scale = fmaxf(scale, IMAGE_SCALE_MIN),
        .title = viewer_title(viewer),
    };
}

/* One race, or a sheet of them. */
static bool draw(const RecordJob *job, Viewer *viewer, Canvas *canvas, Status *status) {
    if (job->grid[0]) return sheet_draw(job, canvas, status);
    viewer_draw_figure(viewer, canvas, record_figure(job, FIGURE_PLOT));
    return true;
}

static bool append_svg(const RecordJob *job, Viewer *viewer, const Page *page, Text *out, Status *status) {
    SvgCanvas *svg = svg_canvas_create(page, status);
    if (!svg) return false;
    bool good = draw(job, viewer, svg_canvas_canvas(svg), status);
    if (good) svg_canvas_write(svg, out);
    svg_canvas_destroy(svg);
    return good;
}

static bool append_pdf(const RecordJob *job, Viewer *viewer, const Page *page, Text *out, Status *status) {
    PdfCanvas *pdf = pdf_canvas_create(page, status);
    if (!pdf) return false;
    bool good = draw(job, viewer, pdf_canvas_canvas(pdf), status) && pdf_canvas_write(pdf, out, status);
    pdf_canvas_destroy(pdf);
    return good;
}

typedef bool Append(const RecordJob *job, Viewer *viewer, const Page *page, Text *out, Status *status);

/* On paper the light theme, unless somebody said otherwise. */
static bool write_figure(const RecordJob *job, Append *append, Status *status) {
    Scene scene = *job->scene; /* its parts are borrowed */
    if (!scene.look.names_theme) scene.look.light = true;
    RecordJob on_paper = *job;
    on_paper.scene = &scene;
    Viewer *viewer = record_viewer(&on_paper, status);
    Text text = {0}, source = {0};
    Page page = viewer ? record_page(&on_paper, viewer) : (Page){0};
    scene_write_file(job->scene, &source);
    page.source = text_string(&source);
    bool good = viewer && append(&on_paper, viewer, &page, &text, status) && record_text(job, &text, status);
    text_finish(&source);
    text_finish(&text);
    viewer_destroy(viewer);
    return good;
}

bool record_svg(const RecordJob *job, Status *status) {
    return write_figure(job, append_svg, status);
}

bool record_pdf(const RecordJob *job, Status *status) {
    return write_figure(job, append_pdf, status);
}
