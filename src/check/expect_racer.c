/* The half of the parser that reads who is meant and what is measured: [STEP.]RACER.quantity(at), and the
 * phrases that a racer has. A phrase becomes the expression that it stands for. */
#include "expect_parser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double near_usual = 0.01;

/* Who. */

static bool is_name(const ExpectParser *parser, int ahead) {
    for (int i = 0; i < ahead; i++)
        if (parser->tokens[parser->at + i].kind == TOKEN_END) return false;
    int kind = parser->tokens[parser->at + ahead].kind;
    return kind == TOKEN_NAME || kind == EXPECT_TOKEN_QUOTED;
}

static bool spells(const ExpectParser *parser, const Token *token, const char *name) {
    return strlen(name) == token->length &&
           memcmp(parser->source.text + token->offset, name, token->length) == 0;
}

/* The scene after the step of this name; EXPECT_NONE where there is none. */
static int find_act(const ExpectParser *parser, const Token *token) {
    for (int i = 0; i < parser->n_acts; i++)
        if (spells(parser, token, parser->acts[i].name)) return i;
    return EXPECT_NONE;
}

/* How many racers of a scene are called so, by their label or else by their optimizer; and the first. */
static int count_racers(const ExpectParser *parser, int act, const Token *token, int *racer) {
    const Scene *scene = parser->acts[act].scene;
    int n = 0;
    for (int by_optimizer = 0; by_optimizer < 2 && n == 0; by_optimizer++)
        for (int i = scene->n_racers - 1; i >= 0; i--) {
            const RacerSpec *spec = &scene->racers[i];
            if (!spells(parser, token, by_optimizer ? spec->optimizer->name : spec->label)) continue;
            *racer = i;
            n++;
        }
    return n;
}

static bool fail_racer(ExpectParser *parser, int act, const Token *token) {
    const Scene *scene = parser->acts[act].scene;
    const char *names[RACE_RACERS_MAX + 64];
    int n = 0;
    for (int i = 0; i < scene->n_racers; i++) names[n++] = scene->racers[i].label;
    for (int i = 1; act == 0 && i < parser->n_acts && i <= 64; i++)
        if (*parser->acts[i].name) names[n++] = parser->acts[i].name;
    char name[64], problem[96];
    expect_token_text(parser, token, name, sizeof name);
    snprintf(problem, sizeof problem, "%s%.40s%s", act == 0 ? "there is no racer" : "after the step ",
        parser->acts[act].name, act == 0 ? "" : " there is no racer");
    Status message = status_ok();
    names_fail(&message, problem, name, "There are", NAMES_OF(names, n), NULL);
    expect_fail_names(parser, token, &message);
    return false;
}

static bool parse_who(ExpectParser *parser, int *act, int *racer) {
    const Token *token = expect_peek(parser);
    *act = 0;
    bool dotted = parser->tokens[parser->at + 1].kind == '.' && is_name(parser, 2);
    int step = find_act(parser, token), ignored;
    bool is_step = step != EXPECT_NONE && dotted &&
                   (count_racers(parser, step, &parser->tokens[parser->at + 2], &ignored) > 0 ||
                       count_racers(parser, 0, token, &ignored) == 0);
    if (is_step) {
        *act = step;
        parser->at += 2;
        token = expect_peek(parser);
    }
    int n = count_racers(parser, *act, token, racer);
    if (n == 0) return fail_racer(parser, *act, token);
    if (n > 1) {
        expect_fail(parser, "more than one racer is called so: give them labels");
        return false;
    }
    parser->at++;
    return expect_want(parser, '.', "a point and what is measured of the racer are wanted here");
}

/* When. */

static double planned_steps(const Scene *scene) {
    if (subject_of(scene) != SUBJECT_NETWORK) return (double)scene->steps;
    return scene->network.steps > 0 ? (double)scene->network.steps : INFINITY; /* known when it is opened */
}

/* Whether a step that is written as a number can be. */
static bool check_step(ExpectParser *parser, int node, int act) {
    const ExpectNode *step = expect_node(parser, node);
    if (step->kind != EXPECT_NUMBER) return true;
    const double planned = planned_steps(parser->acts[act].scene);
    if (step->number == floor(step->number) && step->number <= planned) return true;
    Status problem = status_ok();
    if (step->number > planned)
        status_fail(&problem, STATUS_BAD_INPUT, "the race has %g steps and no more", planned);
    else
        status_fail(&problem, STATUS_BAD_INPUT, "a step is a whole number");
    const Token token = {.offset = step->offset};
    expect_fail_names(parser, &token, &problem);
    return false;
}

int expect_step(ExpectParser *parser, int act, int racer) {
    const size_t begin = expect_begin(parser);
    static const struct Word {
        const char *name;
        ExpectKind kind;
    } words[] = {{"end", EXPECT_END}, {"best", EXPECT_BEST}};
    for (int i = 0; i < 2; i++) {
        if (!expect_word_at(parser, 0, words[i].name) || parser->tokens[parser->at + 1].kind == '.') continue;
        parser->at++;
        return expect_add(parser,
            (ExpectNode){.kind = words[i].kind, .a = EXPECT_NO_OPERANDS, .act = act, .racer = racer}, begin);
    }
    if (expect_word_at(parser, 0, "epoch") && parser->tokens[parser->at + 1].kind != '.') {
        if (subject_of(parser->acts[act].scene) != SUBJECT_NETWORK)
            return expect_fail(parser, "only the training of a network has epochs");
        parser->at++;
        int epoch = expect_number(parser);
        if (epoch == EXPECT_NONE) return EXPECT_NONE;
        ExpectNode node = {
            .kind = EXPECT_EPOCH, .a = {epoch, EXPECT_NONE, EXPECT_NONE}, .act = act, .racer = racer};
        return expect_add(parser, node, begin);
    }
    int node = expect_number(parser);
    return node != EXPECT_NONE && check_step(parser, node, act) ? node : EXPECT_NONE;
}

/* What. */

static bool is_same(const Measure *a, const Measure *b) {
    return a->act == b->act && a->racer == b->racer && a->layer == b->layer &&
           quantity_is_same(&a->quantity, &b->quantity) && isnan(a->argument) == isnan(b->argument) &&
           (isnan(a->argument) || a->argument == b->argument) && isnan(a->only) == isnan(b->only) &&
           (isnan(a->only) || a->only == b->only);
}

/* Its place in the list, where it is put if it is not there. */
static int place_measure(ExpectParser *parser, const Measure *measure) {
    MeasureList *list = parser->measures;
    for (int i = 0; i < list->n; i++)
        if (is_same(&list->items[i], measure)) return i;
    if (list->n == list->room) {
        int room = list->room ? 2 * list->room : 16;
        Measure *items = realloc(list->items, (size_t)room * sizeof *items);
        if (!items) {
            status_fail(parser->status, STATUS_FAILED, "out of memory");
            return EXPECT_NONE;
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->n] = *measure;
    return list->n++;
}

static bool read_quantity(
    ExpectParser *parser, const Token *token, const char *name, bool of_layer, Measure *measure) {
    Status problem = status_ok();
    Subject subject = subject_of(parser->acts[measure->act].scene);
    if (quantity_read(&measure->quantity, name, subject, of_layer, &problem)) return true;
    expect_fail_names(parser, token, &problem);
    return false;
}

static int add_placed(ExpectParser *parser, const Measure *measure, int at, size_t begin) {
    int place = place_measure(parser, measure);
    if (place == EXPECT_NONE) return EXPECT_NONE;
    ExpectNode node = {.kind = EXPECT_MEASURE,
        .a = {at, EXPECT_NONE, EXPECT_NONE},
        .measure = place,
        .act = measure->act,
        .racer = measure->racer};
    return expect_add(parser, node, begin);
}

/* What a phrase is made of; at: a step, or EXPECT_NONE for that of the expression around. */
static int add_measure(
    ExpectParser *parser, const Token *token, const char *name, Measure measure, int at, size_t begin) {
    if (!read_quantity(parser, token, name, false, &measure)) return EXPECT_NONE;
    return add_placed(parser, &measure, at, begin);
}

static int add_number(ExpectParser *parser, double number, size_t begin) {
    ExpectNode node = {.kind = EXPECT_NUMBER, .a = EXPECT_NO_OPERANDS, .number = number};
    return expect_add(parser, node, begin);
}

static int add_at_most(ExpectParser *parser, int a, int b, bool whole_phrase, size_t begin) {
    if (a == EXPECT_NONE || b == EXPECT_NONE) return EXPECT_NONE;
    ExpectNode node = {.kind = EXPECT_COMPARE,
        .is_truth = true,
        .whole_phrase = whole_phrase,
        .a = {a, b, EXPECT_NONE},
        .operation = TOKEN_LESS_EQUAL};
    return expect_add(parser, node, begin);
}

/* Phrases. */

/* (x, y): how far from there. */
static int parse_point(ExpectParser *parser, Measure measure, int at, size_t begin) {
    static const char *const axes[] = {"x", "y"};
    const Token *token = expect_peek(parser);
    ExpectNode distance = {.kind = EXPECT_FUNCTION, .a = EXPECT_NO_OPERANDS};
    parser->at++;
    for (int i = 0; i < 2; i++) {
        if (i == 1 && !expect_want(parser, ',', "a comma and the point's y are wanted here"))
            return EXPECT_NONE;
        int wanted = expect_number(parser);
        if (wanted == EXPECT_NONE) return EXPECT_NONE;
        int is = add_measure(parser, token, axes[i], measure, at, begin);
        if (is == EXPECT_NONE) return EXPECT_NONE;
        distance.a[i] = expect_add_of(parser, EXPECT_SUBTRACT, is, wanted, begin);
        if (distance.a[i] == EXPECT_NONE) return EXPECT_NONE;
    }
    if (!expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    while (strcmp(expect_functions[distance.operation].name, "hypot") != 0) distance.operation++;
    return expect_add(parser, distance, begin);
}

/* .end near saddle within 0.1, behind the step. */
static int parse_near(ExpectParser *parser, const Measure *measure, int at, size_t begin) {
    static const char *const kinds[] = {"minimum", "saddle", "maximum"};
    if (!expect_word_at(parser, 0, "near"))
        return expect_fail(parser, "'near' is wanted here, and a minimum, saddle, maximum or (x, y)");
    parser->at++;
    const Token *token = expect_peek(parser);
    int distance = EXPECT_NONE;
    if (expect_is(parser, '('))
        distance = parse_point(parser, *measure, at, begin);
    else {
        int kind = 0;
        while (kind < 3 && !expect_word_at(parser, 0, kinds[kind])) kind++;
        if (kind == 3)
            return expect_fail(parser, "one of minimum, saddle, maximum and (x, y) is wanted here");
        char name[32];
        snprintf(name, sizeof name, "%s_distance", kinds[kind]);
        parser->at++;
        distance = add_measure(parser, token, name, *measure, at, begin);
    }
    if (distance == EXPECT_NONE) return EXPECT_NONE;
    const size_t here = expect_begin(parser);
    int radius;
    if (expect_word_at(parser, 0, "within")) {
        parser->at++;
        radius = expect_number(parser);
    } else
        radius = add_number(parser, near_usual, here);
    return add_at_most(parser, distance, radius, true, begin);
}

/* steps_to(loss) and its like: what there is of it when the loss is first so low. */
static int parse_arrival(ExpectParser *parser, const Measure *measure, const char *counted, size_t begin) {
    const Token *token = expect_peek(parser);
    const bool trains = subject_of(parser->acts[measure->act].scene) == SUBJECT_NETWORK;
    parser->at++;
    if (!expect_want(parser, '(', "the loss to arrive at is wanted here, in parentheses")) return EXPECT_NONE;
    int target = expect_number(parser);
    if (target == EXPECT_NONE) return EXPECT_NONE;
    if (!expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    int loss = add_measure(parser, token, trains ? "train_loss" : "loss", *measure, EXPECT_NONE, begin);
    int claim = add_at_most(parser, loss, target, false, begin);
    if (claim == EXPECT_NONE) return EXPECT_NONE;
    ExpectNode first = {.kind = EXPECT_FOLD,
        .a = {claim, EXPECT_NONE, EXPECT_NONE},
        .act = measure->act,
        .racer = measure->racer};
    while (strcmp(expect_folds[first.operation].name, "first") != 0) first.operation++;
    int step = expect_add(parser, first, begin);
    if (step == EXPECT_NONE || !counted) return step;
    int node = add_measure(parser, token, counted, *measure, step, begin);
    if (node != EXPECT_NONE) expect_node(parser, node)->or_never = true;
    return node;
}

/* A number that stands alone, or `end`: all that a costly quantity can be asked for. */
static bool read_only_step(ExpectParser *parser, Measure *measure) {
    const size_t begin = expect_begin(parser);
    if (expect_word_at(parser, 0, "end")) {
        measure->only = INFINITY;
        parser->at++;
        return true;
    }
    if (!expect_is(parser, TOKEN_NUMBER)) {
        expect_fail(parser, "this is measured at one step only: a number or 'end' is wanted here");
        return false;
    }
    measure->only = expect_peek(parser)->number;
    parser->at++;
    int node = add_number(parser, measure->only, begin);
    return node != EXPECT_NONE && check_step(parser, node, measure->act);
}

static bool read_argument(ExpectParser *parser, Measure *measure) {
    const char *argument = measure->quantity.lesson ? measure->quantity.lesson->argument : NULL;
    if (!argument) return true;
    if (!expect_want(parser, ',', "a comma and what else the quantity needs are wanted here")) return false;
    const double sign = expect_is(parser, '-') ? -1 : 1;
    parser->at += sign < 0;
    if (!expect_is(parser, TOKEN_NUMBER)) {
        expect_fail(parser, "a number is wanted here");
        return false;
    }
    measure->argument = sign * expect_peek(parser)->number;
    parser->at++;
    return true;
}

/* quantity(at), from the quantity's name on. */
static int parse_quantity(ExpectParser *parser, Measure measure, bool of_layer, size_t begin) {
    char name[48];
    const Token *token = expect_peek(parser);
    expect_token_text(parser, token, name, sizeof name);
    if (token->kind != TOKEN_NAME) return expect_fail(parser, "what is measured is wanted here");
    if (!read_quantity(parser, token, name, of_layer, &measure)) return EXPECT_NONE;
    parser->at++;
    const LessonQuantity *lesson = measure.quantity.lesson;
    const bool costly = lesson && lesson->costly, opens = expect_is(parser, '(');
    if ((costly || (lesson && lesson->argument)) && !opens)
        return expect_fail(parser, "the step that this is measured at is wanted here, in parentheses");
    parser->at += opens;
    int at = EXPECT_NONE;
    if (costly) {
        if (!read_only_step(parser, &measure)) return EXPECT_NONE;
    } else if (opens && (at = expect_step(parser, measure.act, measure.racer)) == EXPECT_NONE)
        return EXPECT_NONE;
    if (!read_argument(parser, &measure)) return EXPECT_NONE;
    if (opens && !expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    return add_placed(parser, &measure, at, begin);
}

static int parse_layer(ExpectParser *parser, Measure measure, size_t begin) {
    const Scene *scene = parser->acts[measure.act].scene;
    if (subject_of(scene) != SUBJECT_NETWORK) return expect_fail(parser, "only a network has layers");
    parser->at += 2;
    const double layer = expect_peek(parser)->number;
    const int n = scene->network.mlp.n_layers;
    if (!expect_is(parser, TOKEN_NUMBER) || layer != floor(layer) || layer < 1 || layer > n) {
        Status problem = status_ok();
        status_fail(&problem, STATUS_BAD_INPUT, "the number of a layer is wanted here: 1 to %d", n);
        return expect_fail_names(parser, expect_peek(parser), &problem);
    }
    measure.layer = (int)layer - 1;
    parser->at++;
    if (!expect_want(parser, ')', "a closing parenthesis is wanted here") ||
        !expect_want(parser, '.', "a point and what is measured of the layer are wanted here"))
        return EXPECT_NONE;
    return parse_quantity(parser, measure, true, begin);
}

/* .end, .best, .at(step): where the racer is then. */
static int parse_place(ExpectParser *parser, const Measure *measure, size_t begin) {
    const bool called = expect_word_at(parser, 0, "at");
    parser->at += called ? 2 : 0;
    int at = expect_step(parser, measure->act, measure->racer);
    if (at == EXPECT_NONE) return EXPECT_NONE;
    if (called && !expect_want(parser, ')', "a closing parenthesis is wanted here")) return EXPECT_NONE;
    return parse_near(parser, measure, at, begin);
}

int expect_parse_racer(ExpectParser *parser) {
    static const struct Arrival {
        const char *name, *counted;
    } arrivals[] = {{"steps_to", NULL}, {"evaluations_to", "evaluations"}, {"examples_to", "examples"}};
    const size_t begin = expect_begin(parser);
    Measure measure = {.argument = NAN, .only = NAN};
    if (!parse_who(parser, &measure.act, &measure.racer)) return EXPECT_NONE;
    for (int i = 0; i < 3; i++)
        if (expect_word_at(parser, 0, arrivals[i].name))
            return parse_arrival(parser, &measure, arrivals[i].counted, begin);
    const bool calls = !expect_is(parser, TOKEN_END) && parser->tokens[parser->at + 1].kind == '(';
    if (calls && expect_word_at(parser, 0, "layer")) return parse_layer(parser, measure, begin);
    if (expect_word_at(parser, 0, "end") || expect_word_at(parser, 0, "best") ||
        (calls && expect_word_at(parser, 0, "at")))
        return parse_place(parser, &measure, begin);
    return parse_quantity(parser, measure, false, begin);
}
