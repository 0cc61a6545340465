// Redirects short paths to the addresses that the variable LINKS gives them: "docs=https://… home=https://…". The path
// "/" lists them. Any other path goes to the next handler, and what that did not find is told as JSON.
// A handler of the http-wasm ABI: its instance serves one request after the other, so LINKS is read once.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../photon/http_handler.h"

static const char *links;
static unsigned followed;

// The length of the address that a name stands for, or 0.
static int find(const char *name, size_t length, const char **address) {
    for (const char *at = links; *at != '\0';) {
        const char *end = at + strcspn(at, " ");
        if ((size_t)(end - at) > length && strncmp(at, name, length) == 0 && at[length] == '=') {
            *address = at + length + 1;
            return end - *address;
        }
        at = *end == '\0' ? end : end + 1;
    }
    return 0;
}

static void header(const char *name, const char *value, int length) {
    http_set_header_value(HTTP_RESPONSE, name, strlen(name), value, length);
}

static void answer(const char *type, const char *text) {
    header("content-type", type, strlen(type));
    http_write_body(HTTP_RESPONSE, text, strlen(text));
}

// Runs once for an instance, before its first request.
__attribute__((constructor)) static void prepare(void) {
    links = getenv("LINKS");
    if (links == NULL) links = "";
    http_enable_features(HTTP_BUFFER_RESPONSE);
}

HTTP_EXPORT(handle_request) long long handle_request(void) {
    char uri[2048];
    int length = http_get_uri(uri, sizeof uri);
    if (length > (int)sizeof uri) return 1;
    size_t path = 1;
    while (path < (size_t)length && uri[path] != '?') path++;

    if (path == 1) {
        char text[4096];
        snprintf(text, sizeof text, "%s\nfollowed with this instance: %u\n", links, followed);
        answer("text/plain; charset=utf-8", text);
        return 0;
    }
    const char *address;
    int address_length = find(uri + 1, path - 1, &address);
    if (address_length == 0) return 1;
    followed++;
    http_set_status_code(302);
    header("location", address, address_length);
    return 0;
}

HTTP_EXPORT(handle_response) void handle_response(int context, int is_error) {
    (void)context;
    if (is_error || http_get_status_code() != 404) return;
    answer("application/json", "{\"error\":\"there is no such link\"}\n");
}
