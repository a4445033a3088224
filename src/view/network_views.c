/* Which views there are, in the order of their tabs, and which of them is shown. */
#include "network_view.h"

const NetworkView *const network_views[NETWORK_PICTURES] = {
    [NETWORK_PICTURE_BOUNDARY] = &boundary_network_view,
    [NETWORK_PICTURE_IMAGES] = &images_network_view,
    [NETWORK_PICTURE_CURVATURE] = &curvature_network_view,
    [NETWORK_PICTURE_UNITS] = &units_network_view,
    [NETWORK_PICTURE_LAYERS] = &layers_network_view,
    [NETWORK_PICTURE_LANDSCAPE] = &landscape_network_view,
    [NETWORK_PICTURE_CURVES] = &curves_network_view,
};

bool network_view_suits(const NetworkStage *stage, NetworkPicture picture) {
    const NetworkView *view = network_views[picture];
    return view && (!view->suits || view->suits(stage));
}

NetworkPicture network_view_shown(const NetworkStage *stage) {
    if (network_view_suits(stage, stage->picture)) return stage->picture;
    int first = NETWORK_PICTURE_USUAL;
    while (!network_view_suits(stage, (NetworkPicture)first)) first++;
    return (NetworkPicture)first;
}

void network_view_go(NetworkStage *stage, int way) {
    int picture = (int)network_view_shown(stage);
    do picture = (picture + way + NETWORK_PICTURES) % NETWORK_PICTURES;
    while (!network_view_suits(stage, (NetworkPicture)picture));
    stage->picture = (NetworkPicture)picture;
}

bool network_views_begin(NetworkStage *stage, Status *status) {
    for (int i = 0; i < NETWORK_PICTURES; i++) {
        const NetworkView *view = network_views[i];
        if (view && view->begin && !view->begin(stage, status)) return false;
    }
    return true;
}

void network_views_release(NetworkStage *stage) {
    for (int i = 0; i < NETWORK_PICTURES; i++)
        if (network_views[i] && network_views[i]->release) network_views[i]->release(stage);
}

void network_views_finish(NetworkStage *stage) {
    for (int i = 0; i < NETWORK_PICTURES; i++)
        if (network_views[i] && network_views[i]->finish) network_views[i]->finish(stage);
}
