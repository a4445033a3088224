/* The best of all ways to find the pattern in the text, by dynamic programming over both. */
#include "fuzzy.h"

#include <stdbool.h>
#include <string.h>

enum { PATTERN_MAX = 48, TEXT_MAX = 160 }; /* what is longer does not count */
enum { FIRST_BONUS = 14, WORD_BONUS = 10, NEXT_BONUS = 12, HIT = 1, NOWHERE = -1 };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static int bonus_at(const char *text, int at) {
    if (at == 0) return FIRST_BONUS;
    return is_letter(text[at]) && !is_letter(text[at - 1]) ? WORD_BONUS : 0;
}

int fuzzy_score(const char *pattern, const char *text) {
    int length = (int)strnlen(text, TEXT_MAX), n = 0;
    /* best[j]: of the pattern so far, its last character found at j; any: the best of best[0..j). */
    int best[TEXT_MAX], next[TEXT_MAX];
    for (; *pattern && n < PATTERN_MAX; pattern++) {
        if (*pattern == ' ') continue;
        int any = n == 0 ? 0 : NOWHERE;
        bool found = false;
        for (int j = 0; j < length; j++) {
            next[j] = NOWHERE;
            if (lower(text[j]) == lower(*pattern) && any != NOWHERE) {
                next[j] = any + HIT + bonus_at(text, j);
                int joined =
                    n > 0 && j > 0 && best[j - 1] != NOWHERE ? best[j - 1] + HIT + NEXT_BONUS : NOWHERE;
                if (joined > next[j]) next[j] = joined;
                found = true;
            }
            if (n > 0 && best[j] > any) any = best[j];
        }
        if (!found) return -1;
        memcpy(best, next, sizeof best);
        n++;
    }
    if (n == 0) return 0;
    int most = 0;
    for (int j = 0; j < length; j++)
        if (best[j] > most) most = best[j];
    /* Of equals the one that says least besides. */
    return 256 * most + (TEXT_MAX - length);
}
