// Answers the environment, a variable per line.

#include <stdio.h>

extern char **environ;

int main(void) {
    puts("Content-Type: text/plain; charset=utf-8\n");
    for (char **variable = environ; *variable != NULL; variable++) puts(*variable);
    return 0;
}
