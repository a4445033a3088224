/* Which plane is wanted, and between which racers: by who is chosen, and by tools for a hand. */
#include "landscape_parts.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float TOOL_HEIGHT = 22, TOOL_PADDING = 8, TOOL_GAP = 4, OTHER_WIDTH = 116;

static bool is_candidate(const Subject *subject, int racer) {
    return subject_racer_visible(subject, racer) && subject_racer_status(subject, racer) != RACER_DIVERGED;
}

static int first_candidate(const Subject *subject, int besides) {
    for (int i = 0; i < subject_racer_count(subject); i++)
        if (i != besides && is_candidate(subject, i)) return i;
    return -1;
}

LandscapeWish landscape_wish_of(const LandscapeView *view, const Subject *subject, uint64_t seed) {
    LandscapeWish wish = {.plane = view->plane, .seed = seed};
    const int n = subject_racer_count(subject), chosen = subject->selected, other = view->beside - 1;
    const bool has_other = other >= 0 && other < n && is_candidate(subject, other);
    for (int i = 0; i < n; i++) wish.takes_part[i] = is_candidate(subject, i);
    int *racers = wish.racers;
    racers[0] = chosen >= 0 && is_candidate(subject, chosen)
                    ? chosen
                    : first_candidate(subject, has_other ? other : -1);
    if (racers[0] < 0) racers[0] = has_other ? other : 0;
    racers[1] = has_other && other != racers[0] ? other : first_candidate(subject, racers[0]);
    if (racers[1] < 0) racers[1] = racers[0];
    return wish;
}

typedef struct Tool {
    const char *name, *text, *tip;
} Tool;
static const Tool tools[NETWORK_PLANES + 1] = {
    [NETWORK_PLANE_PRINCIPAL] = {"landscape.principal", "components",
        "the plane that holds most of what the racers' ways vary by"},
    [NETWORK_PLANE_RANDOM] = {"landscape.random", "random",
        "two random directions, as long as the weights into each unit"},
    [NETWORK_PLANE_POINTS] = {"landscape.points", "three points",
        "through the start and where two racers are"},
    [NETWORK_PLANE_LINE] = {"landscape.line", "line", "from one racer to another: is there a barrier?"},
    [NETWORK_PLANES] = {"landscape.fit", "fit again", "the plane is laid out anew"},
};

static float tool_width(Ui *ui, const Tool *tool) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, tool->text)) + 2 * TOOL_PADDING;
}

/* There is a choice of the racer that it is laid out to. */
static bool has_choice(const LandscapeView *view, const Subject *subject) {
    int n = 0;
    for (int i = 0; i < subject_racer_count(subject); i++) n += is_candidate(subject, i);
    return n > 2 && (view->plane == NETWORK_PLANE_LINE || view->plane == NETWORK_PLANE_POINTS);
}

void landscape_choose_other(LandscapeView *view, const Subject *subject) {
    if (!has_choice(view, subject)) return;
    const LandscapeWish wish = landscape_wish_of(view, subject, 0);
    const int n = subject_racer_count(subject);
    int next = wish.racers[1];
    do next = (next + 1) % n;
    while (next != wish.racers[1] && (next == wish.racers[0] || !wish.takes_part[next]));
    view->beside = next + 1;
}

float landscape_tools_width(const LandscapeView *view, Ui *ui, const Subject *subject) {
    float width = has_choice(view, subject) ? OTHER_WIDTH + TOOL_GAP : 0;
    for (int i = 0; i <= NETWORK_PLANES; i++) width += tool_width(ui, &tools[i]) + TOOL_GAP;
    return width;
}

void landscape_put_tools(LandscapeView *view, Ui *ui, Rect rect, const Subject *subject) {
    float x = rect.x + rect.width - landscape_tools_width(view, ui, subject);
    const float y = roundf(rect.y + 0.5f * (rect.height - TOOL_HEIGHT));
    if (has_choice(view, subject)) {
        char text[FITTED_BYTES];
        snprintf(text, sizeof text, "to: %s",
            subject_racer_title(subject, landscape_wish_of(view, subject, 0).racers[1]));
        if (ui_button(ui, "landscape.other", (Rect){x, y, OTHER_WIDTH, TOOL_HEIGHT}, text,
                (UiLook){.small = true}, "to the next racer, from the chosen or first one"))
            landscape_choose_other(view, subject);
        x += OTHER_WIDTH + TOOL_GAP;
    }
    for (int i = 0; i <= NETWORK_PLANES; i++) {
        const Rect button = {x, y, tool_width(ui, &tools[i]), TOOL_HEIGHT};
        const UiLook look = {.active = (int)view->plane == i, .flat = i < NETWORK_PLANES, .small = true};
        x += button.width + TOOL_GAP;
        if (!ui_button(ui, tools[i].name, button, tools[i].text, look, tools[i].tip)) continue;
        if (i < NETWORK_PLANES)
            view->plane = (NetworkPlane)i;
        else
            view->fits_again = true;
        ui_drop_focus(ui);
    }
}
