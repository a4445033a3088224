/* Reading key frames, and the shots between them. */
#include "camera_moves.h"

#include "names.h"
#include "orbit.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const CameraMove camera_moves[] = {
    {"orbit", "0: 3d; 100%: turn=360 steadily", "once round the surface in space"},
    {"zoom", "0; 25%; 100%: leader zoom=6", "closer and closer to where the leader ends"},
    {"rise", "0: 2d; 20%; 50%: 3d; 100%: turn=60", "from above into space"},
};
const int camera_move_count = (int)(sizeof camera_moves / sizeof *camera_moves);

static const double ZOOM_MIN = 0.1, ZOOM_MAX = 1e6;

/* What a word of a key frame does: value is what follows its equals sign, NULL where it takes none. */
typedef struct Word {
    const char *name;
    const char *value; /* what must follow the equals sign; NULL: nothing may */
    bool (*read)(CameraKey *key, const char *value);
} Word;

static bool read_flat(CameraKey *key, const char *value) {
    (void)value;
    key->shot.rise = 0;
    return true;
}

static bool read_space(CameraKey *key, const char *value) {
    (void)value;
    key->shot.rise = 1;
    return true;
}

static bool read_orbit(CameraKey *key, const char *value) {
    double angles[2];
    if (!text_parse_numbers(value, angles, 2)) return false;
    key->shot.azimuth = angles[0];
    key->shot.elevation = angles[1];
    return angles[1] * ORBIT_DEGREE >= ORBIT_ELEVATION_MIN && angles[1] * ORBIT_DEGREE <= ORBIT_ELEVATION_MAX;
}

static bool read_turn(CameraKey *key, const char *value) {
    double degrees;
    if (!text_parse_number(value, &degrees)) return false;
    key->shot.azimuth += degrees;
    return true;
}

static bool read_zoom(CameraKey *key, const char *value) {
    return text_parse_number(value, &key->shot.zoom) && key->shot.zoom >= ZOOM_MIN &&
           key->shot.zoom <= ZOOM_MAX;
}

static bool read_at(CameraKey *key, const char *value) {
    double point[2];
    if (!text_parse_numbers(value, point, 2)) return false;
    key->shot.x = point[0];
    key->shot.y = point[1];
    key->leader = false;
    return true;
}

static bool read_leader(CameraKey *key, const char *value) {
    (void)value;
    key->leader = true;
    return true;
}

static bool read_steadily(CameraKey *key, const char *value) {
    (void)value;
    key->steadily = true;
    return true;
}

static const Word words[] = {
    {"2d", NULL, read_flat},
    {"3d", NULL, read_space},
    {"orbit", "AZIMUTH,ELEVATION in degrees, the elevation from 8 to 85", read_orbit},
    {"turn", "degrees", read_turn},
    {"zoom", "a factor from 0.1 to 1e6", read_zoom},
    {"at", "X,Y", read_at},
    {"leader", NULL, read_leader},
    {"steadily", NULL, read_steadily},
};
enum { WORDS = sizeof words / sizeof *words };

static bool read_word(CameraKey *key, char *text, Status *status) {
    char *equals = strchr(text, '=');
    if (equals) *equals = '\0';
    for (int i = 0; i < WORDS; i++) {
        const Word *word = &words[i];
        if (strcmp(text, word->name) != 0) continue;
        if (!word->value && equals) return status_fail(status, STATUS_BAD_INPUT, "%s takes no value", text);
        if (word->value && (!equals || !word->read(key, equals + 1)))
            return status_fail(status, STATUS_BAD_INPUT, "%s= needs %s", text, word->value);
        return word->value || word->read(key, NULL);
    }
    return names_fail(status, "a key frame has no word", text, "There are", NAMES_OF(words, WORDS), NULL);
}

/* A share of the film, from seconds or percent. */
static bool read_time(char *text, double seconds, double *time) {
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == ':') text[--length] = '\0';
    const bool percent = length > 0 && text[length - 1] == '%';
    if (percent) text[length - 1] = '\0';
    if (!text_parse_number(text, time)) return false;
    *time /= percent ? 100 : seconds;
    return *time >= 0 && *time <= 1;
}

/* `text` is cut into its words. */
static bool read_key(CameraKey *key, char *text, double seconds, Status *status) {
    static const char blanks[] = " \t\n";
    char *rest = NULL, *word = strtok_r(text, blanks, &rest);
    double before = key->time;
    if (!word || !read_time(word, seconds, &key->time) || key->time < before)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a time within the film, in seconds or percent, after the one before",
            word ? word : "");
    key->steadily = false;
    while ((word = strtok_r(NULL, blanks, &rest)))
        if (!read_word(key, word, status)) return false;
    return true;
}

static const char *keys_of(const char *text) {
    for (int i = 0; i < camera_move_count; i++)
        if (strcmp(text, camera_moves[i].name) == 0) return camera_moves[i].keys;
    return text;
}

bool camera_path_read(CameraPath *path, const char *text, double seconds, const Shot *first, Status *status) {
    char copy[1024];
    const char *keys = keys_of(text);
    if (strcspn(keys, "0123456789") == strlen(keys))
        return names_fail(status, "there is no camera move", text, "There are",
            NAMES_OF(camera_moves, camera_move_count), ", or key frames such as '0: 2d; 50%: 3d'");
    if (strlen(keys) >= sizeof copy)
        return status_fail(
            status, STATUS_BAD_INPUT, "these are more key frames than fit into %zu bytes", sizeof copy);
    memcpy(copy, keys, strlen(keys) + 1);
    CameraKey key = {.time = 0, .shot = *first};
    path->n = 0;
    char *rest = copy;
    while (rest) {
        char *next = strchr(rest, ';');
        if (next) *next++ = '\0';
        if (path->n == CAMERA_KEYS_MAX)
            return status_fail(status, STATUS_BAD_INPUT, "there can be %d key frames", CAMERA_KEYS_MAX);
        if (!next && path->n > 0 && strspn(rest, " \t\n") == strlen(rest)) break; /* a semicolon at the end */
        if (!read_key(&key, rest, seconds, status)) return false;
        path->keys[path->n++] = key;
        rest = next;
    }
    return true;
}

static double mix(double from, double to, double share) {
    return from + (to - from) * share;
}

Shot camera_path_at(const CameraPath *path, double time) {
    int next = 0;
    while (next < path->n && path->keys[next].time <= time) next++;
    if (next == 0) return path->keys[0].shot;
    if (next == path->n) return path->keys[path->n - 1].shot;
    const CameraKey *a = &path->keys[next - 1], *b = &path->keys[next];
    double share = (time - a->time) / (b->time - a->time);
    /* Rising has a soft beginning and end of its own. */
    const double rise = mix(a->shot.rise, b->shot.rise, share);
    if (!b->steadily) share = share * share * (3 - 2 * share);
    const double zoom = a->shot.zoom * pow(b->shot.zoom / a->shot.zoom, share);
    /* What is zoomed to nears the middle as the lengths of the picture grow. */
    const double way = a->shot.zoom == b->shot.zoom
                           ? share
                           : (1 / a->shot.zoom - 1 / zoom) / (1 / a->shot.zoom - 1 / b->shot.zoom);
    return (Shot){
        .rise = rise,
        .azimuth = mix(a->shot.azimuth, b->shot.azimuth, share),
        .elevation = mix(a->shot.elevation, b->shot.elevation, share),
        .zoom = zoom,
        .x = mix(a->shot.x, b->shot.x, way),
        .y = mix(a->shot.y, b->shot.y, way),
    };
}
