// Answers how many bytes the request's body has, and their FNV-1a hash.

#include <stdint.h>
#include <stdio.h>

int main(void) {
    static unsigned char bytes[1 << 16];
    uint32_t hash = 2166136261u;
    size_t size = 0;
    for (size_t read; (read = fread(bytes, 1, sizeof bytes, stdin)) > 0; size += read) {
        for (size_t i = 0; i < read; i++) hash = (hash ^ bytes[i]) * 16777619u;
    }
    printf("Content-Type: text/plain\n\n%zu %08x", size, (unsigned)hash);
    return 0;
}
