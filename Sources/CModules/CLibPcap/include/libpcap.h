#ifndef SIDELONG_LIBPCAP_H
#define SIDELONG_LIBPCAP_H

#include <pcap/pcap.h>

/// Loads libpcap. To be called once, before any other function; returns NULL, or why there is no libpcap.
const char *_Nullable sidelong_load_libpcap(void);

#endif
