/* The language: what texts mean (by C expressions), what each mistake says and where, bounds on work, `where`
 * and scripts. Values come from an evaluator of its own. */
#include "formula_text.h"

#include "oracle.h"
#include "parse.h"
#include "text.h"

#include <string.h>
#include <time.h>

static double value_at(const char *text, double x, double y) {
    Formula *formula = parse(text);
    double values[SYMBOLS_MAX] = {x, y};
    for (int i = 0; i < formula->n_parameters; i++)
        values[formula->parameters[i].symbol] = formula->parameters[i].value;
    double value = oracle(formula->graph, formula->value, values);
    formula_destroy(formula);
    return value;
}

static void texts_mean_what_a_person_writes(void **state) {
    (void)state;
    const double x = 1.7, y = -0.6, pi = acos(-1), e = exp(1);
    const struct {
        const char *text;
        double value;
    } rows[] = {
        // clang-format off: rows of few words
        {"-x^2", -(x * x)}, {"(-x)^2", x * x}, {"2^3^2", 512}, {"(2^3)^2", 64}, {"2^-x", pow(2, -x)},
        {"2^-x^2", pow(2, -(x * x))}, {"-2^2", -4}, {"--x", x}, {"-+-x", x}, {"+x", x}, {"2--x", 2 + x},
        {"1/2x", 0.5 * x}, {"1/2*x", 0.5 * x}, {"2x^2", 2 * x * x}, {"2(x+1)", 2 * (x + 1)},
        {"(x+1)(x-1)", x * x - 1}, {"x y", x * y}, {"x(y)", x * y}, {"x(y+1)", x * (y + 1)},
        {"2x y^2", 2 * x * y * y}, {"x**2", x * x}, {"2**3**2", 512}, {"x²", x * x}, {"x⁻¹", 1 / x},
        {"x⁻¹²", pow(x, -12)}, {"x¹⁰", pow(x, 10)}, {"x⁰", 1}, {"-x²", -x * x}, {"x²y", x * x * y},
        {"2x²³", 2 * pow(x, 23)}, {"x^2²", pow(x, 4)}, {"½x", 0.5 * x}, {"¼ + ¾", 1}, {"½x²", 0.5 * x * x},
        {"π", pi}, {"2πx", 2 * pi * x}, {"xπ", x * pi}, {"pi", pi}, {"2pi", 2 * pi}, {"2e", 2 * e},
        {"2e3", 2000}, {"2e-1", 0.2}, {"2e+1x", 20 * x}, {"2e x", 2 * e * x}, {"1e", e}, {"e^x", exp(x)},
        {"2.e", 2 * e}, {".5x", 0.5 * x}, {"2.", 2}, {"1.5e2", 150}, {"1E2", 100}, {"√x", sqrt(x)},
        {"√(x+1)", sqrt(x + 1)}, {"2√x", 2 * sqrt(x)}, {"√√x", sqrt(sqrt(x))}, {"√x^2", x}, {"√4x", 2 * x},
        {"x·y", x * y}, {"x⋅y", x * y}, {"x×y", x * y}, {"x∗y", x * y}, {"x−y", x - y}, {"−x", -x},
        {"x÷y", x / y}, {"x≤y", 0}, {"x≥y", 1}, {"x≠y", 1}, {"x<y", 0}, {"x>y", 1}, {"x<=y", 0}, {"x>=y", 1},
        {"x==y", 0}, {"x!=y", 1}, {"x>=x", 1}, {"x<=x", 1}, {"x>x", 0}, {"1+x>y*2", 1}, {"x > 0 ? 1 : 2", 1},
        {"0 ? 1 : 0 ? 2 : 3", 3}, {"1 ? 0 ? 4 : 5 : 6", 5}, {"y ? x : 2", x},
        {"x < 0 ? 1 : y < 0 ? 2 : 3", 2}, {"x-y-1", x - y - 1}, {"x-(y-1)", x - y + 1}, {"x/y/2", x / y / 2},
        {"x/y*2", x / y * 2}, {"x+2*y", x + 2 * y}, {"x*y^2", x * y * y}, {"2*-x", -2 * x}, {"x^2^0", x},
        {"x\t+\r\n y", x + y}, {"x +\xc2\xa0y", x + y}, {"ln(x)", log(x)}, {"log(x)", log(x)},
        {"log10(x)", log10(x)}, {"pow(x, 3)", x * x * x}, {"min(x, y, 0, -3)", -3}, {"max(x, y, 5, 2)", 5},
        {"max(y, x)", x}, {"min(x, y)", y}, {"σ(x)", 1 / (1 + exp(-x))}, {"mod(-7, 3)", 2},
        {"mod(7, -3)", -2}, {"atan2(y, x)", atan2(y, x)}, {"clamp(x, -1, 1)", 1}, {"hypot(3x, 4x)", 5 * x},
        {"iterate(s, x, 3, s^2)", pow(x, 8)}, {"iterate(s, x, 0, s + 1)", x},
        {"iterate(s, 0, 10, s + x)", 10 * x}, {"iterate(s, x, 2*2, -s)", x},
        {"iterate(x, x, 2, x*y)", x * y * y}, {"iterate(s, 1, 3, iterate(r, s, 2, r + x) + s)", 8 + 14 * x},
        {"mean(t*x, t=[1, 2, 6])", 3 * x}, {"sum(t*x + u, t=[1, 2, 3], u=[0, 1, -1])", 6 * x},
        {"sum(max(t, 2), t=[1, 2, 3])", 7}, {"mean(x, t=[1])", x}, {"sum(x, x=[1, 1/2, -pi, 2^3])", 9.5 - pi},
        {"sum(sum(a*b, a=[1, 2]), b=[3, 4])", 21}, {"sum(iterate(s, t, 2, 2s), t=[1, 2])", 12},
        {"κ/θ where κ = 6, theta = 3", 2}, {"αβ where alphabeta = 3", 3},
        {"kappa*x where κ = 2 in [1, 3]", 2 * x}, {"u^2 where u = v + 1, v = x", (x + 1) * (x + 1)},
        {"k*u where u = k*x, k = -3", 9 * x}, {"a where a = 2*pi", 2 * pi},
        {"iterate(s, x, 2, s*k) where k = 2", 4 * x}, {"sum(u, x=[1, 2]) where u = x", 2 * x},
        {"(x) where a = (1), b = min(1, 2), c = sum(t, t=[1, 2])", x},
        // clang-format on
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = value_at(rows[i].text, x, y);
        if (relative_error(value, rows[i].value) > 4e-15)
            fail_msg("%s is %.17g, not %.17g", rows[i].text, value, rows[i].value);
    }
}

/* Characters of [from, to). */
static int count(const char *from, const char *to) {
    int n = 0;
    for (; from < to; from++) n += ((unsigned char)*from & 0xc0) != 0x80;
    return n;
}

/* A failure's message has the form `formula:LINE:COLUMN: what` / quote / caret; line and column are those of
 * status->place, and the character of the quote above the caret is the one at the place. */
static void check_place(const char *text, size_t length, const Status *status, const char *about) {
    assert_int_equal(status->code, STATUS_BAD_INPUT);
    assert_true(status->place >= 0 && (size_t)status->place <= length);
    const char *place = text + status->place, *begin = place;
    int line = 1, said_line, said_column, used;
    while (begin > text && begin[-1] != '\n') begin--;
    for (const char *c = text; c < place; c++) line += *c == '\n';
    if (sscanf(status->message, "formula:%d:%d: %n", &said_line, &said_column, &used) != 2)
        fail_msg("no place: %s", status->message);
    if (said_line != line || said_column != count(begin, place) + 1)
        fail_msg("the place is %d:%d: %s", line, count(begin, place) + 1, status->message);
    if (strncmp(status->message + used, about, strlen(about)) != 0)
        fail_msg("not \"%s\": %s", about, status->message);
    const char *quote = strchr(status->message, '\n') + 1, *caret = strchr(quote, '\n') + 1;
    assert_true(strlen(caret) >= 3 && strchr(caret, '^') == caret + strlen(caret) - 1);
    assert_true(caret - 1 - quote < 2 + 4 * 80);
    const char *above = quote;
    for (size_t i = strlen(caret) - 1; i > 0; i--) { /* as many characters as before the caret */
        assert_true(*above && *above != '\n');
        do above++;
        while (((unsigned char)*above & 0xc0) == 0x80);
    }
    bool at_end = place == text + length || *place == '\n' || *place == '\r';
    bool shown =
        (unsigned char)*place >= 0x20 && (unsigned char)*place != 0x7f && strncmp(about, "this byte", 9) != 0;
    size_t wide = 1;
    while (shown && !at_end && (unsigned char)*place >= 0xc0 && place + wide < text + length &&
           ((unsigned char)place[wide] & 0xc0) == 0x80)
        wide++;
    if (at_end ? *above != '\n' : shown ? strncmp(above, place, wide) != 0 : *above != '?')
        fail_msg("the caret is elsewhere: %s", status->message);
}

static void check_failure(const char *text, size_t length, long place, const char *about) {
    Status status = status_ok();
    Formula *formula = formula_parse(text, length, axes, 2, &status);
    if (formula) fail_msg("%s was read", text);
    check_place(text, length, &status, about);
    if (place != status.place) fail_msg("the place is %ld, not %ld: %s", status.place, place, status.message);
    for (const char *c = status.message; *c; c++) /* nothing spoils the terminal */
        assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && *c != 0x7f));
}

static void mistakes_are_shown_where_they_are(void **state) {
    (void)state;
    static const struct {
        const char *text;
        long place;
        const char *about;
    } rows[] = {
        {"x^2 +", 5, "expected a value after '+'"},
        {"x^2 +  \n\n", 5, "expected a value after '+'"},
        {"", 0, "expected a formula"},
        {"  \n ", 0, "expected a formula"},
        {"sin()", 0, "'sin' takes 1 argument, not 0"},
        {"2*sin(x,y)", 2, "'sin' takes 1 argument, not 2"},
        {"clamp(x, 1)", 0, "'clamp' takes 3 arguments, not 2"},
        {"max(x)", 0, "'max' takes 2 arguments or more, not 1"},
        {"min()", 0, "'min' takes 2 arguments or more, not 0"},
        {"pow(x)", 0, "'pow' takes 2 arguments, not 1"},
        {"2*(x + (y", 7, "this '(' is never closed"},
        {"sin(x", 3, "this '(' is never closed"},
        {"(x + y", 0, "this '(' is never closed"},
        {"x + y)", 5, "this ')' closes nothing"},
        {"(x]", 2, "expected ')', not ']'"},
        {"[x]", 0, "expected a value, not '['"},
        {"()", 1, "expected a value, not ')'"},
        {"sin(x,)", 6, "expected a value, not ')'"},
        {"sin(,x)", 4, "expected a value, not ','"},
        {"x,y", 1, "expected an operator before ','"},
        {"x + z", 4, "unknown name 'z'. The names here are x, y"},
        {"x + qqqqqqq", 4, "unknown name 'qqqqqqq'. The names here are x, y"},
        {"x + xqqqqqq", 4, "unknown name 'xqqqqqq'. The names here are x, y"},
        {"kapa*x where kappa = 2", 0, "unknown name 'kapa'; did you mean 'kappa'?"},
        {"3 + xy", 4, "unknown name 'xy'; did you mean x*y?"},
        {"xyx", 0, "unknown name 'xyx'; did you mean x*y*x?"},
        {"x^2 + sqr(y)", 6, "there is no function 'sqr'; did you mean 'sqrt'?"},
        {"Sin(x)", 0, "there is no function 'Sin'; did you mean 'sin'?"},
        {"qqqqqqqq(x)", 0, "there is no function 'qqqqqqqq'"},
        {"sin x", 0, "sin is a function: write sin(...)"},
        {"iterate", 0, "iterate is a function: write iterate(...)"},
        {"x < y < 1", 6, "comparisons do not chain"},
        {"x == y != 1", 7, "comparisons do not chain"},
        {"x = 2", 2, "'=' cannot stand here; to compare, write '=='"},
        {"x + = 2", 4, "'=' cannot stand here"},
        {"2 3", 2, "expected an operator before '3'"},
        {"x 3", 2, "expected an operator before '3'"},
        {"2x½", 2, "expected an operator before '½'"},
        {"1.2.3", 3, "expected an operator before '.3'"},
        {"x ? y", 2, "this '?' has no ':'"},
        {"x ? y : ", 7, "expected a value after ':'"},
        {"x : y", 2, "expected an operator before ':'"},
        {"x² + ²", 6, "expected a value, not '²'"},
        {"x⁻", 1, "this exponent is not a whole number"},
        {"x¹²³⁴⁵⁶⁷", 1, "this exponent is not a whole number"},
        {"x^", 2, "expected a value after '^'"},
        {"x * / y", 4, "expected a value, not '/'"},
        {"x += 2", 2, "expected an operator before '+='"},
        {"x; y", 1, "expected an operator before ';'"},
        {"x $ y", 2, "'$' cannot stand in a formula"},
        {"κ + ä", 5, "'ä' cannot stand in a formula"},
        {"x \x01 y", 2, "'?' cannot stand in a formula"},
        {"x \x7f", 2, "'?' cannot stand in a formula"},
        {"x + \xff + y", 4, "this byte is not UTF-8 text"},
        {"x\x80\x80\x80", 1, "this byte is not UTF-8 text"},
        {"x + \xe2\x89", 4, "this byte is not UTF-8 text"},
        {"x + \xc0\xaf", 4, "this byte is not UTF-8 text"},
        {"x + \xed\xa0\x80", 4, "this byte is not UTF-8 text"},
        {"1e999", 0, "this number is too large"},
        {"x + a234567890123456789012345678901234", 4, "this name is longer than 31 bytes"},
        {"αβγδεζηθικλμ", 0, "this name is longer than 31 bytes"},
        {"2 κ3456789012345678901", 2, "unknown name 'kappa3456789012345678901'"},
        {"x + 1.23456789012345678901234567 2", 33, "expected an operator before '2'"},
        {"x y½2√αβγδεζηθικx", 3, "expected an operator before '½'"},
        {"x 12345678901234567890123", 2, "expected an operator before '12345678901234567890'"},
        {"x +\n  y +\n  z*2", 12, "unknown name 'z'"},
        {"x\r\n+ z\r\n", 5, "unknown name 'z'"},
        {"θ²·κ + z where θ = 1, κ = 2", 11, "unknown name 'z'"},
        /* iterate, mean, sum */
        {"iterate(s, x, 2.5, s)", 14, "the number of iterations is a whole number from 0 to 100000"},
        {"iterate(s, x, -1, s)", 14, "the number of iterations"},
        {"iterate(s, x, 100001, s)", 14, "the number of iterations"},
        {"iterate(s, x, y, s)", 14, "expected a number"},
        {"iterate(2, x, 1, s)", 8, "expected a name, not '2'"},
        {"iterate(sin, x, 1, s)", 8, "sin has a meaning already"},
        {"iterate(s, x, 1)", 15, "expected ',' in iterate(s, start, n, next), not ')'"},
        {"iterate(s, s, 1, s)", 11, "unknown name 's'"},
        {"iterate(s, x, 1, s) + s", 22, "unknown name 's'"},
        {"iterate(s, x, 1, s, 2)", 18, "expected ')' in iterate"},
        {"iterate(s, x, k, s) where k = 3", 14, "expected a number"},
        {"iterate()", 8, "expected a name, not ')'"},
        {"mean(x)", 0, "mean needs a table of data: mean(body, x=[1, 2, 3])"},
        {"sum()", 0, "sum needs a table of data"},
        {"sum(t, t=[1, 2], u=[1])", 20, "this column has 1 values, the first has 2"},
        {"sum(t, t=[])", 10, "expected a value, not ']'"},
        {"sum(t, t=[x])", 10, "expected a number"},
        {"sum(t, t=[1, 2)", 14, "expected ']' after the values, not ')'"},
        {"sum(t, t=[1], t=[2])", 14, "t is a column already"},
        {"sum(t, 2, t=[1])", 5, "expected ',' and the table behind the body"},
        {"sum(t, t=[1]) + t", 16, "unknown name 't'"},
        {"sum(t, t=[1], 3)", 14, "expected a name, not '3'"},
        {"sum(t, pi=[1])", 7, "pi has a meaning already"},
        {"sum(u, t=[1]) where u = t", 24, "unknown name 't'"},
        /* where */
        {"u where u = v, v = u", 19, "the definition of u goes round in a circle"},
        {"x where u = u + 1", 12, "the definition of u goes"},
        {"a where a = 1, a = 2", 15, "a is defined already"},
        {"x where x = 2", 8, "x is defined already"},
        {"a where a = 2 in [3, 3]", 17, "the range is empty"},
        {"a where a = 2 in [3, 1]", 17, "the range is empty"},
        {"a where a = 2 in [3, 4]", 17, "the value of a is outside its range"},
        {"a where a = 0 in [0, 4] log", 17, "a logarithmic range begins above 0"},
        {"a where a = x in [3, 4]", 12, "expected a number"},
        {"a where a = 2 in [x, 4]", 18, "expected a number"},
        {"a where a = 2 in 3", 17, "expected '[' after in, not '3'"},
        {"a where a = 2 in [1, 3] foo", 24, "expected ',' or the end behind the range"},
        {"a where a = 2 3 in [1, 3]", 14, "expected a number, 'in [min, max]' or ','"},
        {"a where", 7, "expected a name, not the end"},
        {"a where a", 9, "expected '=' after the name, not the end"},
        {"a where a = 1,", 14, "expected a name, not the end"},
        {"a where a = , b = 2", 12, "expected a value after '='"},
        {"where a = 1", 0, "expected a formula"},
        {"x + where a = 1", 4, "expected a value after '+'"},
        {"a where sin = 1", 8, "sin has a meaning already"},
        {"a where e = 1", 8, "e has a meaning already"},
        {"x where a = y +", 15, "expected a value after '+'"},
        {"x where a = y + 1, b = a + z", 27, "unknown name 'z'"},
        {"a where a = (1", 12, "this '(' is never closed"},
        {"a where a = 1) + 2", 13, "this ')' closes nothing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_failure(rows[i].text, strlen(rows[i].text), rows[i].place, rows[i].about);
    check_failure("x + \0y", 6, 4, "a NUL byte cannot stand here");
}

/* Every function of the table reads with its number of arguments, and with no other. */
static void functions_take_their_arguments(void **state) {
    (void)state;
    for (int i = 0; i < OPERATION_COUNT; i++) {
        const OperationRow *row = &operation_table[i];
        if (row->category != CATEGORY_FUNCTION) continue;
        static const double values[] = {0.3, 0.8, 0.5, 0.25, 0.125};
        bool many = i == OPERATION_MIN || i == OPERATION_MAX;
        for (int n = 0; n <= 5; n++) {
            Text text = {0};
            text_append(&text, "%s(", row->spelling);
            for (int k = 0; k < n; k++)
                text_append(&text, "%s%g%s", k ? ", " : "", values[k], k ? "" : "+0*x");
            text_append(&text, ")");
            if (n == row->arity) {
                double expected = oracle_operation((Operation)i, values[0], values[1], values[2]);
                assert_near(value_at(text_string(&text), 1, 1), expected, 4e-15);
            } else if (!many || n < row->arity) {
                char about[64];
                snprintf(about, sizeof about, "'%s' takes %d argument", row->spelling, row->arity);
                check_failure(text_string(&text), text.length, 0, about);
            }
            text_finish(&text);
        }
    }
}

/* A mistake behind, within and before long stretches of text, ASCII or not. */
static void long_lines_are_cut_around_the_place(void **state) {
    (void)state;
    static const char *const units[] = {"x + ", "2·π + ", "½x² − √(y) · "};
    static const char *const rests[] = {
        "", " + y", " + 1.5·x + 1.5·x + 1.5·x + 1.5·x + 1.5·x", "\xff\x80\x80\x80", " \xc2\x85 ä\x01"};
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
        for (size_t r = 0; r < sizeof rests / sizeof rests[0]; r++)
            for (int n = 0; n < 60; n += 1 + n / 8) {
                Text text = {0};
                text_append(&text, "x +\n y + ");
                for (int i = 0; i < n; i++) text_append(&text, "%s", units[u]);
                long place = (long)text.length;
                text_append(&text, "$%s", rests[r]);
                check_failure(text_string(&text), text.length, place, "'$' cannot stand in a formula");
                text_finish(&text);
            }
    /* What follows the place is cut even where it is no text at all. */
    char bytes[4096];
    memset(bytes, 0x80, sizeof bytes);
    bytes[0] = '$';
    check_failure(bytes, sizeof bytes, 0, "'$' cannot stand in a formula");
}

/* `before` n times, then `middle`, then `after` n times. */
static Text repeated(const char *before, const char *middle, const char *after, int n) {
    Text text = {0};
    for (int i = 0; i < n; i++) text_append(&text, "%s", before);
    text_append(&text, "%s", middle);
    for (int i = 0; i < n; i++) text_append(&text, "%s", after);
    return text;
}

static void depth_is_bounded(void **state) {
    (void)state;
    static const struct {
        const char *before, *middle, *after;
    } rows[] = {{"(", "x", ")"}, {"-", "x", ""}, {"2^", "x", ""}, {"sin(", "x", ")"}, {"√", "x", ""},
        {"x ? y : ", "x", ""}, {"x ? ", "y", " : 1"}, {"max(1, ", "x", ")"}, {"sum(", "x", ", t=[1])"},
        {"iterate(s, x, 1, ", "s", ")"}, {"sum(2, t=[", "1", "])"}, {"min(x, 1)^(", "x", ")"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool twice = strcmp(rows[i].before, "min(x, 1)^(") == 0; /* a power and a parenthesis */
        int deepest = twice ? FORMULA_DEPTH_MAX / 2 : FORMULA_DEPTH_MAX;
        bool binds = strncmp(rows[i].before, "iterate", 7) == 0 || strstr(rows[i].after, "t=[1]");
        if (binds) deepest = 64; /* names at once */
        Text text = repeated(rows[i].before, rows[i].middle, rows[i].after, deepest);
        formula_destroy(parse(text_string(&text)));
        text_finish(&text);
        for (int n = deepest + 1; n < 6000; n *= 5) {
            Status status = status_ok();
            text = repeated(rows[i].before, rows[i].middle, rows[i].after, n);
            assert_null(formula_parse(text.bytes, text.length, axes, 2, &status));
            check_place(text.bytes, text.length, &status, "");
            text_finish(&text);
        }
    }
    for (int n = 1; n < FORMULA_DEPTH_MAX; n++) { /* the end comes wherever it comes */
        Text text = repeated("(", "", "", n);
        check_failure(text.bytes, text.length, n, "expected a value after '('");
        text_finish(&text);
    }
    Text text = repeated("(", "", "", 60000);
    check_failure(text.bytes, text.length, FORMULA_DEPTH_MAX + 1, "nested more than 200 deep");
    text_finish(&text);
    text = repeated("((((((((", "", "", 1 << 17);
    Status status = status_ok();
    assert_null(formula_parse(text.bytes, text.length, axes, 2, &status));
    assert_string_equal(status.message, "formula: the text is 1048576 bytes long; at most 65536 are read");
    assert_int_equal(status.place, -1);
    text_finish(&text);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Read or refused, and in seconds of the processor, however it is built, where it might be hours. */
static void check_quick(const char *text, size_t length, const char *refusal) {
    double began = seconds();
    Status status = status_ok();
    Formula *formula = formula_parse(text, length, axes, 2, &status);
    double took = seconds() - began;
    if (took > 20) fail_msg("%.60s took %g s", text, took);
    if (!refusal && !formula) fail_msg("%.60s: %s", text, status.message);
    if (refusal && formula) fail_msg("%.60s was read", text);
    if (refusal) check_place(text, length, &status, refusal);
    formula_destroy(formula);
}

static void work_is_bounded(void **state) {
    (void)state;
    static const char too_large[] = "the formula is too large";
    static const struct {
        const char *text, *refusal;
    } rows[] = {
        {"iterate(s, x, 100000, s*y + 1)", NULL},
        {"iterate(s, x, 100000, x)", NULL},
        {"iterate(s, 1, 100000, s*0.5 + 1)", NULL},
        {"iterate(s, x, 100000, sin(s)*y + cos(s)*x + 1)", too_large},
        {"iterate(s, x, 500, iterate(r, s, 500, r*y + s))", too_large},
        {"iterate(s, x, 1000, sin(s)*cos(s) + s/(1 + s))", NULL},
        {"iterate(s, x, 100000, iterate(r, s, 100000, -r))", NULL},
        {"iterate(s, x, 60, s + s*s)", NULL},
        {"sum(iterate(s, t, 1000, s*x + y), t=[1, 2, 3])", NULL},
        {"c*c where a = iterate(s, x, 90000, s*y + 1), b = iterate(s, a, 90000, s*x + 1), c = b*a",
            too_large},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_quick(rows[i].text, strlen(rows[i].text), rows[i].refusal);
    Text text = {0}; /* a table of thousands of rows */
    text_append(&text, "mean((a*x + y - b)^2, a=[0.25");
    for (int i = 1; i < 4500; i++) text_append(&text, ",%d.5", i);
    text_append(&text, "], b=[0.75");
    for (int i = 1; i < 4500; i++) text_append(&text, ",%d.1", i);
    text_append(&text, "])");
    check_quick(text.bytes, text.length, NULL);
    text_finish(&text);
    text =
        repeated("sum(", "t", ", t=[1, 2, 3, 4, 5, 6, 7, 8])", 60); /* each row of each is the next table */
    check_quick(text.bytes, text.length, NULL);
    text_finish(&text);
    text = repeated("x*y + ", "1", "", 10000);
    check_quick(text.bytes, text.length, NULL);
    text_finish(&text);
    text = repeated("sin(x)^1.5*", "1", "", 5000);
    check_quick(text.bytes, text.length, NULL);
    text_finish(&text);
    text = repeated("", "x where ", "", 1); /* a chain of definitions, each twice the one before */
    for (int i = 0; i < 47; i++) text_append(&text, "d%d = d%d*d%d + 1, ", i, i + 1, i + 1);
    text_append(&text, "d47 = x + y");
    check_quick(text.bytes, text.length, NULL);
    text_append(&text, ", d48 = x");
    check_quick(text.bytes, text.length, "more than 48 definitions");
    text_finish(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_mean_what_a_person_writes),
        cmocka_unit_test(functions_take_their_arguments),
        cmocka_unit_test(mistakes_are_shown_where_they_are),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(work_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
