// The functions of libpq that are called, 14 or newer for the pipeline mode.

#pragma GCC visibility push(hidden)
#include "libpq.h"
#include "loading.h"

// clang-format off
#define FUNCTIONS(EACH) \
    EACH(int, PQcancel, (PGcancel *c, char *text, int size), (c, text, size)) \
    EACH(void, PQclear, (PGresult *r), (r)) \
    EACH(PostgresPollingStatusType, PQconnectPoll, (PGconn *c), (c)) \
    EACH(PGconn *, PQconnectStartParams, (const char *const *k, const char *const *v, int e), (k, v, e)) \
    EACH(PQconninfoOption *, PQconninfo, (PGconn *c), (c)) \
    EACH(void, PQconninfoFree, (PQconninfoOption *o), (o)) \
    EACH(PQconninfoOption *, PQconninfoParse, (const char *text, char **error), (text, error)) \
    EACH(int, PQconsumeInput, (PGconn *c), (c)) \
    EACH(int, PQenterPipelineMode, (PGconn *c), (c)) \
    EACH(char *, PQerrorMessage, (const PGconn *c), (c)) \
    EACH(void, PQfinish, (PGconn *c), (c)) \
    EACH(int, PQflush, (PGconn *c), (c)) \
    EACH(char *, PQfname, (const PGresult *r, int field), (r, field)) \
    EACH(void, PQfreeCancel, (PGcancel *c), (c)) \
    EACH(void, PQfreemem, (void *memory), (memory)) \
    EACH(PGcancel *, PQgetCancel, (PGconn *c), (c)) \
    EACH(PGresult *, PQgetResult, (PGconn *c), (c)) \
    EACH(int, PQgetlength, (const PGresult *r, int row, int field), (r, row, field)) \
    EACH(int, PQgetisnull, (const PGresult *r, int row, int field), (r, row, field)) \
    EACH(char *, PQgetvalue, (const PGresult *r, int row, int field), (r, row, field)) \
    EACH(int, PQisBusy, (PGconn *c), (c)) \
    EACH(int, PQnfields, (const PGresult *r), (r)) \
    EACH(PGnotify *, PQnotifies, (PGconn *c), (c)) \
    EACH(int, PQntuples, (const PGresult *r), (r)) \
    EACH(const char *, PQparameterStatus, (const PGconn *c, const char *name), (c, name)) \
    EACH(char *, PQpass, (const PGconn *c), (c)) \
    EACH(int, PQpipelineSync, (PGconn *c), (c)) \
    EACH(char *, PQresultErrorField, (const PGresult *r, int code), (r, code)) \
    EACH(char *, PQresultErrorMessage, (const PGresult *r), (r)) \
    EACH(ExecStatusType, PQresultStatus, (const PGresult *r), (r)) \
    EACH(int, PQsendQuery, (PGconn *c, const char *text), (c, text)) \
    EACH(int, PQsendQueryParams, \
        (PGconn *c, const char *text, int n, const Oid *types, const char *const *values, const int *lengths, \
         const int *formats, int format), \
        (c, text, n, types, values, lengths, formats, format)) \
    EACH(PGVerbosity, PQsetErrorVerbosity, (PGconn *c, PGVerbosity v), (c, v)) \
    EACH(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *c, PQnoticeProcessor p, void *context), (c, p, context)) \
    EACH(int, PQsetSingleRowMode, (PGconn *c), (c)) \
    EACH(int, PQsetnonblocking, (PGconn *c, int on), (c, on)) \
    EACH(int, PQsocket, (const PGconn *c), (c)) \
    EACH(ConnStatusType, PQstatus, (const PGconn *c), (c))
// clang-format on

FUNCTIONS(SIDELONG_POINTER)
FUNCTIONS(SIDELONG_FUNCTION)

const char *sidelong_load_libpq(void) {
    static const struct sidelong_symbol symbols[] = {FUNCTIONS(SIDELONG_SYMBOL)};
    return sidelong_load("libpq.so.5", symbols, sizeof symbols / sizeof *symbols);
}
