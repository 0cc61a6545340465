// Asks the addresses in TARGETS (separated by spaces) and answers the status of each, as JSON.

#include "../photon/photon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

// What is printed came from photoniq.toml or from the platform, so only quotes and backslashes are of concern.
static void print_text(const char *text, int length) {
    putchar('"');
    for (int i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\') putchar('\\');
        if ((unsigned char) text[i] >= ' ') putchar(text[i]);
    }
    putchar('"');
}

static void ask(const char *target) {
    char head[1024], reason[512];
    int length = snprintf(head, sizeof head, "GET %s\naccept: */*\n", target);
    double began = milliseconds();
    int status = length < (int) sizeof head ? photon_fetch(head, length, NULL, 0) : PHOTON_BAD_REQUEST;

    printf("{\"target\":");
    print_text(target, strlen(target));
    printf(",\"milliseconds\":%.1f,", milliseconds() - began);
    if (status >= 0) {
        printf("\"status\":%d}", status);
        return;
    }
    int needed = photon_fetch_head(reason, sizeof reason);
    printf("\"error\":");
    print_text(reason, needed <= (int) sizeof reason ? needed : 0);
    printf("}");

    char line[256];
    photon_log(PHOTON_WARN, line, snprintf(line, sizeof line, "%.200s: error %d", target, status));
}

int main(void) {
    const char *given = getenv("TARGETS");
    char *targets = strdup(given == NULL ? "" : given), *rest = NULL;
    int count = 0;

    printf("Content-Type: application/json\n\n[");
    for (char *target = strtok_r(targets, " ", &rest); target != NULL; target = strtok_r(NULL, " ", &rest)) {
        if (count++ > 0) putchar(',');
        ask(target);
    }
    puts("]");
    return 0;
}
