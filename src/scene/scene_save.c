/* A scene as its file: the least YAML that says it, always in the same order and form. */
#include "scene_file.h"

#include "lesson.h"
#include "racer_text.h"
#include "scene_keys.h"

#include <ctype.h>
#include <string.h>

/* A flow map that would be wider stands on lines of its own. */
enum { WIDTH_MAX = 100, INDENT = 2 };

/* Whether a reader takes a text as it is; inside of braces fewer are. */
static bool is_plain(const char *text, bool in_braces) {
    const size_t length = strlen(text);
    if (length == 0 || strchr(" -?:,[]{}#&*!|>'\"%@`~=<", *text)) {
        /* A number may be negative. */
        if (*text != '-' || !isdigit((unsigned char)text[1])) return false;
    }
    if (text[length - 1] == ' ' || text[length - 1] == ':') return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f || (in_braces && strchr(",[]{}", *c)) ||
            (*c == ':' && c[1] == ' ') || (*c == ' ' && c[1] == '#'))
            return false;
    return strncmp(text, "...", 3) != 0;
}

/* Everything that YAML takes without a name for it, but the ends of lines that are not '\n'. */
static bool is_ordinary(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        const bool next_line = c[0] == 0xc2 && c[1] < 0xa0,
                   separator = c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9);
        const bool mark = c[0] == 0xef && (c[1] == 0xbb || c[1] == 0xbf);
        if ((*c < ' ' && *c != '\n') || *c == 0x7f || next_line || separator || mark) return false;
    }
    return true;
}

static void append_double_quoted(Text *out, const char *text) {
    text_append(out, "\"");
    for (const char *c = text; *c; c++) {
        char one[3] = {*c, '\0', '\0'};
        if (*c == '\n')
            text_append(out, "\\n");
        else if (*c == '"' || *c == '\\')
            text_append(out, "\\%c", *c);
        else if (((unsigned char)*c < ' ') || *c == 0x7f)
            text_append(out, "\\x%02x", (unsigned)(unsigned char)*c);
        else if ((unsigned char)c[0] == 0xc2 && (unsigned char)c[1] < 0xa0)
            text_append(out, "\\x%02x", (unsigned)(unsigned char)*++c);
        else if (strncmp(c, "\xe2\x80\xa8", 3) == 0 || strncmp(c, "\xe2\x80\xa9", 3) == 0)
            text_append(out, c[2] == '\xa8' ? "\\L" : "\\P"), c += 2;
        else if (strncmp(c, "\xef\xbf\xbe", 3) == 0 || strncmp(c, "\xef\xbf\xbf", 3) == 0)
            text_append(out, c[2] == '\xbe' ? "\\uFFFE" : "\\uFFFF"), c += 2;
        else if (strncmp(c, "\xef\xbb\xbf", 3) == 0)
            text_append(out, "\\uFEFF"), c += 2;
        else
            text_append(out, "%s", one);
    }
    text_append(out, "\"");
}

/* A text on one line. */
static void append_word(Text *out, const char *text, bool in_braces) {
    if (!is_ordinary(text) || strchr(text, '\n')) {
        append_double_quoted(out, text);
    } else if (is_plain(text, in_braces)) {
        text_append(out, "%s", text);
    } else {
        text_append(out, "'");
        for (const char *c = text; *c; c++) text_append(out, *c == '\'' ? "''" : "%c", *c);
        text_append(out, "'");
    }
}

static void append_indent(Text *out, int indent) {
    text_append(out, "%*s", indent, "");
}

/* The lines of a text that begins with none and ends with none, below what says them. */
static void append_block(Text *out, const char *text, int indent) {
    text_append(out, "|\n");
    while (*text) {
        const size_t line = strcspn(text, "\n");
        if (line > 0) append_indent(out, indent);
        text_append_bytes(out, text, line);
        text_append(out, "\n");
        text += line + (text[line] == '\n');
    }
}

/* ` text` behind a colon or a dash, and the end of the line. */
static void append_text(Text *out, const char *text, int indent) {
    Text trimmed = {0};
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n') length--;
    text_append_bytes(&trimmed, text, length);
    text = text_string(&trimmed);
    text_append(out, " ");
    const bool long_one = strchr(text, '\n') || length > WIDTH_MAX;
    if (long_one && is_ordinary(text) && !isspace((unsigned char)*text)) {
        append_block(out, text, indent);
    } else {
        append_word(out, text, false);
        text_append(out, "\n");
    }
    text_finish(&trimmed);
}

/* A list or the settings of a name from their text: "50:lr=1:eps=2" as {50: {lr: 1, eps: 2}} without the
 * outer braces. */
static void append_named(Text *out, const char *text) {
    const char *colon = strchr(text, ':');
    const int length = colon ? (int)(colon - text) : (int)strlen(text);
    text_append(out, "%.*s: {", length, text);
    while (colon) {
        const char *equals = strchr(colon, '='), *end = strchr(equals, ':');
        text_append(out, "%.*s: %.*s%s", (int)(equals - colon - 1), colon + 1,
            end ? (int)(end - equals - 1) : (int)strlen(equals + 1), equals + 1, end ? ", " : "");
        colon = end;
    }
    text_append(out, "}");
}

/* The keys of a racer, in braces or a line each. */
typedef struct Pairs {
    Text *out;
    int indent; /* of each line; -1: in braces */
    int n;
    bool changes; /* the last one was a change, whose braces are still open */
} Pairs;

static void end_changes(Pairs *pairs) {
    if (pairs->changes) text_append(pairs->out, pairs->indent < 0 ? "}" : "}\n");
    pairs->changes = false;
}

static void append_pair(void *context, const char *key, const char *value) {
    Pairs *pairs = context;
    const bool change = strcmp(key, "change") == 0;
    if (change && pairs->changes) {
        text_append(pairs->out, ", ");
        append_named(pairs->out, value);
        return;
    }
    end_changes(pairs);
    if (pairs->indent >= 0)
        append_indent(pairs->out, pairs->indent);
    else if (pairs->n > 0)
        text_append(pairs->out, ", ");
    pairs->n++;
    append_word(pairs->out, key, pairs->indent < 0);
    text_append(pairs->out, ": ");
    pairs->changes = change;
    if (change) {
        text_append(pairs->out, "{");
        append_named(pairs->out, value);
        return;
    }
    append_word(pairs->out, value, pairs->indent < 0);
    if (pairs->indent >= 0) text_append(pairs->out, "\n");
}

/* A script without what its end and its lines do not need. */
static void append_script(Text *out, const char *script, int indent) {
    Text text = {0};
    const char *first = script + strspn(script, " \n\t");
    if (*first == ';') first += 1 + strspn(first + 1, " \n\t"); /* an empty statement */
    size_t length = strlen(first);
    while (length > 0 && isspace((unsigned char)first[length - 1])) length--;
    text_append_bytes(&text, first, length);
    append_indent(out, indent);
    text_append(out, "script:");
    append_text(out, text_string(&text), indent + INDENT);
    text_finish(&text);
}

static void append_racer(Text *out, const RacerSpec *racer, const OwnOptimizer *own) {
    Text line = {0};
    Pairs pairs = {.out = &line, .indent = -1};
    text_append(out, "  - ");
    append_word(out, racer->optimizer->name, false);
    racer_pairs(racer, append_pair, &pairs);
    end_changes(&pairs);
    if (!own && pairs.n == 0) {
        text_append(out, "\n");
    } else if (!own && line.length < WIDTH_MAX - 20) {
        text_append(out, ": {%s}\n", text_string(&line));
    } else {
        pairs = (Pairs){.out = out, .indent = 6};
        text_append(out, ":\n");
        if (own) append_script(out, own_optimizer_text(own), pairs.indent);
        racer_pairs(racer, append_pair, &pairs);
        end_changes(&pairs);
    }
    text_finish(&line);
}

static void append_racers(Text *out, const Scene *scene) {
    text_append(out, "racers:\n");
    for (int i = 0; i < scene->n_racers; i++) append_racer(out, &scene->racers[i], scene->own[i]);
}

/* {name: value, ...} of every NAME=VALUE that a key says. */
static void append_settings(Text *out, const SceneKey *key, const Scene *scene) {
    Text text = {0};
    int i = 0;
    for (; text_clear(&text), key->write(scene, i, &text); i++) {
        char *equals = strchr(text.bytes, '=');
        *equals = '\0';
        text_append(out, i ? ", " : "%s: {", key->name);
        append_word(out, text.bytes, true);
        text_append(out, ": %s", equals + 1);
        *equals = '=';
    }
    if (i > 0) text_append(out, "}\n");
    text_finish(&text);
}

static void append_list(Text *out, const char *text) {
    text_append(out, " [");
    for (; *text; text++) text_append(out, *text == ',' ? ", " : "%c", *text);
    text_append(out, "]\n");
}

static void append_key(Text *out, const SceneKey *key, const Scene *scene) {
    Text text = {0};
    if (key->write(scene, 0, &text)) {
        text_append(out, "%s:", key->name);
        if (key->kind == SCENE_KEY_LIST && key->joint == ',')
            append_list(out, text_string(&text));
        else
            append_text(out, text_string(&text), INDENT);
    }
    text_finish(&text);
}

/* Lessons. */

static void append_entry(Text *out, int indent, const char *name, const char *text) {
    if (!text) return;
    append_indent(out, indent);
    text_append(out, "%s:", name);
    append_text(out, text, indent + INDENT);
}

/* The NAME=VALUE of changes [from, to) as a map. */
static void append_changed_settings(Text *out, const SceneChange *changes, int n) {
    text_append(out, "%s: {", changes[0].key->name);
    for (int i = 0; i < n; i++) {
        const char *equals = strchr(changes[i].text, '=');
        text_append(
            out, "%s%.*s: %s", i ? ", " : "", (int)(equals - changes[i].text), changes[i].text, equals + 1);
    }
    text_append(out, "}\n");
}

static void append_changes(Text *out, const LessonStep *step, int indent) {
    if (step->n_changes == 0) return;
    append_indent(out, indent);
    text_append(out, "change:\n");
    indent += INDENT;
    for (int i = 0, n; i < step->n_changes; i += n) {
        const SceneChange *change = &step->changes[i];
        for (n = 1; i + n < step->n_changes && change[n].key == change->key;) n++;
        if (change->key->kind == SCENE_KEY_SETTINGS) {
            append_indent(out, indent);
            append_changed_settings(out, change, n);
        } else if (change->key->kind == SCENE_KEY_RACERS) {
            append_indent(out, indent);
            text_append(out, "%s:\n", change->key->name);
            for (int k = 0; k < n; k++) {
                append_indent(out, indent);
                text_append(out, "  -");
                append_text(out, change[k].text, indent + 2 * INDENT);
            }
        } else {
            append_entry(out, indent, change->key->name, change->text);
        }
    }
}

static void append_step(Text *out, const LessonStep *step) {
    enum { BELOW = 6 };
    Text text = {0};
    append_entry(&text, BELOW, "name", step->name);
    append_entry(&text, BELOW, "say", step->say);
    append_entry(&text, BELOW, "point", step->point);
    append_changes(&text, step, BELOW);
    if (text.length == 0)
        text_append(out, "    - {}\n");
    else
        text_append(out, "    - %s", text.bytes + BELOW);
    text_finish(&text);
}

static void append_lesson(Text *out, const Lesson *lesson) {
    text_append(out, "lesson:\n");
    if (lesson->number > 0) text_append(out, "  number: %d\n", lesson->number);
    append_entry(out, INDENT, "topic", lesson->topic);
    append_entry(out, INDENT, "question", lesson->question);
    if (lesson->n_steps > 0) text_append(out, "  steps:\n");
    for (int i = 0; i < lesson->n_steps; i++) append_step(out, &lesson->steps[i]);
    append_entry(out, INDENT, "explanation", lesson->explanation);
    append_entry(out, INDENT, "reference", lesson->reference);
    text_append(out, "  seeds: %d\n", lesson->seeds);
    if (lesson->n_expectations > 0) text_append(out, "  expect:\n");
    for (int i = 0; i < lesson->n_expectations; i++) {
        text_append(out, "    -");
        append_text(out, lesson->expectations[i].text, 3 * INDENT);
    }
}

void scene_write_file(const Scene *scene, Text *out) {
    text_append(out, "slalom: %d\n", SCENE_FILE_VERSION);
    for (int i = 0; i < scene_key_count(); i++) {
        const SceneKey *key = scene_key(i);
        if (!key->write) continue;
        if (key->kind == SCENE_KEY_RACERS)
            append_racers(out, scene);
        else if (key->kind == SCENE_KEY_SETTINGS)
            append_settings(out, key, scene);
        else
            append_key(out, key, scene);
    }
    if (scene->lesson) append_lesson(out, scene->lesson);
}
