// Answers as many bytes as the request's body says, and then does what its next word says: ends, traps or loops.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    static unsigned char bytes[10000];
    unsigned long size = 0;
    char then[8] = "";
    if (scanf("%lu %7s", &size, then) < 1) return 1;
    printf("Content-Type: application/octet-stream\n\n");
    uint32_t state = 1;
    while (size > 0) {
        size_t some = size < sizeof bytes ? size : sizeof bytes;
        for (size_t i = 0; i < some; i++) {
            state = state * 1664525u + 1013904223u;
            bytes[i] = (unsigned char)(state >> 24);
        }
        fwrite(bytes, 1, some, stdout);
        size -= some;
    }
    fflush(stdout);
    if (strcmp(then, "trap") == 0) __builtin_trap();
    for (volatile int endless = strcmp(then, "loop") == 0; endless;) {}
    return 0;
}
