// The main of a kernel: rounds of it for as many milliseconds as the query says, each timed by the guest's own clock.
// A file of its own, so that the kernel stays a function: V8 does not replace the code of one that runs, and would never
// optimise work in main.
#include "kernel.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void) {
    int64_t until = nanos() + atoi(getenv("QUERY_STRING")) * 1000000LL;
    puts("content-type: text/plain\n");
    for (int64_t before = nanos(); before < until;) {
        uint32_t sum = kernel();
        int64_t after = nanos();
        printf("round %lld %u\n", (long long) (after - before), sum);
        before = nanos();
    }
    return 0;
}
