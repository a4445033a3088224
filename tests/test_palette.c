/* The command palette, and formulas that are typed in their cards: driven by events, on a recording canvas.
 */
#include "stage.h"

#include "formula_field.h"
#include "fuzzy.h"
#include "ui_edit.h"

static const char *const two[] = {"adam:lr=0.05", "momentum:lr=0.0005", NULL};

static void type(Stage *stage, const char *text) {
    for (; *text; text++) {
        Event event = {.type = EVENT_KEY, .key = *text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text};
        event.text[0] = *text;
        draw(stage);
        send(stage, event);
    }
    draw(stage);
}

static void hit(Stage *stage, int which) {
    draw(stage);
    key(stage, which, false, false);
    draw(stage);
}

static void find(Stage *stage, const char *typed) {
    key(stage, 'k', false, true);
    assert_true(stage->viewer->palette.open);
    type(stage, typed);
}

static const Surface *surface_of(const Stage *stage) {
    return stage->viewer->running.surface;
}

static const RacerSpec *spec_of(const Stage *stage, int racer) {
    return race_spec(stage->viewer->running.race, racer);
}

static void better(const char *pattern, const char *good, const char *bad) {
    if (fuzzy_score(pattern, good) <= fuzzy_score(pattern, bad))
        fail_msg("'%s' is %s rather than %s", pattern, bad, good);
}

static void abbreviations_are_understood(void **state) {
    (void)state;
    assert_int_equal(fuzzy_score("", "adam"), 0);
    assert_int_equal(fuzzy_score("adx", "adam"), -1);
    assert_int_equal(fuzzy_score("mada", "adam"), -1);
    assert_true(fuzzy_score("ADAM", "adam") > 0 && fuzzy_score("a d a m", "Adam") > 0);
    better("adam", "adam", "adamax");
    better("adam", "adam", "nadam");
    better("rm", "rosenbrock minimum", "trim");
    better("ad", "adam", "strict saddle");
    better("cos", "cosine", "climb over saddle");
    better("zi", "zoom in", "horizon");
    /* The best way to find it counts, not the first: a-d at the word's beginning. */
    better("ad", "xa adam", "xa xad");
}

static void type_a_name_and_race_on_it(void **state) {
    (void)state;
    Stage stage = stage_open("bowl", two, 1280, 800);
    find(&stage, "rosen");
    hit(&stage, KEY_ENTER);
    assert_false(stage.viewer->palette.open);
    assert_string_equal(surface_of(&stage)->name, "rosenbrock");
    find(&stage, "add nadam");
    hit(&stage, KEY_ENTER);
    assert_int_equal(race_racer_count(stage.viewer->running.race), 3);
    assert_string_equal(spec_of(&stage, 2)->optimizer->name, "nadam");
    find(&stage, "light");
    hit(&stage, KEY_ENTER);
    assert_ptr_equal(stage.viewer->subject.theme, &theme_light);
    find(&stage, "speed 64");
    hit(&stage, KEY_ENTER);
    assert_string_equal(surface_arena.speeds[stage.viewer->speed].text, "speed ×64");
    find(&stage, "schedule cosine");
    hit(&stage, KEY_ENTER); /* of the racer that was added last, which is chosen */
    assert_string_equal(spec_of(&stage, 2)->schedule.text, "cosine");
    assert_int_equal(stage.viewer->palette.open, false);
    for (int i = 0; i < 3; i++) viewer_act(stage.viewer, ACTION_UNDO);
    assert_string_equal(surface_of(&stage)->name, "bowl");
    stage_close(&stage);
}

/* Whatever it is called in its table is the first that is found by it. */
static void everything_is_found_by_its_name(void **state) {
    (void)state;
    static PaletteItem items[PALETTE_ITEMS_MAX];
    for (int i = 0; i < surface_count; i++) {
        assert_true(palette_collect(&surface_arena, PALETTE_SURFACE, surface_table[i].name, items) > 0);
        if (items[0].index != i) fail_msg("'%s' is not found", surface_table[i].name);
    }
    for (int i = 0; i < optimizer_count; i++) {
        int n = palette_collect(&surface_arena, PALETTE_OPTIMIZER, optimizer_table[i].name, items);
        if (optimizer_takes_matrices(&optimizer_table[i])) { /* not on a surface */
            for (int k = 0; k < n; k++) assert_int_not_equal(items[k].index, i);
            palette_collect(&network_arena, PALETTE_OPTIMIZER, optimizer_table[i].name, items);
        }
        if (items[0].kind != PALETTE_OPTIMIZER || items[0].index != i)
            fail_msg(
                "'%s' is not found, but %d (%d)", optimizer_table[i].name, items[0].index, items[0].kind);
    }
    for (int i = 0; i < schedule_count; i++) {
        palette_collect(&surface_arena, PALETTE_SCHEDULE, schedule_table[i].name, items);
        assert_int_equal(items[0].index, i);
    }
    for (int i = 0; i < key_binding_count; i++) {
        const KeyBinding *binding = &key_bindings[i];
        bool offered =
            binding->description && binding->action != ACTION_CLOSE && binding->action != ACTION_PALETTE;
        if (!offered) continue;
        palette_collect(&surface_arena, PALETTE_NONE, binding->description, items);
        PaletteText text;
        palette_describe(&surface_arena, &items[0], &text);
        assert_string_equal(text.title, binding->description);
    }
}

static void arrows_pages_and_the_pointer_choose(void **state) {
    (void)state;
    Stage stage = stage_open("bowl", two, 1280, 800);
    Palette *palette = &stage.viewer->palette;
    key(&stage, 'o', false, false);
    assert_true(palette->open);
    assert_int_equal(palette->n_items, surface_count + 1);
    draw(&stage);
    for (int i = 0; i < 3; i++) hit(&stage, KEY_DOWN);
    assert_int_equal(palette->chosen, 3);
    hit(&stage, KEY_UP);
    hit(&stage, KEY_PAGE_DOWN);
    int after_page = palette->chosen;
    assert_true(after_page > 5);
    assert_non_null(record_canvas_find_text(stage.record, surface_table[after_page].title));
    hit(&stage, KEY_PAGE_UP);
    assert_true(palette->chosen < after_page);
    for (int i = palette->chosen; i >= 0; i--) hit(&stage, KEY_UP);
    assert_int_equal(palette->chosen, surface_count); /* round */
    assert_non_null(record_canvas_find_text(stage.record, "type the surface's formula"));
    float x = 640, y = 400;
    send(&stage, (Event){.type = EVENT_WHEEL, .x = x, .y = y, .scroll = 100});
    draw(&stage);
    press_control(&stage, "palette 4");
    assert_string_equal(surface_of(&stage)->name, surface_table[3].name);
    assert_false(palette->open);
    key(&stage, 'o', false, false);
    hit(&stage, KEY_ESCAPE);
    assert_false(palette->open);
    key(&stage, 'o', false, false);
    draw(&stage);
    press(&stage, 5, 795, 1, 1); /* beside it */
    assert_false(palette->open);
    find(&stage, "qqqq");
    assert_non_null(record_canvas_find_text(stage.record, "nothing is called like that"));
    hit(&stage, KEY_ENTER);
    assert_true(palette->open);
    stage_close(&stage);
}

static void pictures_come_a_few_in_a_frame(void **state) {
    (void)state;
    Stage stage = stage_open("bowl", two, 1280, 800);
    key(&stage, 'o', false, false);
    int frames = 0;
    do draw_frame(&stage);
    while (++frames < 1000 && stage.viewer->draws_again);
    assert_true(frames < 1000);
    int images = 0;
    for (int i = 0; i < record_canvas_count(stage.record); i++) {
        const Call *call = record_canvas_call(stage.record, i);
        images += call->type == CALL_IMAGE && call->box.width == THUMBNAIL_WIDTH;
    }
    assert_true(images >= 6);
    stage_close(&stage);
}

static void a_mistake_is_shown_under_the_caret_and_mended(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", two, 1280, 800);
    hit(&stage, 'e');
    assert_string_equal(stage.viewer->ui.edit.name, SURFACE_FORMULA);
    assert_string_equal(ui_edit_text(&stage.viewer->ui), surface_table[2].formula);
    double x_px = camera_x_px(&stage.viewer->ground.plane.camera, 1);
    type(&stage, "x^2 + 3*yy");
    assert_non_null(record_canvas_find_text(stage.record, "unknown name 'yy'"));
    assert_string_equal(surface_of(&stage)->text, "x^2 + 3*y"); /* the last that was right */
    assert_near(camera_x_px(&stage.viewer->ground.plane.camera, 1), x_px, 1e-9);
    hit(&stage, KEY_BACKSPACE);
    assert_null(record_canvas_find_text(stage.record, "unknown name"));
    type(&stage, "^2");
    assert_string_equal(surface_of(&stage)->text, "x^2 + 3*y^2");
    /* At the start, which stays where it was. */
    const double *start = stage.viewer->subject.start;
    assert_near(start[0], surface_table[2].start[0], 0);
    assert_near(race_trace(stage.viewer->running.race, 0)->loss[0],
        start[0] * start[0] + 3 * start[1] * start[1], 1e-14);
    hit(&stage, KEY_ENTER);
    assert_string_equal(stage.viewer->ui.edit.name, "");
    assert_string_equal(surface_of(&stage)->text, "x^2 + 3*y^2");
    viewer_act(stage.viewer, ACTION_UNDO); /* all of it is one change */
    assert_string_equal(surface_of(&stage)->name, "rosenbrock");
    stage_close(&stage);
}

static void escape_gives_the_formula_back(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", two, 1280, 800);
    hit(&stage, 'e');
    key(&stage, KEY_END, false, true);
    hit(&stage, KEY_HOME);
    type(&stage, "1 + ");
    assert_null(surface_of(&stage)->row);
    assert_near(surface_of(&stage)->values[surface_of(&stage)->formula->parameters[0].symbol], 50, 0);
    int past = stage.viewer->editor.n_past;
    hit(&stage, KEY_ESCAPE);
    assert_string_equal(surface_of(&stage)->name, "ravine");
    assert_int_equal(stage.viewer->editor.n_past, past - 1);
    hit(&stage, 'e');
    hit(&stage, KEY_ESCAPE); /* nothing was typed, nothing is taken back */
    assert_string_equal(surface_of(&stage)->name, "ravine");
    assert_int_equal(stage.viewer->editor.n_past, past - 1);
    /* Typed as it was, it is the shipped surface again. */
    hit(&stage, 'e');
    type(&stage, surface_table[0].formula);
    assert_string_equal(surface_of(&stage)->name, "bowl");
    stage_close(&stage);
}

static void a_shipped_racer_is_changed_by_its_script(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", two, 1280, 800);
    static double before[2 * (STEPS + 1)];
    race_run(stage.viewer->running.race);
    memcpy(before, race_trace(stage.viewer->running.race, 1)->x, sizeof before);
    stage.viewer->editor.selected = 1;
    draw(&stage);
    key(&stage, 'e', true, false);
    draw(&stage);
    assert_string_equal(stage.viewer->ui.edit.name, "racer 2.script");
    key(&stage, KEY_END, false, true);
    type(&stage, " "); /* another text, the same rule */
    race_run(stage.viewer->running.race);
    assert_string_equal(spec_of(&stage, 1)->optimizer->name, "my_momentum");
    assert_near(spec_of(&stage, 1)->values[0], 0.0005, 0); /* as it was set */
    assert_memory_equal(before, race_trace(stage.viewer->running.race, 1)->x, sizeof before);
    type(&stage, ", q = ");
    assert_true(stage.viewer->ui.edit.problem.code != STATUS_OK);
    type(&stage, "2");
    assert_int_equal(stage.viewer->ui.edit.problem.code, STATUS_OK);
    assert_int_equal(optimizer_parameter_count(spec_of(&stage, 1)->optimizer), 3);
    hit(&stage, KEY_ESCAPE);
    assert_string_equal(spec_of(&stage, 1)->optimizer->name, "momentum");
    stage_close(&stage);
}

static void a_new_optimizer_is_typed(void **state) {
    (void)state;
    Stage stage = stage_open("bowl", two, 1280, 800);
    find(&stage, "new optimizer");
    hit(&stage, KEY_ENTER);
    draw(&stage);
    assert_int_equal(race_racer_count(stage.viewer->running.race), 3);
    assert_string_equal(stage.viewer->ui.edit.name, "racer 3.script");
    key(&stage, 'a', false, true);
    type(&stage, "x -= lr*g where lr = 0.1");
    assert_int_equal(stage.viewer->ui.edit.problem.code, STATUS_OK);
    Event event = {.type = EVENT_KEY, .key = KEY_ENTER, .control = true};
    send(&stage, event);
    draw(&stage);
    assert_string_equal(stage.viewer->ui.edit.name, "");
    /* On the bowl a step at rate 0.1 leaves nine tenths. */
    race_run(stage.viewer->running.race);
    const Trace *trace = race_trace(stage.viewer->running.race, 2);
    assert_near(trace->x[2], 0.9 * trace->x[0], 1e-15);
    assert_string_equal(own_optimizer_text(stage.viewer->editor.scene.own[2]), "x -= lr*g where lr = 0.1");
    stage_close(&stage);
}

static void letters_are_letters_while_typing(void **state) {
    (void)state;
    Stage stage = stage_open("bowl", two, 1280, 800);
    hit(&stage, 'e');
    const Theme *theme = stage.viewer->subject.theme;
    type(&stage, "x*t q?r 32");
    assert_ptr_equal(stage.viewer->subject.theme, theme);
    assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_NONE);
    assert_false(stage.viewer->help_open);
    assert_string_equal(ui_edit_text(&stage.viewer->ui), "x*t q?r 32");
    static char text[100001];
    memset(text, 'x', sizeof text - 1);
    send(&stage, (Event){.type = EVENT_PASTE, .pasted = text});
    draw(&stage);
    assert_string_equal(ui_edit_text(&stage.viewer->ui), "x*t q?r 32");
    assert_non_null(record_canvas_find_text(stage.record, "too long"));
    stage_close(&stage);
}

/* The caret is the only narrow bar that is as high as a line. */
static bool is_caret_in_sight(const Stage *stage) {
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        if (call->type == CALL_FILL_RECT && call->box.width == 1.5f && call->box.height == 16 &&
            call->box.y >= call->clip.y && call->box.y + 16 <= call->clip.y + call->clip.height)
            return true;
    }
    return false;
}

static void texts_are_whole_at_every_size(void **state) {
    (void)state;
    static const float sizes[][2] = {
        {400, 300}, {533, 400}, {800, 600}, {640, 400}, {1280, 800}, {1920, 1080}, {2560, 1440}, {1000, 750}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (is_left_out(i, 4)) continue;
        Stage stage = stage_open("ravine", two, sizes[i][0], sizes[i][1]);
        find(&stage, "");
        check_texts(&stage, "everything");
        hit(&stage, KEY_ESCAPE);
        const int keys[] = {'o', 'a'};
        for (int k = 0; k < 2; k++) {
            key(&stage, keys[k], false, false);
            for (int page = 0; page < 8; page++) {
                check_texts(&stage, "a list");
                hit(&stage, KEY_PAGE_DOWN);
            }
            hit(&stage, KEY_ESCAPE);
        }
        hit(&stage, 'e');
        draw(&stage);
        assert_string_equal(stage.viewer->ui.edit.name, SURFACE_FORMULA);
        check_texts(&stage, "a formula");
        type(&stage, "x^2 + sin(zz)*exp(-x^2 - y^2) + a long sum that goes on + 1/(1 + x^2)");
        check_texts(&stage, "a mistake");
        if (!is_caret_in_sight(&stage)) fail_msg("no caret at %gx%g", sizes[i][0], sizes[i][1]);
        assert_non_null(record_canvas_find_text(stage.record, "unknown name 'zz'"));
        hit(&stage, KEY_ESCAPE);
        stage.viewer->editor.selected = 0;
        draw(&stage);
        key(&stage, 'e', true, false);
        draw(&stage);
        draw(&stage);
        assert_string_equal(stage.viewer->ui.edit.name, "racer 1.script");
        check_texts(&stage, "a script");
        if (!is_caret_in_sight(&stage)) fail_msg("no caret at %gx%g", sizes[i][0], sizes[i][1]);
        stage_close(&stage);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abbreviations_are_understood),
        cmocka_unit_test(type_a_name_and_race_on_it),
        cmocka_unit_test(everything_is_found_by_its_name),
        cmocka_unit_test(arrows_pages_and_the_pointer_choose),
        cmocka_unit_test(pictures_come_a_few_in_a_frame),
        cmocka_unit_test(a_mistake_is_shown_under_the_caret_and_mended),
        cmocka_unit_test(escape_gives_the_formula_back),
        cmocka_unit_test(a_shipped_racer_is_changed_by_its_script),
        cmocka_unit_test(a_new_optimizer_is_typed),
        cmocka_unit_test(letters_are_letters_while_typing),
        cmocka_unit_test(texts_are_whole_at_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
