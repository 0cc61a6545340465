// A backtracking matcher of small regular expressions (. * + ? ^ $ [a-z]), over the lines of a text.
#include "kernel.h"
#include <string.h>

static char text[64 * 1024];

static int here(const char *pattern, const char *at);

static const char *after_atom(const char *pattern) {
    if (*pattern != '[') return pattern + 1;
    while (*pattern != ']') pattern++;
    return pattern + 1;
}

static int one(const char *pattern, char c) {
    if (!c || c == '\n') return 0;
    if (*pattern == '.') return 1;
    if (*pattern != '[') return *pattern == c;
    for (pattern++; *pattern != ']'; pattern++) {
        if (pattern[1] == '-') {
            if (pattern[0] <= c && c <= pattern[2]) return 1;
            pattern += 2;
        } else if (*pattern == c) {
            return 1;
        }
    }
    return 0;
}

static int repeated(const char *atom, const char *rest, const char *at, int least, int most) {
    int count = 0;
    while (count < most && one(atom, at[count])) count++;
    for (; count >= least; count--) {
        if (here(rest, at + count)) return 1;
    }
    return 0;
}

static int here(const char *pattern, const char *at) {
    if (!*pattern) return 1;
    if (pattern[0] == '$' && !pattern[1]) return !*at || *at == '\n';
    const char *next = after_atom(pattern);
    switch (*next) {
        case '*': return repeated(pattern, next + 1, at, 0, 1 << 30);
        case '+': return repeated(pattern, next + 1, at, 1, 1 << 30);
        case '?': return repeated(pattern, next + 1, at, 0, 1);
        default: return one(pattern, *at) && here(next, at + 1);
    }
}

static int matches(const char *pattern, const char *line) {
    if (*pattern == '^') return here(pattern + 1, line);
    for (; *line && *line != '\n'; line++) {
        if (here(pattern, line)) return 1;
    }
    return here(pattern, line);
}

static void write_text(void) {
    static const char *const words[] = {"error", "warn", "info", "GET", "/index.html", "200", "user=alice", "12ms", "cache", "miss"};
    uint32_t random = 1;
    char *out = text;
    for (int line = 0; out < text + sizeof text - 200; line++) {
        for (int i = 0; i < 10; i++) {
            random = random * 1664525 + 1013904223;
            const char *word = words[(random >> 16) % 10];
            size_t length = strlen(word);
            memcpy(out, word, length);
            out += length;
            *out++ = ' ';
        }
        *out++ = '\n';
    }
    *out = 0;
}

uint32_t kernel(void) {
    static const char *const patterns[] = {"^error", "user=[a-z]+ [0-9]+ms", "cache.*miss *$", "[A-Z]+ /[a-z.]*l 2?00", "x[yz]*$"};
    uint32_t found = 0;
    if (!text[0]) write_text();
    for (unsigned p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
            found = found * 3 + (uint32_t) matches(patterns[p], line);
        }
    }
    return found;
}
