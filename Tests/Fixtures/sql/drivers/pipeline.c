// libpq's pipeline mode: a hundred executions behind one Sync, several Syncs at once, and an error that skips the rest.

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static PGconn *connection;
static int skipped;
static char failure[6];

static void check(int ok)
{
    if (ok) return;
    fprintf(stderr, "%s", PQerrorMessage(connection));
    exit(1);
}

static void send(const char *name, const char *value)
{
    check(PQsendQueryPrepared(connection, name, 1, &value, NULL, NULL, 0));
}

/* Reads the results of so many statements. */
static void receive(int statements)
{
    while (statements-- > 0) {
        PGresult *result = PQgetResult(connection);
        if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) skipped++;
        else if (PQresultStatus(result) == PGRES_FATAL_ERROR) strcpy(failure, PQresultErrorField(result, PG_DIAG_SQLSTATE));
        PQclear(result);
        check(PQgetResult(connection) == NULL);
    }
}

static void receive_sync(void)
{
    PGresult *result = PQgetResult(connection);
    check(PQresultStatus(result) == PGRES_PIPELINE_SYNC);
    PQclear(result);
}

int main(int count, char **arguments)
{
    char settings[200], value[20];
    if (count < 3) return 2;
    snprintf(settings, sizeof settings, "host=127.0.0.1 user=postgres sslmode=disable port=%s dbname=%s", arguments[1], arguments[2]);
    connection = PQconnectdb(settings);
    check(PQstatus(connection) == CONNECTION_OK);
    PQclear(PQprepare(connection, "read", "SELECT balance FROM accounts WHERE id = $1::int", 0, NULL));
    PQclear(PQprepare(connection, "write", "INSERT INTO events_2026_11 (id, note) VALUES (1, $1)", 0, NULL));
    PQclear(PQprepare(connection, "divide", "SELECT 10 / $1::int FROM accounts WHERE id = 1", 0, NULL));
    check(PQenterPipelineMode(connection));
    for (int number = 0; number < 100; number++) {
        snprintf(value, sizeof value, "%d", number);
        send("read", value);
    }
    check(PQpipelineSync(connection));
    receive(100);
    receive_sync();
    for (int round = 0; round < 5; round++) {
        send("write", "planted-parameter");
        send("write", "planted-parameter");
        check(PQpipelineSync(connection));
    }
    for (int round = 0; round < 5; round++) {
        receive(2);
        receive_sync();
    }
    for (int number = -2; number < 3; number++) {
        snprintf(value, sizeof value, "%d", number);
        send("divide", value);
    }
    check(PQpipelineSync(connection));
    receive(5);
    receive_sync();
    /* Answers are asked for early, by Flush; then the next ones are sent. */
    for (int number = 0; number < 10; number++) {
        send("read", "5");
        check(PQsendFlushRequest(connection) && PQflush(connection) == 0);
        receive(1);
    }
    check(PQpipelineSync(connection));
    receive_sync();
    check(PQexitPipelineMode(connection));
    const double delays[] = {0.0035, 0.016, 0.05};
    char times[200] = "";
    for (int number = 0; number < 3; number++) {
        struct timespec begin, end;
        char text[80];
        snprintf(text, sizeof text, "SELECT n, pg_sleep(%g) FROM timed", delays[number]);
        clock_gettime(CLOCK_MONOTONIC, &begin);
        PQclear(PQexec(connection, text));
        clock_gettime(CLOCK_MONOTONIC, &end);
        double elapsed = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
        snprintf(times + strlen(times), sizeof times - strlen(times), "%s%.6f", number ? ", " : "", elapsed);
    }
    printf("{\"executed\": {\"select\": 115, \"insert\": 10}, \"errors\": {\"select %s\": 1}, \"committed\": 0, "
        "\"rolled_back\": 0, \"skipped\": %d, \"times\": [%s]}\n", failure, skipped, times);
    PQfinish(connection);
}
