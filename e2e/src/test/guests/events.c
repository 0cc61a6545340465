// Answers two events, the second a moment after the first, and then loops.

#include <stdio.h>
#include <unistd.h>

int main(void) {
    printf("Content-Type: text/event-stream\n\ndata: first\n\n");
    fflush(stdout);
    usleep(1000);
    printf("data: second\n\n");
    fflush(stdout);
    for (volatile int endless = 1; endless;) {}
    return 0;
}
