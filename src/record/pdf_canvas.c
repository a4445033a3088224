/* The canvas's calls as Cairo's. Cairo leads the page, HarfBuzz (type.c) the text. */
#include "pdf_canvas.h"

#include "embedded_fonts.h"
#include "simplify.h"
#include "type.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A fixed one: the file says what was drawn, not when. */
#define CREATED "2000-01-01T00:00:00Z"

struct PdfCanvas {
    Canvas canvas; /* first: the methods get a pointer to it */
    Type *type;
    Text file;
    cairo_surface_t *surface;
    cairo_t *cairo;
    cairo_font_face_t *faces[FONT_COUNT];
    Point *points; /* of the line under way */
    size_t room;
};

static PdfCanvas *pdf_of(Canvas *canvas) {
    return (PdfCanvas *)canvas;
}

static void set_colour(cairo_t *cairo, Colour colour) {
    cairo_set_source_rgba(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, colour.a / 255.0);
}

static bool is_finite(Point point) {
    return isfinite(point.x) && isfinite(point.y);
}

static bool is_finite_rect(Rect rect) {
    return isfinite(rect.x) && isfinite(rect.y) && isfinite(rect.width) && isfinite(rect.height);
}

static void set_clip(Canvas *canvas, Rect clip) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    cairo_reset_clip(cairo);
    if (clip.x <= 0 && clip.y <= 0 && clip.x + clip.width >= canvas->width &&
        clip.y + clip.height >= canvas->height)
        return;
    cairo_rectangle(
        cairo, (double)clip.x, (double)clip.y, fmax((double)clip.width, 0), fmax((double)clip.height, 0));
    cairo_clip(cairo);
}

static void rect_path(cairo_t *cairo, Rect rect, float corner_radius) {
    double x = (double)rect.x, y = (double)rect.y, width = (double)rect.width, height = (double)rect.height;
    double radius = fmin((double)corner_radius, 0.5 * fmin(width, height)), quarter = acos(0);
    if (!(radius > 0)) {
        cairo_rectangle(cairo, x, y, width, height);
        return;
    }
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, quarter);
    cairo_arc(cairo, x + radius, y + height - radius, radius, quarter, 2 * quarter);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
}

static void fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (colour.a == 0 || !is_finite_rect(rect) || rect.width <= 0 || rect.height <= 0) return;
    rect_path(cairo, rect, corner_radius);
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

/* The stroke lies inside of the edge. */
static void stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (colour.a == 0 || !is_finite_rect(rect) || rect.width <= 0 || rect.height <= 0) return;
    width = fminf(width, fminf(rect.width, rect.height));
    Rect middle = {rect.x + 0.5f * width, rect.y + 0.5f * width, rect.width - width, rect.height - width};
    rect_path(cairo, middle, fmaxf(corner_radius - 0.5f * width, 0));
    set_colour(cairo, colour);
    cairo_set_line_width(cairo, (double)width);
    cairo_stroke(cairo);
}

static void polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (n < 3 || colour.a == 0) return;
    for (int i = 0; i < n; i++)
        if (!is_finite(points[i])) return;
    for (int i = 0; i < n; i++) cairo_line_to(cairo, (double)points[i].x, (double)points[i].y);
    cairo_close_path(cairo);
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

static Point *copy_points(PdfCanvas *pdf, const Point *points, int n) {
    if ((size_t)n > pdf->room) {
        Point *more = realloc(pdf->points, (size_t)n * sizeof *more);
        if (!more) return NULL;
        pdf->points = more;
        pdf->room = (size_t)n;
    }
    memcpy(pdf->points, points, (size_t)n * sizeof *points);
    return pdf->points;
}

static void stroke(cairo_t *cairo, float width, Colour colour) {
    set_colour(cairo, colour);
    cairo_set_line_width(cairo, (double)width);
    cairo_stroke(cairo);
}

static void polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    PdfCanvas *pdf = pdf_of(canvas);
    Point *line = n > 0 && colour.a > 0 ? copy_points(pdf, points, n) : NULL;
    if (!line) return;
    n = simplify(line, n, SIMPLIFY_TOLERANCE);
    for (int i = 0; i < n; i++) {
        if (!is_finite(line[i])) continue;
        double x = (double)line[i].x, y = (double)line[i].y;
        bool first = i == 0 || !is_finite(line[i - 1]), last = i + 1 == n || !is_finite(line[i + 1]);
        if (first) cairo_move_to(pdf->cairo, x, y);
        if (!first || last) cairo_line_to(pdf->cairo, x, y);
    }
    stroke(pdf->cairo, width, colour);
}

static void segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (colour.a == 0) return;
    for (int i = 0; i < n; i++) {
        if (!is_finite(points[2 * i]) || !is_finite(points[2 * i + 1])) continue;
        cairo_move_to(cairo, (double)points[2 * i].x, (double)points[2 * i].y);
        cairo_line_to(cairo, (double)points[2 * i + 1].x, (double)points[2 * i + 1].y);
    }
    stroke(cairo, width, colour);
}

static void circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (colour.a == 0 || !is_finite(centre) || !(radius > 0)) return;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, (double)centre.x, (double)centre.y, (double)radius, 0, 4 * acos(0));
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

static void image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    cairo_t *cairo = pdf_of(canvas)->cairo;
    if (!is_finite_rect(rect) || rect.width <= 0 || rect.height <= 0) return;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        unsigned char *rows = cairo_image_surface_get_data(surface);
        int stride = cairo_image_surface_get_stride(surface);
        for (int y = 0; y < height; y++)
            memcpy(rows + (size_t)y * (size_t)stride, pixels + (size_t)y * (size_t)width,
                (size_t)width * sizeof *pixels);
        cairo_surface_mark_dirty(surface);
        cairo_save(cairo);
        cairo_translate(cairo, (double)rect.x, (double)rect.y);
        cairo_scale(cairo, (double)rect.width / width, (double)rect.height / height);
        cairo_set_source_surface(cairo, surface, 0, 0);
        cairo_rectangle(cairo, 0, 0, width, height);
        cairo_fill(cairo);
        cairo_restore(cairo);
    }
    cairo_surface_destroy(surface);
}

/* Text. */

static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    return size * type_shape(pdf_of(canvas)->type, font, string).advance;
}

/* Which bytes of the string each glyph stands for, so that it can be copied out of the page. */
static int find_clusters(const TypeRun *run, cairo_text_cluster_t *clusters) {
    int n = 0;
    for (int i = 0; i < run->n; i++) {
        if (run->glyphs[i].bytes > 0 || n == 0)
            clusters[n++] = (cairo_text_cluster_t){(int)run->glyphs[i].bytes, 0};
        clusters[n - 1].num_glyphs++;
    }
    return n;
}

static void text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    PdfCanvas *pdf = pdf_of(canvas);
    if (!string[0] || colour.a == 0 || !isfinite(x) || !isfinite(y)) return;
    TypeRun run = type_shape(pdf->type, font, string);
    cairo_glyph_t *glyphs = cairo_glyph_allocate(run.n);
    cairo_text_cluster_t *clusters = cairo_text_cluster_allocate(run.n);
    if (align != ALIGN_LEFT) x -= size * run.advance * (align == ALIGN_CENTRE ? 0.5f : 1);
    if (run.n > 0 && glyphs && clusters) {
        for (int i = 0; i < run.n; i++)
            glyphs[i] = (cairo_glyph_t){
                run.glyphs[i].id, (double)(x + size * run.glyphs[i].x), (double)(y + size * run.glyphs[i].y)};
        cairo_set_font_face(pdf->cairo, pdf->faces[font]);
        cairo_set_font_size(pdf->cairo, (double)size);
        set_colour(pdf->cairo, colour);
        cairo_show_text_glyphs(
            pdf->cairo, string, -1, glyphs, run.n, clusters, find_clusters(&run, clusters), 0);
    }
    cairo_glyph_free(glyphs);
    cairo_text_cluster_free(clusters);
}

static const CanvasMethods methods = {
    .set_clip = set_clip,
    .fill_rect = fill_rect,
    .stroke_rect = stroke_rect,
    .polygon = polygon,
    .polyline = polyline,
    .segments = segments,
    .circle = circle,
    .image = image,
    .text = text,
    .text_width = text_width,
};

/* The whole. */

/* FreeType's face of a font, with a library of its own: Cairo keeps fonts for a while after the page. */
typedef struct FaceOfCairo {
    FT_Library library;
    FT_Face face;
} FaceOfCairo;

static void close_face(void *data) {
    FaceOfCairo *face = data;
    if (face->face) FT_Done_Face(face->face);
    if (face->library) FT_Done_FreeType(face->library);
    free(face);
}

static cairo_font_face_t *open_face(Font font) {
    static const cairo_user_data_key_t key;
    const EmbeddedFile *file = &embedded_fonts[font];
    FaceOfCairo *face = calloc(1, sizeof *face);
    if (!face) return NULL;
    cairo_font_face_t *opened = NULL;
    if (FT_Init_FreeType(&face->library) == 0 &&
        FT_New_Memory_Face(face->library, file->bytes, (FT_Long)file->size, 0, &face->face) == 0)
        opened = cairo_ft_font_face_create_for_ft_face(face->face, FT_LOAD_NO_HINTING);
    if (opened && cairo_font_face_set_user_data(opened, &key, face, close_face) == CAIRO_STATUS_SUCCESS)
        return opened;
    cairo_font_face_destroy(opened);
    close_face(face);
    return NULL;
}

static cairo_status_t append(void *closure, const unsigned char *bytes, unsigned n) {
    text_append_bytes(closure, (const char *)bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

static void open_page(PdfCanvas *pdf, const Page *page) {
    double width = page->width_mm / PAGE_MM_PER_INCH * PAGE_POINTS_PER_INCH;
    double height = page->height_mm / PAGE_MM_PER_INCH * PAGE_POINTS_PER_INCH;
    pdf->surface = cairo_pdf_surface_create_for_stream(append, &pdf->file, width, height);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, CREATED);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "slalom");
    if (page->title) cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, page->title);
    if (page->source) cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_SUBJECT, page->source);
    cairo_surface_set_fallback_resolution(pdf->surface, 300, 300);
    pdf->cairo = cairo_create(pdf->surface);
    cairo_scale(pdf->cairo, width / (double)page->width, height / (double)page->height);
    cairo_set_line_cap(pdf->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(pdf->cairo, CAIRO_LINE_JOIN_ROUND);
}

PdfCanvas *pdf_canvas_create(const Page *page, Status *status) {
    PdfCanvas *pdf = calloc(1, sizeof *pdf);
    bool good = pdf != NULL;
    if (good) {
        pdf->canvas = (Canvas){&methods, page->width, page->height, page->scale, true};
        open_page(pdf, page);
        good = cairo_status(pdf->cairo) == CAIRO_STATUS_SUCCESS && (pdf->type = type_create(status));
    }
    for (int font = 0; good && font < FONT_COUNT; font++)
        good = (pdf->faces[font] = open_face((Font)font)) != NULL;
    if (good) return pdf;
    pdf_canvas_destroy(pdf);
    status_fail(status, STATUS_FAILED, "out of memory for the picture");
    return NULL;
}

void pdf_canvas_destroy(PdfCanvas *pdf) {
    if (!pdf) return;
    cairo_destroy(pdf->cairo);
    cairo_surface_destroy(pdf->surface);
    for (int font = 0; font < FONT_COUNT; font++) cairo_font_face_destroy(pdf->faces[font]);
    type_destroy(pdf->type);
    text_finish(&pdf->file);
    free(pdf->points);
    free(pdf);
}

Canvas *pdf_canvas_canvas(PdfCanvas *pdf) {
    return &pdf->canvas;
}

bool pdf_canvas_write(PdfCanvas *pdf, Text *out, Status *status) {
    cairo_show_page(pdf->cairo);
    cairo_surface_finish(pdf->surface);
    cairo_status_t result = cairo_status(pdf->cairo);
    if (result == CAIRO_STATUS_SUCCESS) result = cairo_surface_status(pdf->surface);
    if (result != CAIRO_STATUS_SUCCESS)
        return status_fail(status, STATUS_FAILED, "cannot write the PDF: %s", cairo_status_to_string(result));
    text_append_bytes(out, text_string(&pdf->file), pdf->file.length);
    return true;
}
