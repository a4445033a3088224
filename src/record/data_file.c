/* What a figure shows, as data: CSV, a script for gnuplot, a document for LaTeX with pgfplots. */
#include "figure_data.h"
#include "page.h"
#include "record.h"
#include "svg_canvas.h"

#include <math.h>
#include <string.h>

static void put_number(Text *out, double value) {
    char number[64];
    text_format_number(number, sizeof number, value);
    text_append(out, "%s", number);
}

/* Of a contour, whose points are as exact as the lines of the figure: to a thousandth of a pixel or so. */
static void put_rounded(Text *out, double value) {
    text_append(out, "%.8g", value);
}

static void put_xy(Text *out, const FigureLine *line, const FigurePoint *point, const char *between) {
    void (*put)(Text *, double) = line->kind == FIGURE_CONTOUR ? put_rounded : put_number;
    put(out, point->x);
    text_append(out, "%s", between);
    put(out, point->y);
}

/* Each character that `special` has with what stands for it. */
typedef struct Escape {
    char character;
    const char *written;
} Escape;

static void put_escaped(Text *out, const char *string, const Escape *escapes) {
    for (; *string; string++) {
        const Escape *escape = escapes;
        while (escape->character && escape->character != *string) escape++;
        if (escape->character)
            text_append(out, "%s", escape->written);
        else
            text_append_bytes(out, string, 1);
    }
}

/* CSV. */

static void append_csv(const FigureData *data, const RecordJob *job, Text *out) {
    static const Escape quotes[] = {{'"', "\"\""}, {0, NULL}};
    static const char *const kinds[] = {"contour", "trail", "series"};
    (void)job;
    text_append(out, "kind,name,line,step,x,y,value\n");
    for (int i = 0; i < data->n_lines; i++) {
        const FigureLine *line = &data->lines[i];
        bool quoted = strpbrk(line->name, ",\"\n") != NULL;
        for (int k = line->begin; k < line->end; k++) {
            const FigurePoint *point = &data->points[k];
            if (point->outside) continue;
            text_append(out, "%s,%s", kinds[line->kind], quoted ? "\"" : "");
            put_escaped(out, line->name, quotes);
            text_append(out, "%s,%d,", quoted ? "\"" : "", i + 1);
            if (point->step >= 0) text_append(out, "%lld", (long long)point->step);
            text_append(out, ",");
            put_xy(out, line, point, ",");
            text_append(out, ",");
            put_number(out, point->value);
            text_append(out, "\n");
        }
    }
}

/* gnuplot. */

static const Escape gnuplot_quotes[] = {{'\'', "''"}, {'\n', " "}, {0, NULL}};

static void put_gnuplot_string(Text *out, const char *string) {
    text_append(out, "'");
    put_escaped(out, string, gnuplot_quotes);
    text_append(out, "' noenhanced");
}

static void put_gnuplot_line(const FigureData *data, int i, Text *out) {
    const FigureLine *line = &data->lines[i];
    for (int k = line->begin; k < line->end; k++) {
        put_xy(out, line, &data->points[k], " ");
        text_append(out, " ");
        put_number(out, data->points[k].value);
        text_append(out, "\n");
    }
}

/* All contours are one block, its curves parted by blank lines; every racer has one of its own. */
static void put_gnuplot_blocks(const FigureData *data, Text *out) {
    text_append(out, "$contours << EOD\n");
    for (int i = 0; i < data->n_lines; i++) {
        if (data->lines[i].kind != FIGURE_CONTOUR) continue;
        put_gnuplot_line(data, i, out);
        text_append(out, "\n");
    }
    text_append(out, "EOD\n");
    for (int i = 0; i < data->n_lines; i++) {
        if (data->lines[i].kind == FIGURE_CONTOUR) continue;
        text_append(out, "$line%d << EOD\n", i + 1);
        put_gnuplot_line(data, i, out);
        text_append(out, "EOD\n");
    }
}

static void put_gnuplot_range(Text *out, const char *axis, const double range[2]) {
    text_append(out, "set %srange [", axis);
    put_number(out, range[0]);
    text_append(out, ":");
    put_number(out, range[1]);
    text_append(out, "]\n");
}

static void append_gnuplot(const FigureData *data, const RecordJob *job, Text *out) {
    (void)job;
    text_append(out,
        "# Made by slalom. For a file: gnuplot -e \"set terminal pdfcairo; set output 'figure.pdf'\" "
        "figure.gp\n");
    put_gnuplot_blocks(data, out);
    put_gnuplot_range(out, "x", data->x);
    put_gnuplot_range(out, "y", data->y);
    if (data->logarithmic) text_append(out, "set logscale y\nset format y '10^{%%T}'\n");
    text_append(out, "set xlabel ");
    put_gnuplot_string(out, data->names[0]);
    text_append(out, "\nset ylabel ");
    put_gnuplot_string(out, data->names[1]);
    text_append(out, "\nset key outside\n");
    for (int i = 0; i < data->n_marks; i++)
        text_append(out, "set label '%s' at %.8g,%.8g center front font ',8'\n", data->marks[i].text,
            data->marks[i].x, data->marks[i].y);
    const char *before = "plot ";
    if (data->n_lines > 0 && data->lines[0].kind == FIGURE_CONTOUR) {
        text_append(out, "plot $contours using 1:2 with lines lc rgb '#8795a1' lw 0.5 notitle");
        before = ", \\\n  ";
    }
    for (int i = 0; i < data->n_lines; i++) {
        const FigureLine *line = &data->lines[i];
        if (line->kind == FIGURE_CONTOUR) continue;
        text_append(out, "%s$line%d using 1:2 with lines lc rgb '#%02x%02x%02x' lw 2 dt %d title ", before,
            i + 1, line->colour.r, line->colour.g, line->colour.b, (int)line->dash + 1);
        put_gnuplot_string(out, line->name);
        before = ", \\\n  ";
    }
    text_append(out, strcmp(before, "plot ") == 0 ? "plot NaN notitle\n" : "\n");
}

/* pgfplots. */

static const Escape tex_escapes[] = {{'\\', "\\textbackslash{}"}, {'{', "\\{"}, {'}', "\\}"}, {'$', "\\$"},
    {'&', "\\&"}, {'#', "\\#"}, {'_', "\\_"}, {'%', "\\%"}, {'~', "\\textasciitilde{}"},
    {'^', "\\textasciicircum{}"}, {'\n', " "}, {0, NULL}};

static void put_tex_name(Text *out, const char *name) {
    bool variable = name[0] && !name[1];
    text_append(out, "{%s", variable ? "$" : "");
    put_escaped(out, name, tex_escapes);
    text_append(out, "%s}", variable ? "$" : "");
}

static void put_tex_coordinates(const FigureData *data, const FigureLine *line, Text *out) {
    text_append(out, " coordinates {");
    for (int k = line->begin; k < line->end; k++) {
        text_append(out, "%s(", (k - line->begin) % 4 == 0 ? "\n" : " ");
        put_xy(out, line, &data->points[k], ",");
        text_append(out, ")");
    }
    text_append(out, "};\n");
}

static void put_tex_line(const FigureData *data, const FigureLine *line, Text *out) {
    static const char *const dashes[DASH_COUNT] = {
        "solid", "dashed", "dotted", "dash dot", "dash pattern=on 8pt off 2pt"};
    if (line->kind == FIGURE_CONTOUR)
        text_append(
            out, "\\addplot[forget plot, draw=gray, line width=%s]", line->strong ? "0.5pt" : "0.25pt");
    else
        text_append(out, "\\definecolor{racer}{RGB}{%d,%d,%d}\n\\addplot[color=racer, line width=1pt, %s]",
            line->colour.r, line->colour.g, line->colour.b, dashes[line->dash]);
    put_tex_coordinates(data, line, out);
    if (line->kind == FIGURE_CONTOUR) return;
    text_append(out, "\\addlegendentry");
    put_tex_name(out, line->name);
    text_append(out, "\n");
}

static void append_pgfplots(const FigureData *data, const RecordJob *job, Text *out) {
    bool on_paper = job->paper.width_mm > 0;
    double mm_per_px = PAGE_MM_PER_INCH / PAGE_PX_PER_INCH;
    text_append(out,
        "%% Made by "
        "slalom.\n\\documentclass{standalone}\n\\usepackage[utf8]{inputenc}\n\\usepackage{pgfplots}\n"
        "\\pgfplotsset{compat=1.16}\n\\begin{document}\n\\begin{tikzpicture}\n"
        "\\begin{axis}[width=%gmm, height=%gmm, xmin=%.10g, xmax=%.10g, ymin=%.10g, ymax=%.10g,%s\n  xlabel=",
        on_paper ? job->paper.width_mm : job->look.width_px * mm_per_px,
        on_paper ? job->paper.height_mm : job->look.height_px * mm_per_px, data->x[0], data->x[1], data->y[0],
        data->y[1], data->logarithmic ? " ymode=log," : "");
    put_tex_name(out, data->names[0]);
    text_append(out, ", ylabel=");
    put_tex_name(out, data->names[1]);
    text_append(out, ",\n  legend pos=outer north east, legend cell align=left, unbounded coords=jump]\n");
    for (int i = 0; i < data->n_lines; i++) put_tex_line(data, &data->lines[i], out);
    for (int i = 0; i < data->n_marks; i++)
        text_append(out, "\\node[font=\\tiny, fill=white, inner sep=0.5pt] at (axis cs:%.8g,%.8g) {$%s$};\n",
            data->marks[i].x, data->marks[i].y, data->marks[i].text);
    text_append(out, "\\end{axis}\n\\end{tikzpicture}\n\\end{document}\n");
}

/* The whole. */

typedef void Append(const FigureData *data, const RecordJob *job, Text *out);

/* Numbers come from the figure as it is drawn for paper. */
static bool write_data(const RecordJob *job, Append *append, Status *status) {
    if (network_scene_is_on(&job->scene->network))
        return status_fail(
            status, STATUS_BAD_INPUT, "%s: the numbers of a training are written by slalom run", job->path);
    Scene scene = *job->scene; /* its parts are borrowed */
    if (!scene.look.names_theme) scene.look.light = true;
    RecordJob on_paper = *job;
    on_paper.scene = &scene;
    Viewer *viewer = record_viewer(&on_paper, status);
    Page page = viewer ? record_page(&on_paper, viewer) : (Page){0};
    SvgCanvas *svg = viewer ? svg_canvas_create(&page, status) : NULL;
    FigureData data = {0};
    Text text = {0};
    bool good = svg != NULL;
    if (good && !viewer_gather_figure(viewer, svg_canvas_canvas(svg), record_figure(job, FIGURE_PLOT), &data))
        good = status_fail(status, STATUS_FAILED, "out of memory for the data of the figure");
    if (good) append(&data, job, &text);
    good = good && record_text(job, &text, status);
    text_finish(&text);
    figure_data_finish(&data);
    svg_canvas_destroy(svg);
    viewer_destroy(viewer);
    return good;
}

bool record_csv(const RecordJob *job, Status *status) {
    return write_data(job, append_csv, status);
}

bool record_gnuplot(const RecordJob *job, Status *status) {
    return write_data(job, append_gnuplot, status);
}

bool record_pgfplots(const RecordJob *job, Status *status) {
    return write_data(job, append_pgfplots, status);
}
