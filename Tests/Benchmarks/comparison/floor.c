// The floor under the latency of /metrics: libmicrohttpd with one thread and a page that never changes.
//
//   floor PORT FILE

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *page;
static size_t size;

static enum MHD_Result answer(
    void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *body, size_t *body_size, void **request) {
    static int seen;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(size, page, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

int main(int count, char **arguments) {
    FILE *file = count == 3 ? fopen(arguments[2], "r") : NULL;
    if (!file) return 2;
    page = malloc(1 << 20);
    size = fread(page, 1, 1 << 20, file);
    fclose(file);
    if (!MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)atoi(arguments[1]), NULL, NULL, answer, NULL, MHD_OPTION_END))
        return 1;
    pause();
}
