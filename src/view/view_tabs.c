/* Where they do not fit, all get narrower and their names are cut, so that each can still be pressed. */
#include "view_tabs.h"

#include "network_view.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float PADDING = 10, TAB_HEIGHT = 24, TAB_PADDING = 9, GAP = 4, TOOLS_GAP = 12;

static float natural_width(Canvas *canvas, int picture) {
    return ceilf(canvas_text_width(canvas, FONT_TEXT, SIZE_NAME, network_picture_names[picture])) +
           2 * TAB_PADDING;
}

static void put_tab(Ui *ui, Rect rect, NetworkStage *stage, int picture) {
    char name[UI_NAME_BYTES], text[FITTED_BYTES];
    snprintf(name, sizeof name, "tab.%s", network_picture_names[picture]);
    float room = fmaxf(rect.width - TAB_PADDING, 0);
    text_fit(ui->canvas, FONT_TEXT, SIZE_NAME, network_picture_names[picture], room, text);
    const UiLook look = {.active = (int)network_view_shown(stage) == picture, .flat = true};
    if (!ui_button(ui, name, rect, text, look, network_views[picture]->tip)) return;
    stage->picture = (NetworkPicture)picture;
    ui_drop_focus(ui); /* the arrow keys go on stepping through the race */
}

/* Where tab `picture` goes, or the place behind them all; without width where there is no such tab. */
static Rect tab_rect(Canvas *canvas, Rect rect, const NetworkStage *stage, int picture) {
    float wanted = 0, before = 0, room = rect.width - 2 * PADDING;
    int n = 0, n_before = 0;
    for (int i = 0; i < NETWORK_PICTURES; i++) {
        if (!network_view_suits(stage, (NetworkPicture)i)) continue;
        if (i < picture) before += natural_width(canvas, i), n_before++;
        wanted += natural_width(canvas, i), n++;
    }
    float share = fmaxf(fminf((room - GAP * (float)(n - 1)) / wanted, 1), 0);
    bool is_tab = picture < NETWORK_PICTURES && network_view_suits(stage, (NetworkPicture)picture);
    return (Rect){rect.x + PADDING + share * before + GAP * (float)n_before,
        roundf(rect.y + 0.5f * (rect.height - TAB_HEIGHT)),
        is_tab ? share * natural_width(canvas, picture) : 0, TAB_HEIGHT};
}

Rect view_tabs_tools(Canvas *canvas, Rect rect, const NetworkStage *stage) {
    float x = tab_rect(canvas, rect, stage, NETWORK_PICTURES).x + TOOLS_GAP;
    return (Rect){x, rect.y, fmaxf(rect.x + rect.width - PADDING - x, 0), rect.height};
}

Rect view_tabs(Ui *ui, Rect rect, NetworkStage *stage) {
    canvas_fill_rect(ui->canvas, rect, 0, ui->theme->background);
    for (int i = 0; i < NETWORK_PICTURES; i++) {
        const Rect tab = tab_rect(ui->canvas, rect, stage, i);
        if (tab.width > 0) put_tab(ui, tab, stage, i);
    }
    return view_tabs_tools(ui->canvas, rect, stage);
}
