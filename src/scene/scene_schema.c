/* The schema: keys from scene_keys.h, racers from the tables of optimizers and devices. Numbers may also be
 * texts, since YAML 1.1 takes 1e-3 for one. */
#include "scene_schema.h"

#include "devices.h"
#include "lesson.h"
#include "optimizer.h"
#include "racer_text.h"
#include "scene_file.h"
#include "scene_keys.h"

/* Types that are said once and referred to. */
static const char number[] = "{\"$ref\": \"#/$defs/number\"}";
static const char count[] = "{\"$ref\": \"#/$defs/count\"}";
static const char word[] = "{\"type\": [\"string\", \"number\", \"boolean\"]}";
static const char text[] = "{\"type\": \"string\"}";

static void append_name(Text *out, const char *name) {
    text_append_json(out, name);
    text_append(out, ": ");
}

/* {"enum": [...]} of names. */
static void append_enum(Text *out, Names names) {
    text_append(out, "{\"enum\": [");
    for (size_t i = 0; i < names.n; i++) {
        if (i > 0) text_append(out, ", ");
        text_append_json(out, *(const char *const *)((const char *)names.first + i * names.stride));
    }
    text_append(out, "]}");
}

static Names names_of_choices(const char *const *choices) {
    size_t n = 0;
    while (choices[n]) n++;
    return NAMES_OF(choices, n);
}

/* The forms that a kind has, with commas between. */
static void append_kind(Text *out, const SceneKey *key) {
    switch (key->kind) {
    case SCENE_KEY_TEXT:
        text_append(out, "%s", word);
        if (key->joint) text_append(out, ", {\"type\": \"array\", \"items\": %s}", word);
        break;
    case SCENE_KEY_NUMBER:
        text_append(out, "{\"$ref\": \"#/$defs/number\", \"minimum\": 0}");
        break;
    case SCENE_KEY_COUNT: text_append(out, "%s", count); break;
    case SCENE_KEY_LIST:
        text_append(out, "{\"type\": \"array\", \"items\": %s, \"minItems\": 1}, %s", number, text);
        break;
    case SCENE_KEY_CHOICE: append_enum(out, names_of_choices(key->choices)); break;
    case SCENE_KEY_NAMED:
        text_append(out,
            "%s, {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, "
            "\"additionalProperties\": "
            "{\"type\": [\"object\", \"string\"], \"additionalProperties\": %s}}",
            text, word);
        break;
    case SCENE_KEY_PAIRS:
        text_append(out, "%s, {\"type\": \"object\", \"additionalProperties\": %s}", text, word);
        break;
    case SCENE_KEY_SETTINGS:
        text_append(out,
            "{\"type\": \"object\", \"additionalProperties\": %s}, {\"type\": \"array\", \"items\": %s}",
            number, text);
        break;
    case SCENE_KEY_RACERS:
        text_append(out, "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/racer\"}}");
        break;
    }
}

static void append_key(Text *out, const SceneKey *key) {
    append_name(out, key->name);
    text_append(out, "{\"description\": ");
    text_append_json(out, key->help);
    text_append(out, ", \"anyOf\": [");
    if (key->names) {
        append_enum(out, key->names());
        text_append(out, ", ");
    }
    append_kind(out, key);
    text_append(out, "]}");
}

static void append_keys(Text *out) {
    for (int i = 0; i < scene_key_count(); i++) {
        text_append(out, i ? ",\n    " : "\n    ");
        append_key(out, scene_key(i));
    }
}

/* Hyperparameters or devices. */
static void append_parameter(Text *out, const OptimizerParameter *parameter) {
    static const char *const forms[] = {
        [DOMAIN_POSITIVE] = ", \"exclusiveMinimum\": 0",
        [DOMAIN_NOT_NEGATIVE] = ", \"minimum\": 0",
        [DOMAIN_DECAY] = ", \"minimum\": 0, \"exclusiveMaximum\": 1",
        [DOMAIN_SWITCH] = ", \"enum\": [0, 1, \"0\", \"1\", true, false]",
        [DOMAIN_ANY] = "",
        [DOMAIN_COUNT] = ", \"minimum\": 1",
    };
    char value[32];
    text_format_number(value, sizeof value, parameter->value);
    append_name(out, parameter->name);
    text_append(out, "{\"$ref\": \"#/$defs/number\"%s, \"default\": %s}", forms[parameter->domain], value);
}

/* What every racer may be told. */
static void append_common(Text *out) {
    const char *name;
    for (int i = 0; (name = racer_key_name(i)); i++) {
        if (i > 0) text_append(out, ", ");
        append_name(out, name);
        text_append(out, "true");
    }
    for (int i = 0; i < DEVICE_COUNT; i++) {
        text_append(out, ", ");
        append_parameter(out, &device_table[i]);
    }
}

static void append_optimizer(Text *out, const Optimizer *optimizer) {
    append_name(out, optimizer->name);
    text_append(out, "{\"description\": ");
    text_append_json(out, optimizer->title);
    text_append(
        out, ", \"type\": [\"object\", \"string\"], \"additionalProperties\": false, \"properties\": {");
    append_common(out);
    for (int i = 0; i < optimizer_parameter_count(optimizer); i++) {
        if (device_find(optimizer->parameters[i].name) >= 0) continue;
        text_append(out, ", ");
        append_parameter(out, &optimizer->parameters[i]);
    }
    text_append(out, "}}");
}

/* A name, a command line's text, a shipped one with its settings, or an own one with its script. */
static void append_racer(Text *out) {
    text_append(out, "\"racer\": {\"anyOf\": [");
    append_enum(out, NAMES_OF(optimizer_table, optimizer_count));
    text_append(out,
        ", {\"type\": \"string\", \"pattern\": \":\"}, {\"type\": \"object\", \"minProperties\": 1, "
        "\"maxProperties\": 1,\n    \"properties\": {");
    for (int i = 0; i < optimizer_count; i++) {
        text_append(out, i ? ",\n      " : "\n      ");
        append_optimizer(out, &optimizer_table[i]);
    }
    text_append(out,
        "},\n    \"additionalProperties\": {\"type\": [\"object\", \"string\"], \"required\": "
        "[\"script\"], \"properties\": {\"script\": %s}}}]}",
        text);
}

static void append_lesson(Text *out) {
    text_append(out,
        "\"lesson\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\n"
        "    \"number\": %s, \"topic\": %s, \"question\": %s, \"explanation\": %s, \"reference\": %s, "
        "\"seeds\": %s,\n"
        "    \"steps\": {\"type\": \"array\", \"maxItems\": %d, \"items\": {\"type\": \"object\",\n"
        "      \"additionalProperties\": false, \"properties\": {\"name\": %s, \"say\": %s, \"point\": %s,\n"
        "      \"change\": {\"$ref\": \"#/$defs/change\"}}}},\n"
        "    \"expect\": {\"type\": \"array\", \"maxItems\": %d, \"items\": %s}}}",
        count, text, text, text, text, count, LESSON_STEPS_MAX, text, text, text, LESSON_EXPECTATIONS_MAX,
        text);
}

void scene_schema(Text *out) {
    text_append(out,
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
        "  \"title\": \"A scene of slalom\",\n  \"type\": \"object\",\n  \"additionalProperties\": false,\n"
        "  \"properties\": {\n    \"slalom\": {\"description\": \"the version of the format\", \"const\": "
        "%d},\n"
        "    \"lesson\": {\"$ref\": \"#/$defs/lesson\"},",
        SCENE_FILE_VERSION);
    append_keys(out);
    text_append(out,
        "\n  },\n  \"$defs\": {\n"
        "  \"number\": {\"anyOf\": [{\"type\": \"number\"}, {\"type\": \"string\", \"pattern\": "
        "\"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$\"}, {\"type\": \"boolean\"}]},\n"
        "  \"count\": {\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"type\": \"string\", "
        "\"pattern\": \"^[0-9.]+([eE][+]?[0-9]+)?$\"}]},\n  ");
    append_racer(out);
    text_append(
        out, ",\n  \"change\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
    append_keys(out);
    text_append(out, "}},\n  ");
    append_lesson(out);
    text_append(out, "\n  }\n}\n");
}
