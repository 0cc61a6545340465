// Greets whom the path names, as in /{{name}}/Ada, or else the body.
//
// The request's head is in environment variables (REQUEST_METHOD, PATH_INFO, QUERY_STRING, CONTENT_TYPE, HTTP_…), beside
// those of photoniq.toml, and its body is standard input. The answer is header lines, an empty line and the body, on
// standard output. Standard error is the log.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 1000 };

static const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : otherwise;
}

// The first bytes of the body, without the white space around them.
static const char *body(void) {
    static char bytes[MAX_NAME + 1];
    size_t length = fread(bytes, 1, MAX_NAME, stdin);
    while (length > 0 && strchr(" \t\r\n", bytes[length - 1]) != NULL) length--;
    bytes[length] = '\0';
    return bytes + strspn(bytes, " \t\r\n");
}

int main(void) {
    const char *method = variable("REQUEST_METHOD", "");
    if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0) {
        fprintf(stderr, "WARN refused %s\n", method);
        fputs("Status: 405 Method Not Allowed\nAllow: GET, POST\n\n", stdout);
        return 0;
    }
    const char *name = variable("PATH_INFO", "");
    name += strspn(name, "/");
    if (name[0] == '\0') name = body();
    if (name[0] == '\0') name = "world";

    fprintf(stderr, "INFO greeting %s\n", name);
    printf("Content-Type: text/plain; charset=utf-8\n\n%s, %s!\n", variable("GREETING", "Hello"), name);
    return 0;
}
