/* How a race is shown: rows of the table of scene_keys.h. */
#include "scene_keys.h"

#include "cloud.h"
#include "names.h"

#include <math.h>
#include <string.h>

static const char *const theme_names[] = {"dark", "light", NULL};

const char *const view_mode_names[VIEW_MODES + 1] = {
    [VIEW_PLANE] = "2d", [VIEW_TERRAIN] = "3d", [VIEW_BOTH] = "both"};

const char *const network_picture_names[NETWORK_PICTURES + 1] = {
    [NETWORK_PICTURE_BOUNDARY] = "boundary",
    [NETWORK_PICTURE_IMAGES] = "images",
    [NETWORK_PICTURE_UNITS] = "network",
    [NETWORK_PICTURE_LAYERS] = "layers",
    [NETWORK_PICTURE_LANDSCAPE] = "landscape",
    [NETWORK_PICTURE_CURVATURE] = "curvature",
    [NETWORK_PICTURE_CURVES] = "curves",
};

const char *const network_plane_names[NETWORK_PLANES + 1] = {
    [NETWORK_PLANE_PRINCIPAL] = "principal",
    [NETWORK_PLANE_RANDOM] = "random",
    [NETWORK_PLANE_POINTS] = "points",
    [NETWORK_PLANE_LINE] = "line",
};

static const char *const line_names[] = {"weights", "gradients", NULL};
static const char *const sharpness_names[] = {[LOOK_SHARPNESS_SCALED] = "scaled",
    [LOOK_SHARPNESS_LOSS] = "loss",
    [LOOK_SHARPNESS_SHARE] = "share",
    NULL};

static Look *look_of(SceneDraft *draft) {
    return &draft->scene->look;
}

static bool append_integer(Text *out, int64_t value) {
    text_append(out, "%lld", (long long)value);
    return true;
}

/* Which of the names, the last being NULL, a text is; fails with what there is. */
static bool read_choice(
    const char *const *names, const char *problem, const char *text, int *choice, Status *status) {
    int n = 0;
    for (; names[n]; n++) {
        if (strcmp(names[n], text) != 0) continue;
        *choice = n;
        return true;
    }
    return names_fail(status, problem, text, "There are", NAMES_OF(names, n), NULL);
}

static bool read_theme(SceneDraft *draft, const char *text, Status *status) {
    int theme = 0;
    if (!read_choice(theme_names, "there is no theme", text, &theme, status)) return false;
    look_of(draft)->light = theme == 1;
    look_of(draft)->names_theme = true;
    return true;
}

static bool write_theme(const Scene *scene, int i, Text *out) {
    if (i > 0 || !scene->look.light) return false;
    text_append(out, "%s", theme_names[1]);
    return true;
}

static bool read_view(SceneDraft *draft, const char *text, Status *status) {
    int view = 0;
    if (!read_choice(view_mode_names, "there is no view", text, &view, status)) return false;
    look_of(draft)->view = (ViewMode)view;
    return true;
}

static bool write_view(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->look.view == VIEW_PLANE) return false;
    text_append(out, "%s", view_mode_names[scene->look.view]);
    return true;
}

static bool read_picture(SceneDraft *draft, const char *text, Status *status) {
    int picture = 0;
    if (!read_choice(network_picture_names, "there is no picture", text, &picture, status)) return false;
    look_of(draft)->picture = (NetworkPicture)picture;
    return true;
}

static bool write_picture(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->look.picture == NETWORK_PICTURE_USUAL) return false;
    text_append(out, "%s", network_picture_names[scene->look.picture]);
    return true;
}

static bool read_plane(SceneDraft *draft, const char *text, Status *status) {
    int plane = 0;
    if (!read_choice(network_plane_names, "there is no plane", text, &plane, status)) return false;
    look_of(draft)->plane = (NetworkPlane)plane;
    return true;
}

static bool write_plane(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->look.plane == NETWORK_PLANE_PRINCIPAL) return false;
    text_append(out, "%s", network_plane_names[scene->look.plane]);
    return true;
}

static bool read_orbit(SceneDraft *draft, const char *text, Status *status) {
    double angles[2];
    if (!text_parse_numbers(text, angles, 2) || angles[1] < LOOK_ELEVATION_MIN ||
        angles[1] > LOOK_ELEVATION_MAX)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not AZIMUTH,ELEVATION in degrees, the elevation from %d to %d", text,
            LOOK_ELEVATION_MIN, LOOK_ELEVATION_MAX);
    Look *look = look_of(draft);
    look->has_orbit = true;
    look->azimuth = angles[0];
    look->elevation = angles[1];
    return true;
}

static bool write_orbit(const Scene *scene, int i, Text *out) {
    const Look *look = &scene->look;
    if (i > 0 || !look->has_orbit) return false;
    scene_key_append_numbers(out, (double[]){look->azimuth, look->elevation}, 2, ',');
    return true;
}

static bool read_think(SceneDraft *draft, const char *text, Status *status) {
    long long racer;
    if (!text_parse_integer(text, 1, RACE_RACERS_MAX, &racer))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not the number of a racer, from 1 to %d",
            text, RACE_RACERS_MAX);
    look_of(draft)->think = (int)racer;
    return true;
}

static bool write_think(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.think > 0 && append_integer(out, scene->look.think);
}

static bool read_cloud(SceneDraft *draft, const char *text, Status *status) {
    long long n;
    if (!text_parse_integer(text, 0, CLOUD_MAX, &n))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a number of gradients, from 0 to %d", text, CLOUD_MAX);
    look_of(draft)->cloud = (int)n;
    return true;
}

static bool write_cloud(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.cloud > 0 && append_integer(out, scene->look.cloud);
}

static bool read_basins(SceneDraft *draft, const char *text, Status *status) {
    long long racer;
    if (!text_parse_integer(text, 0, RACE_RACERS_MAX, &racer))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not the number of a racer, from 1 to %d, or 0 for no map", text, RACE_RACERS_MAX);
    look_of(draft)->basins = (int)racer;
    return true;
}

static bool write_basins(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.basins > 0 && append_integer(out, scene->look.basins);
}

static bool read_beside(SceneDraft *draft, const char *text, Status *status) {
    long long racer;
    if (!text_parse_integer(text, 0, RACE_RACERS_MAX, &racer))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not the number of a racer, from 1 to %d, or 0 for none", text, RACE_RACERS_MAX);
    look_of(draft)->beside = (int)racer;
    return true;
}

static bool write_beside(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.beside > 0 && append_integer(out, scene->look.beside);
}

/* RACER, or RACER,RACER. */
static bool read_compare(SceneDraft *draft, const char *text, Status *status) {
    double numbers[2] = {0};
    const int n = strchr(text, ',') ? 2 : 1;
    bool good = text_parse_numbers(text, numbers, n);
    for (int i = 0; i < n; i++)
        good = good && numbers[i] >= 1 && numbers[i] <= RACE_RACERS_MAX && numbers[i] == floor(numbers[i]);
    if (!good || numbers[0] == numbers[1])
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not the number of a racer, from 1 to %d, or two of them: 1,3", text, RACE_RACERS_MAX);
    for (int i = 0; i < 2; i++) look_of(draft)->compare[i] = (int)numbers[i];
    return true;
}

static bool write_compare(const Scene *scene, int i, Text *out) {
    const int *compare = scene->look.compare;
    if (i > 0 || compare[0] == 0) return false;
    scene_key_append_numbers(out, (double[]){compare[0], compare[1]}, compare[1] > 0 ? 2 : 1, ',');
    return true;
}

static bool read_sharpness(SceneDraft *draft, const char *text, Status *status) {
    int sharpness = 0;
    if (!read_choice(sharpness_names, "there is no sharpness", text, &sharpness, status)) return false;
    look_of(draft)->sharpness = (LookSharpness)sharpness;
    return true;
}

static bool write_sharpness(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->look.sharpness == LOOK_SHARPNESS_SCALED) return false;
    text_append(out, "%s", sharpness_names[scene->look.sharpness]);
    return true;
}

static bool read_lines(SceneDraft *draft, const char *text, Status *status) {
    int lines = 0;
    if (!read_choice(line_names, "there are no lines", text, &lines, status)) return false;
    look_of(draft)->gradients = lines == 1;
    return true;
}

static bool write_lines(const Scene *scene, int i, Text *out) {
    if (i > 0 || !scene->look.gradients) return false;
    text_append(out, "%s", line_names[1]);
    return true;
}

static bool read_box(SceneDraft *draft, const char *text, Status *status) {
    double sides[4];
    if (!text_parse_numbers(text, sides, 4) || !(sides[0] < sides[1]) || !(sides[2] < sides[3]))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.80s' is not XMIN,XMAX,YMIN,YMAX, each MIN below its MAX", text);
    Look *look = look_of(draft);
    look->has_box = true;
    look->box = (Box){sides[0], sides[1], sides[2], sides[3]};
    return true;
}

static bool write_box(const Scene *scene, int i, Text *out) {
    const Box *box = &scene->look.box;
    if (i > 0 || !scene->look.has_box) return false;
    scene_key_append_numbers(out, (double[]){box->x_min, box->x_max, box->y_min, box->y_max}, 4, ',');
    return true;
}

static bool read_text_size(SceneDraft *draft, const char *text, Status *status) {
    long long percent;
    if (!text_parse_integer(text, TEXT_SIZE_MIN, TEXT_SIZE_MAX, &percent))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a whole number of percent from %d to %d",
            text, TEXT_SIZE_MIN, TEXT_SIZE_MAX);
    look_of(draft)->text_size = (int)percent;
    return true;
}

static bool write_text_size(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.text_size > 0 && append_integer(out, scene->look.text_size);
}

static bool read_at(SceneDraft *draft, const char *text, Status *status) {
    long long at;
    if (!text_parse_integer(text, 0, INT64_C(1) << 53, &at))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a step, a whole number from 0", text);
    look_of(draft)->at = at;
    return true;
}

static bool write_at(const Scene *scene, int i, Text *out) {
    return i == 0 && scene->look.at >= 0 && append_integer(out, scene->look.at);
}

const SceneKey look_keys[] = {
    {"theme", NULL, "dark|light", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, theme_names, read_theme, write_theme,
        "colours (dark)"},
    {"view", NULL, "2d|3d|both", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, view_mode_names, read_view, write_view,
        "from above, in space, or side by side (2d)"},
    {"show", NULL, "PICTURE", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, network_picture_names, read_picture,
        write_picture,
        "of networks: boundary, images, network, layers, landscape, curvature or curves (the first that "
        "there is)"},
    {"plane", NULL, "PLANE", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, network_plane_names, read_plane,
        write_plane,
        "of a landscape: principal components of the ways, random directions, through three points, or a "
        "line (principal)"},
    {"orbit", NULL, "AZIMUTH,ELEVATION", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_orbit, write_orbit,
        "where 3d is seen from, in degrees"},
    {"think", NULL, "RACER", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_think, write_think,
        "works out the step of that racer, 1 being the first, on the picture and with its numbers"},
    {"cloud", NULL, "N", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_cloud, write_cloud,
        "where N other minibatches or other noise would lead each racer (0)"},
    {"basins", NULL, "RACER", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_basins, write_basins,
        "a map: every start has the colour of where that racer ends from it"},
    {"beside", NULL, "RACER", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_beside, write_beside,
        "of networks' images: the racer beside the chosen or first one (0: none); of a landscape: to whom "
        "its line leads (0: the first other one)"},
    {"lines", NULL, "WHAT", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, line_names, read_lines, write_lines,
        "between a network's neurons: weights or gradients (weights)"},
    {"compare", NULL, "RACER[,RACER]", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_compare,
        write_compare,
        "whose neurons are shown: one racer, or two side by side (the chosen one and another)"},
    {"sharpness", NULL, "HOW", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, sharpness_names, read_sharpness,
        write_sharpness,
        "of networks' curvature: scaled as each method does, of the loss, or as a share of its limit "
        "(scaled)"},
    {"box", NULL, "X0,X1,Y0,Y1", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_box, write_box,
        "the part of the plane that is shown; otherwise all of it"},
    {"text-size", NULL, "PERCENT", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_text_size, write_text_size,
        "how large everything is drawn (100)"},
    {"at", NULL, "STEP", SCENE_PART_LOOK, SCENE_KEY_COUNT, 0, NULL, read_at, write_at,
        "the step that is shown; render shows the last"},
};
const int look_key_count = sizeof look_keys / sizeof look_keys[0];
