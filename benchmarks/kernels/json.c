// Parses a JSON text (RFC 8259) of some 300 KB into a tree and sums it up.
#include "kernel.h"
#include <stdlib.h>
#include <string.h>

enum kind { NUL, BOOL, NUMBER, STRING, ARRAY, OBJECT };

struct value {
    enum kind kind;
    double number;
    const char *text;
    int length;
    struct value *first; // The first member or element.
    struct value *next;
    const char *key;
    int key_length;
};

static char text[400000];
static struct value nodes[60000];
static int used;
static const char *at;

static struct value *value(void);

static void space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}

static void string(const char **start, int *length) {
    *start = ++at;
    while (*at != '"') {
        if (*at == '\\') at++;
        at++;
    }
    *length = (int) (at - *start);
    at++;
}

static double number(void) {
    double sign = 1, result = 0, scale = 1;
    if (*at == '-') sign = -1, at++;
    while (*at >= '0' && *at <= '9') result = result * 10 + (*at++ - '0');
    if (*at == '.') {
        at++;
        while (*at >= '0' && *at <= '9') result = result * 10 + (*at++ - '0'), scale *= 10;
    }
    return sign * result / scale;
}

static void members(struct value *parent, char end, int keys) {
    struct value **last = &parent->first;
    at++;
    space();
    while (*at != end) {
        const char *key = 0;
        int length = 0;
        if (keys) {
            string(&key, &length);
            space();
            at++;
        }
        struct value *child = value();
        child->key = key;
        child->key_length = length;
        *last = child;
        last = &child->next;
        space();
        if (*at == ',') at++;
        space();
    }
    at++;
}

static struct value *value(void) {
    struct value *made = &nodes[used++];
    memset(made, 0, sizeof *made);
    space();
    switch (*at) {
        case '{': made->kind = OBJECT; members(made, '}', 1); break;
        case '[': made->kind = ARRAY; members(made, ']', 0); break;
        case '"': made->kind = STRING; string(&made->text, &made->length); break;
        case 't': made->kind = BOOL; made->number = 1; at += 4; break;
        case 'f': made->kind = BOOL; at += 5; break;
        case 'n': at += 4; break;
        default: made->kind = NUMBER; made->number = number();
    }
    return made;
}

static uint32_t sum(const struct value *from) {
    uint32_t total = from->kind * 31u + (uint32_t) from->key_length;
    if (from->kind == NUMBER) total += (uint32_t) (int32_t) from->number;
    for (int i = 0; i < from->length; i++) total = total * 33 + (uint8_t) from->text[i];
    for (const struct value *child = from->first; child; child = child->next) total = total * 17 + sum(child);
    return total;
}

static void append(const char *piece) {
    while (*piece) text[used++] = *piece++;
}

static void append_number(int n) {
    char digits[12];
    int count = 0;
    do digits[count++] = (char) ('0' + n % 10), n /= 10; while (n);
    while (count) text[used++] = digits[--count];
}

static void write_text(void) {
    used = 0;
    append("[\n");
    for (int i = 0; i < 3000; i++) {
        append(i ? ",\n  {\"id\": " : "  {\"id\": ");
        append_number(i);
        append(", \"name\": \"user \\\"");
        append_number(i * 7919 % 10007);
        append("\\\"\", \"active\": ");
        append(i % 3 ? "true" : "false");
        append(", \"score\": -");
        append_number(i % 100);
        append(".25, \"tags\": [\"alpha\", \"beta\", null, [");
        append_number(i * 31);
        append("]]}");
    }
    append("\n]\n");
    text[used] = 0;
}

uint32_t kernel(void) {
    if (!text[0]) write_text();
    used = 0;
    at = text;
    return sum(value());
}
