#include <linux/if_packet.h>
#include <pcap/pcap.h>
