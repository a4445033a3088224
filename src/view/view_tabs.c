/* Where they do not fit, all get narrower and their names are cut, so that each can still be pressed. */
#include "view_tabs.h"

#include "network_view.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float PADDING = 10, TAB_HEIGHT = 24, TAB_PADDING = 9, GAP = 4, TOOLS_GAP = 12;

static float natural_width(Ui *ui, int picture) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_NAME, network_picture_names[picture])) +
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

Rect view_tabs(Ui *ui, Rect rect, NetworkStage *stage) {
    float wanted = 0, room = rect.width - 2 * PADDING;
    int n = 0;
    for (int i = 0; i < NETWORK_PICTURES; i++) {
        if (!network_view_suits(stage, (NetworkPicture)i)) continue;
        wanted += natural_width(ui, i);
        n++;
    }
    float share = fminf((room - GAP * (float)(n - 1)) / wanted, 1), x = rect.x + PADDING;
    canvas_fill_rect(ui->canvas, rect, 0, ui->theme->background);
    for (int i = 0; i < NETWORK_PICTURES && share > 0; i++) {
        if (!network_view_suits(stage, (NetworkPicture)i)) continue;
        Rect tab = {
            x, roundf(rect.y + 0.5f * (rect.height - TAB_HEIGHT)), share * natural_width(ui, i), TAB_HEIGHT};
        put_tab(ui, tab, stage, i);
        x += tab.width + GAP;
    }
    x += TOOLS_GAP;
    return (Rect){x, rect.y, fmaxf(rect.x + rect.width - PADDING - x, 0), rect.height};
}
