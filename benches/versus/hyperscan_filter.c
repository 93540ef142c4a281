/* A filter built on Hyperscan (or Vectorscan, which has the same interface), with the three rules as it can express
 * them: it has no groups, so what stays in front of a value is found again by hand. It reads blocks of whole lines.
 *
 * Errors end it; this is for a comparison and not for use. */

#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BEARER, JWT, COOKIE, RULES };

static const char *const PATTERNS[RULES] = {
    "bearer [A-Za-z0-9._~+/=-]+",
    "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*",
    "cookie['\"]?[:=] ?['\"]?[^'\"\\r\\n]+",
};
static const unsigned IDS[RULES] = {BEARER, JWT, COOKIE};
static const unsigned FLAGS[RULES] = {
    HS_FLAG_CASELESS | HS_FLAG_SOM_LEFTMOST,
    HS_FLAG_SOM_LEFTMOST,
    HS_FLAG_CASELESS | HS_FLAG_SOM_LEFTMOST,
};

static const size_t BLOCK = 1 << 20;

struct match {
    size_t from, to;
    unsigned rule;
};

static struct {
    struct match *all;
    size_t count, room;
    size_t last[RULES]; /* each rule's latest match, counted from 1; 0 if there is none */
} found;

/* A match is reported at each of its ends, the longest last. */
static int take(unsigned rule, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)flags, (void)context;
    if (found.last[rule] > 0) {
        struct match *last = &found.all[found.last[rule] - 1];
        if (last->from == from) {
            last->to = to;
            return 0;
        }
    }
    if (found.count == found.room) {
        found.room = 2 * found.room + 64;
        found.all = realloc(found.all, found.room * sizeof *found.all);
        if (!found.all) abort();
    }
    found.all[found.count++] = (struct match){from, to, rule};
    found.last[rule] = found.count;
    return 0;
}

static int by_start(const void *one, const void *other) {
    const struct match *a = one, *b = other;
    return (a->from > b->from) - (a->from < b->from);
}

/* How much of a match stays. */
static size_t prefix(const char *text, const struct match *match) {
    if (match->rule == BEARER) return strlen("bearer ");
    if (match->rule == JWT) return 0;
    size_t at = match->from + strlen("cookie");
    at += text[at] == '\'' || text[at] == '"';
    at += 1;
    at += text[at] == ' ';
    at += text[at] == '\'' || text[at] == '"';
    return at - match->from;
}

static void write_all(const char *text, size_t len) {
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, text, len);
        if (n < 0) exit(1);
        text += n, len -= (size_t)n;
    }
}

int main(void) {
    hs_database_t *rules;
    hs_compile_error_t *error;
    hs_scratch_t *scratch = NULL;
    if (hs_compile_multi(PATTERNS, FLAGS, IDS, RULES, HS_MODE_BLOCK, NULL, &rules, &error) != HS_SUCCESS) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    if (hs_alloc_scratch(rules, &scratch) != HS_SUCCESS) return 1;

    static const char REPLACEMENT[] = "[REDACTED]";
    size_t room = BLOCK, filled = 0, out_room = 2 * BLOCK;
    char *block = malloc(room), *out = malloc(out_room);
    for (int ended = 0; !ended;) {
        ssize_t n = read(STDIN_FILENO, block + filled, room - filled);
        if (n < 0 || !block || !out) return 1;
        ended = n == 0;
        size_t before = filled;
        filled += (size_t)n;
        char *newline = memrchr(block + before, '\n', filled - before);
        size_t whole = ended ? filled : newline ? (size_t)(newline + 1 - block) : 0;
        if (whole == 0) {
            if (filled == room) block = realloc(block, room *= 2);
            continue;
        }

        found.count = 0;
        memset(found.last, 0, sizeof found.last);
        if (hs_scan(rules, block, whole, 0, scratch, take, NULL) != HS_SUCCESS) return 1;
        qsort(found.all, found.count, sizeof *found.all, by_start);
        size_t most = whole + found.count * sizeof REPLACEMENT;
        if (most > out_room) out = realloc(out, out_room = 2 * most);
        size_t done = 0, len = 0;
        for (size_t k = 0; k < found.count; k++) {
            const struct match *match = &found.all[k];
            if (match->from < done) {
                if (match->to > done) done = match->to;
                continue;
            }
            size_t keep = match->from + prefix(block, match);
            memcpy(out + len, block + done, keep - done);
            len += keep - done;
            memcpy(out + len, REPLACEMENT, sizeof REPLACEMENT - 1);
            len += sizeof REPLACEMENT - 1;
            done = match->to;
        }
        memcpy(out + len, block + done, whole - done);
        write_all(out, len + whole - done);
        memmove(block, block + whole, filled -= whole);
    }
    return 0;
}
