// Puts a secret wherever a program can put one, when the request's body is "plant"; answers in how many places it is
// found, when it is "search". In the program itself it is written in another way, so that it does not find that.

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PAGE 65536
#define KEY 0x5a

static const volatile unsigned char ENCODED[16] = {0x2a, 0x32, 0x35, 0x2e, 0x35, 0x34, 0x77, 0x29,
                                                   0x3f, 0x39, 0x28, 0x3f, 0x2e, 0x77, 0x6d, 0x6b};
extern char **environ;
static char kept[sizeof ENCODED + 1];

static void plant(void) {
    for (unsigned i = 0; i < sizeof ENCODED; i++) kept[i] = (char)(ENCODED[i] ^ KEY);
    setenv("SECRET", kept, 1);
    FILE *file = fopen("/tmp/secret", "w");
    if (file != NULL) {
        fputs(kept, file);
        fclose(file);
    }
    mkdir("/tmp/photon-secret", 0700);
    // All memory there is, page by page.
    for (size_t old; (old = __builtin_wasm_memory_grow(0, 1)) != SIZE_MAX;) {
        for (unsigned at = 0; at < PAGE; at += sizeof ENCODED) memcpy((char *)(old * PAGE + at), kept, sizeof ENCODED);
    }
}

static int is_secret(const unsigned char *at) {
    for (unsigned i = 0; i < sizeof ENCODED; i++) {
        if ((at[i] ^ KEY) != ENCODED[i]) return 0;
    }
    return 1;
}

static int search(void) {
    int found = kept[0] != 0 || getenv("SECRET") != NULL;
    DIR *directory = opendir("/tmp");
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        found += entry->d_name[0] != '.';
    }
    while (__builtin_wasm_memory_grow(0, 1) != SIZE_MAX) {}
    size_t end = __builtin_wasm_memory_size(0) * PAGE - sizeof ENCODED;
    for (size_t at = 0; at <= end; at++) found += is_secret((const unsigned char *)at);
    return found;
}

int main(void) {
    char command[16] = "";
    fgets(command, sizeof command, stdin);
    puts("Content-Type: text/plain\n");
    if (strcmp(command, "plant") == 0) {
        plant();
        puts("planted");
    } else {
        printf("found %d\n", search());
    }
    return 0;
}
