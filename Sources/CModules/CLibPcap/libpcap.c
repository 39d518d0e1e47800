// The functions of libpcap that are called, all of them for capture files.

#pragma GCC visibility push(hidden)
#include "libpcap.h"
#include "loading.h"

// clang-format off
#define FUNCTIONS(EACH) \
    EACH(void, pcap_close, (pcap_t *p), (p)) \
    EACH(int, pcap_datalink, (pcap_t *p), (p)) \
    EACH(const char *, pcap_datalink_val_to_name, (int number), (number)) \
    EACH(FILE *, pcap_file, (pcap_t *p), (p)) \
    EACH(char *, pcap_geterr, (pcap_t *p), (p)) \
    EACH(int, pcap_next_ex, (pcap_t *p, struct pcap_pkthdr **header, const u_char **bytes), (p, header, bytes)) \
    EACH(pcap_t *, pcap_open_offline_with_tstamp_precision, (const char *path, u_int precision, char *error), \
        (path, precision, error))
// clang-format on

FUNCTIONS(SIDELONG_POINTER)
FUNCTIONS(SIDELONG_FUNCTION)

const char *sidelong_load_libpcap(void) {
    static const struct sidelong_symbol symbols[] = {FUNCTIONS(SIDELONG_SYMBOL)};
    return sidelong_load("libpcap.so.0.8", symbols, sizeof symbols / sizeof *symbols);
}
