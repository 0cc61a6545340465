// The http-wasm handler ABI (http-wasm.io, "http-handler"): see executor/GUEST.md. Include it, and call.
#pragma once

#define HTTP_HANDLER(name) __attribute__((import_module("http_handler"), import_name(#name)))
#define HTTP_EXPORT(name) __attribute__((export_name(#name)))

enum { HTTP_REQUEST = 0, HTTP_RESPONSE = 1 };
enum { HTTP_BUFFER_REQUEST = 1, HTTP_BUFFER_RESPONSE = 2 };

// The features in effect; before the first request, enables them for all.
HTTP_HANDLER(enable_features) int http_enable_features(int features);

// These give the length, and write nothing when that is over the limit.
HTTP_HANDLER(get_config) int http_get_config(char *buffer, int limit);
HTTP_HANDLER(get_method) int http_get_method(char *buffer, int limit);
HTTP_HANDLER(get_uri) int http_get_uri(char *buffer, int limit);
HTTP_HANDLER(get_protocol_version) int http_get_protocol_version(char *buffer, int limit);
HTTP_HANDLER(get_source_addr) int http_get_source_addr(char *buffer, int limit);

HTTP_HANDLER(set_method) void http_set_method(const char *method, int length);
HTTP_HANDLER(set_uri) void http_set_uri(const char *uri, int length);

// Count << 32 | length; each text ends with NUL.
HTTP_HANDLER(get_header_names) long long http_get_header_names(int kind, char *buffer, int limit);
HTTP_HANDLER(get_header_values)
long long http_get_header_values(int kind, const char *name, int name_length, char *buffer, int limit);

HTTP_HANDLER(set_header_value)
void http_set_header_value(int kind, const char *name, int name_length, const char *value, int length);
HTTP_HANDLER(add_header_value)
void http_add_header_value(int kind, const char *name, int name_length, const char *value, int length);
HTTP_HANDLER(remove_header) void http_remove_header(int kind, const char *name, int name_length);

// End << 32 | length. The limit must not be 0.
HTTP_HANDLER(read_body) long long http_read_body(int kind, void *buffer, int limit);
HTTP_HANDLER(write_body) void http_write_body(int kind, const void *body, int length);

HTTP_HANDLER(get_status_code) int http_get_status_code(void);
HTTP_HANDLER(set_status_code) void http_set_status_code(int status);

// Levels: -1 debug, 0 info, 1 warning, 2 error.
HTTP_HANDLER(log) void http_log(int level, const char *text, int length);
HTTP_HANDLER(log_enabled) int http_log_enabled(int level);
