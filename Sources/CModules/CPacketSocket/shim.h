#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
