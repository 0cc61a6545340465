// Counts the lines, words and bytes of the body and answers them with its most frequent words, as JSON.
// A word is a run of letters, digits, apostrophes and bytes of non-ASCII characters; case is ignored for ASCII.

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOP = 10 };

typedef struct {
    const unsigned char *text;
    size_t length;
    size_t count;
} Word;

static void *allocated(void *memory) {
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static unsigned char *read_all(size_t *length) {
    size_t capacity = 64 * 1024;
    unsigned char *bytes = allocated(malloc(capacity));
    ssize_t got;
    *length = 0;
    while ((got = read(STDIN_FILENO, bytes + *length, capacity - *length)) > 0) {
        *length += got;
        if (*length == capacity) bytes = allocated(realloc(bytes, capacity *= 2));
    }
    if (got < 0) {
        perror("reading the body");
        exit(1);
    }
    return bytes;
}

static bool in_word(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c >= 0x80;
}

static int alphabetically(const Word *a, const Word *b) {
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static int most_frequent_first(const void *left, const void *right) {
    const Word *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : alphabetically(a, b);
}

// An open-addressing hash table that doubles when it is half full.
typedef struct {
    Word *slots;
    size_t capacity;
    size_t used;
} Table;

static Word *find(const Table *table, const Word *word) {
    uint32_t hash = 2166136261u; // FNV-1a
    for (size_t i = 0; i < word->length; i++) hash = (hash ^ word->text[i]) * 16777619u;
    size_t slot = hash & (table->capacity - 1);
    while (table->slots[slot].count > 0 && alphabetically(&table->slots[slot], word) != 0) {
        slot = (slot + 1) & (table->capacity - 1);
    }
    return &table->slots[slot];
}

static Table table_of(size_t capacity) {
    return (Table) {allocated(calloc(capacity, sizeof(Word))), capacity, 0};
}

static void add(Table *table, const Word *word) {
    Word *slot = find(table, word);
    if (slot->count > 0) {
        slot->count++;
        return;
    }
    *slot = *word;
    if (++table->used * 2 < table->capacity) return;
    Table larger = table_of(table->capacity * 2);
    larger.used = table->used;
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i].count > 0) *find(&larger, &table->slots[i]) = table->slots[i];
    }
    free(table->slots);
    *table = larger;
}

// The length of the UTF-8 character that starts here, or 0 if it is malformed.
static size_t utf8_length(const unsigned char *s, size_t available) {
    unsigned char c = s[0];
    size_t length = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    if (length > available) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
    }
    bool overlong = (c == 0xE0 && s[1] < 0xA0) || (c == 0xF0 && s[1] < 0x90);
    bool beyond = (c == 0xED && s[1] > 0x9F) || (c == 0xF4 && s[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

// Nothing in a word needs escaping in JSON, but a body need not be UTF-8.
static void print_word(const Word *word) {
    for (size_t i = 0, n; i < word->length; i += n) {
        n = utf8_length(word->text + i, word->length - i);
        if (n > 0) {
            fwrite(word->text + i, 1, n, stdout);
        } else {
            fputs("\\ufffd", stdout);
            n = 1;
        }
    }
}

int main(void) {
    size_t length, lines = 0, words = 0;
    unsigned char *text = read_all(&length);
    Table table = table_of(1024);

    for (size_t i = 0; i < length; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z') text[i] += 'a' - 'A';
        lines += text[i] == '\n';
    }
    lines += length > 0 && text[length - 1] != '\n';

    for (size_t start = 0, end; start < length; start = end + 1) {
        for (end = start; end < length && in_word(text[end]); end++) {}
        if (end == start) continue;
        add(&table, &(Word) {text + start, end - start, 1});
        words++;
    }
    qsort(table.slots, table.capacity, sizeof(Word), most_frequent_first); // empty slots end up last

    printf("Content-Type: application/json\n\n{\"lines\":%zu,\"words\":%zu,\"bytes\":%zu,\"top\":[", lines, words, length);
    for (size_t i = 0; i < TOP && i < table.used; i++) {
        printf("%s{\"word\":\"", i > 0 ? "," : "");
        print_word(&table.slots[i]);
        printf("\",\"count\":%zu}", table.slots[i].count);
    }
    puts("]}");
    return 0;
}
