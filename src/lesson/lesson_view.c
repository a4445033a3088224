/* Drawing the panel; the text is set by typeset.c. */
#include "lesson_view.h"

#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PADDING = 16, HEADER = 48, FOOT = 26, BUTTON_HEIGHT = 26, GAP = 8, DOT = 3, DOT_GAP = 12;
static const float ARROW = 36; /* a mark's, from the right, lies over no text */
static const float TITLE_SIZE = 15;
/* Letters of a line: no more than an eye can follow, nor smaller than a room can read. */
static const float COLUMN_OF_SIZES = 42, SIZE_LEAST = 14, SIZE_MOST = 20;
static const float SHARE_MOST = 0.44f; /* of the column */
static const float LINES_LEAST = 7.3f; /* five lines of text, in sizes of its type */

void lesson_view_finish(LessonView *view) {
    typeset_finish(&view->body);
    typeset_finish(&view->measure);
}

static float size_for(float width) {
    return roundf(fminf(fmaxf(width / COLUMN_OF_SIZES, SIZE_LEAST), SIZE_MOST));
}

static float text_width(float width) {
    return fmaxf(width - 2 * PADDING - ARROW, 1);
}

static void set(Typeset *typeset, Canvas *canvas, const char *text, float width) {
    float size = size_for(width);
    typeset_set(typeset, canvas, text, size, fminf(text_width(width), 1.15f * COLUMN_OF_SIZES * size));
}

float lesson_view_height(LessonView *view, Canvas *canvas, Rect column, const Course *course) {
    float limit = floorf(SHARE_MOST * column.height);
    if (view->measured == course->lesson && view->measured_width == column.width &&
        view->measured_limit == limit)
        return view->height;
    /* The explanation is the longest by far: it has pages, so that the picture keeps its room. */
    float longest = 0;
    for (int stage = 0; stage <= course->lesson->n_steps; stage++) {
        set(&view->measure, canvas, course_text(course, stage), column.width);
        longest = fmaxf(longest, view->measure.height);
    }
    longest = fmaxf(longest, LINES_LEAST * size_for(column.width));
    view->measured = course->lesson;
    view->measured_width = column.width;
    view->measured_limit = limit;
    view->height = fminf(ceilf(HEADER + longest + FOOT + 0.5f * PADDING), limit);
    return view->height;
}

/* The pages that whole lines of at most this height make, into first_lines; too many: the last has the rest.
 */
static int break_pages(LessonView *view, float height) {
    int n = 0;
    view->first_lines[0] = 0;
    while (n < LESSON_PAGES_MAX && view->first_lines[n] < view->body.n_lines) {
        view->first_lines[n + 1] =
            view->first_lines[n] + typeset_fit(&view->body, view->first_lines[n], height);
        n++;
    }
    return n > 0 ? n : 1;
}

/* As few pages as there can be, filled evenly. */
static void make_pages(LessonView *view, float height) {
    view->n_pages = break_pages(view, height);
    if (view->n_pages == 1) return;
    float less = height;
    while (less > 1 && break_pages(view, 0.95f * less) == view->n_pages) less *= 0.95f;
    break_pages(view, less);
}

/* From the right; returns where the next one ends. */
static float put_button(Ui *ui, float right, float middle, const char *name, const char *text,
    const char *widest, UiLook look, Action action) {
    float width = ceilf(fmaxf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_NAME, text),
                      canvas_text_width(ui->canvas, FONT_TEXT, SIZE_NAME, widest))) +
                  20;
    char tip[UI_TIP_BYTES];
    action_tip(action, tip, sizeof tip);
    Rect rect = {roundf(right - width), roundf(middle - 0.5f * BUTTON_HEIGHT), width, BUTTON_HEIGHT};
    if (ui_button(ui, name, rect, text, look, tip)) ui->posted = action;
    return rect.x - GAP;
}

static const char *next_text(const LessonView *view, const Course *course, int of) {
    if (course->page + 1 < view->n_pages) return "more →";
    if (course->stage == 0) return "show it →";
    if (course_beside(course, 1) >= 0) return "next →";
    return of > 0 ? "next lesson →" : "the end";
}

/* A dot for each stage; the one that is shown is filled. */
static void draw_dots(Ui *ui, float right, float middle, const Course *course) {
    int n = course_stage_count(course);
    float x = right - DOT_GAP * (float)n;
    for (int i = 0; i < n; i++) {
        bool here = i == course->stage;
        canvas_circle(ui->canvas, (Point){x + DOT_GAP * ((float)i + 0.5f), middle}, here ? DOT + 1 : DOT,
            here                ? ui->theme->accent
            : i < course->stage ? ui->theme->dim
                                : ui->theme->line);
    }
}

static void put_header(LessonView *view, Ui *ui, Rect rect, const Course *course, int of) {
    const Theme *theme = ui->theme;
    const Lesson *lesson = course->lesson;
    float middle = rect.y + 22, right = rect.x + rect.width - PADDING, left = rect.x + PADDING;
    bool roomy = rect.width > 460;
    right = put_button(ui, right, middle, "lesson.close", "×", "×", (UiLook){.flat = true, .dim = true},
        ACTION_LESSON_CLOSE);
    right = put_button(ui, right, middle, "lesson.next", next_text(view, course, of),
        roomy ? "next lesson →" : "", (UiLook){.active = true}, ACTION_LESSON_NEXT);
    right = put_button(ui, right, middle, "lesson.back", "←", "←", (UiLook){0}, ACTION_LESSON_BACK);
    char number[32] = "", label[64];
    if (lesson->number > 0) snprintf(number, sizeof number, "%d", lesson->number);
    course_label(course, label, sizeof label);
    const char *title = course->opening.title ? course->opening.title : "Lesson";
    float baseline = text_baseline(middle, TITLE_SIZE);
    text_draw_fitted(ui->canvas, left, baseline, ALIGN_LEFT, FONT_STRONG, TITLE_SIZE, theme->accent,
        fmaxf(right - left, 0), number);
    if (number[0]) left += canvas_text_width(ui->canvas, FONT_STRONG, TITLE_SIZE, number) + 10;
    /* The title is whole where it can be: the label goes first, then the dots. */
    float width = canvas_text_width(ui->canvas, FONT_STRONG, TITLE_SIZE, title);
    float label_width = 14 + canvas_text_width(ui->canvas, FONT_TEXT, SIZE_NAME, label);
    float dots_width = DOT_GAP * (float)course_stage_count(course) + GAP;
    bool has_dots = left + width + dots_width <= right;
    bool has_label = left + width + label_width + (has_dots ? dots_width : 0) <= right;
    if (has_dots) draw_dots(ui, right, middle, course);
    text_draw_fitted(ui->canvas, left, baseline, ALIGN_LEFT, FONT_STRONG, TITLE_SIZE, theme->text,
        fmaxf(right - left, 0), title);
    if (has_label)
        canvas_text(
            ui->canvas, left + width + 14, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_NAME, theme->dim, label);
}

/* Below the text: where it can be read up, or what the keys do; and which page it is. */
static void draw_foot(const LessonView *view, Ui *ui, Rect rect, const Course *course) {
    const Theme *theme = ui->theme;
    float left = rect.x + PADDING, right = rect.x + rect.width - PADDING;
    float baseline = text_baseline(rect.y + rect.height - 0.5f * FOOT, SIZE_SMALL);
    char page[NUMBER_BYTES];
    if (view->n_pages > 1) {
        snprintf(page, sizeof page, "%d / %d", course->page + 1, view->n_pages);
        canvas_text(ui->canvas, right, baseline, ALIGN_RIGHT, FONT_MONO, SIZE_SMALL, theme->dim, page);
        right -= canvas_text_width(ui->canvas, FONT_MONO, SIZE_SMALL, page) + 14;
    }
    bool last = course->stage == course_stage_count(course) - 1;
    const char *text = last && course->lesson->reference ? course->lesson->reference
                       : course->stage == 0 ? "→ shows what happens   ← goes back   J: all lessons"
                                            : "";
    text_draw_fitted(ui->canvas, left, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, theme->dim,
        fmaxf(right - left, 0), text);
}

void lesson_view(LessonView *view, Ui *ui, Rect rect, Course *course, int of) {
    if (rect.width <= 0 || rect.height <= 0) return;
    const Theme *theme = ui->theme;
    Canvas *canvas = ui->canvas;
    canvas_fill_rect(canvas, rect, 0, theme->panel);
    canvas_fill_rect(canvas, (Rect){rect.x, rect.y, rect.width, 2}, 0, theme->accent);
    set(&view->body, canvas, course_text(course, course->stage), rect.width);
    make_pages(view, rect.height - HEADER - FOOT);
    if (course->ends || course->page >= view->n_pages) course->page = view->n_pages - 1;
    course->ends = false;
    put_header(view, ui, rect, course, of);
    if (!ui->draws) return;
    int first = view->first_lines[course->page];
    if (view->body.n_lines > 0)
        typeset_draw(&view->body, canvas, rect.x + PADDING, rect.y + HEADER, first,
            view->first_lines[course->page + 1] - first, theme->text, theme->text);
    draw_foot(view, ui, rect, course);
}
