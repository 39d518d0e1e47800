// The floor under the processor time of polls: asks the three servers and reads the machine's files as a poll does, with
// libpq and plain sockets, in one thread, and throws away what comes. It makes no page and listens nowhere.
//
//   poller SECONDS REDIS_PORT POSTGRES_DSN PGBOUNCER_DSN

#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 16];

static const char *const redis_commands =
    "INFO default modules commandstats\r\nSLOWLOG LEN\r\nLATENCY LATEST\r\nPING\r\n";

static const char *const statements[] = {
    "SELECT pg_is_in_recovery(), current_setting('server_version_num'), pg_postmaster_start_time()",
    "SELECT * FROM pg_stat_database", "SELECT * FROM pg_stat_bgwriter", "SELECT * FROM pg_stat_wal",
    "SELECT * FROM pg_stat_archiver", "SELECT * FROM pg_stat_replication", "SELECT * FROM pg_replication_slots",
    "SELECT datname, state, count(*) FROM pg_stat_activity GROUP BY 1, 2",
    "SELECT mode, count(*) FROM pg_locks GROUP BY 1",
    "SELECT max(age(backend_xmin)) FROM pg_stat_activity"};

static const char *const shows[] = {"SHOW VERSION", "SHOW CONFIG", "SHOW DATABASES", "SHOW POOLS", "SHOW STATS", "SHOW LISTS"};

static const char *const files[] = {
    "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/pressure/cpu", "/proc/pressure/memory", "/proc/pressure/io",
    "/proc/net/dev", "/proc/self/cgroup", "/proc/self/stat", "/proc/self/status", "/proc/self/limits",
    "/proc/self/net/netstat", "/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cpu.stat",
    "/sys/fs/cgroup/cpu.max"};

static int connected(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) exit(1);
    return descriptor;
}

static void ask_redis(int descriptor) {
    size_t size = 0;
    if (write(descriptor, redis_commands, strlen(redis_commands)) < 0) exit(1);
    do {
        ssize_t count = read(descriptor, buffer + size, sizeof buffer - size);
        if (count <= 0) exit(1);
        size += count;
    } while (size < 7 || memcmp(buffer + size - 7, "+PONG\r\n", 7) != 0);
}

static void ask(PGconn *connection, const char *const *texts, size_t count) {
    for (size_t index = 0; index < count; index++) PQclear(PQexec(connection, texts[index]));
}

static void read_files(void) {
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        int descriptor = open(files[index], O_RDONLY);
        if (descriptor < 0) continue;
        while (read(descriptor, buffer, sizeof buffer) > 0) continue;
        close(descriptor);
    }
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    double pause = atof(arguments[1]);
    struct timespec rest = {.tv_sec = (time_t)pause, .tv_nsec = (long)((pause - (time_t)pause) * 1e9)};
    int redis = connected(atoi(arguments[2]));
    PGconn *postgres = PQconnectdb(arguments[3]);
    if (PQstatus(postgres) != CONNECTION_OK) return 1;
    while (1) {
        ask_redis(redis);
        ask(postgres, statements, sizeof statements / sizeof *statements);
        // A connection for each poll, as the console is asked by all.
        PGconn *pgbouncer = PQconnectdb(arguments[4]);
        if (PQstatus(pgbouncer) != CONNECTION_OK) return 1;
        ask(pgbouncer, shows, sizeof shows / sizeof *shows);
        PQfinish(pgbouncer);
        read_files();
        nanosleep(&rest, NULL);
    }
}
