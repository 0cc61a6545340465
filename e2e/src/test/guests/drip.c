// Answers three lines of plain text, slowly, and then loops if the request's body says so.

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    char then[8] = "";
    fgets(then, sizeof then, stdin);
    printf("Content-Type: text/plain\n\n");
    for (int i = 1; i <= 3; i++) {
        printf("line %d\n", i);
        fflush(stdout);
        usleep(150000);
    }
    for (volatile int endless = strcmp(then, "loop") == 0; endless;) {}
    return 0;
}
