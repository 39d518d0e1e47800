// The floor under watching traffic: Redis' packets on the loopback, counted by a program that does nothing else. The
// socket, the filter and the ring are those of Sidelong's capture once it has grown (Sources/Capture/PacketRing.swift).
//
//   ring PORT

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum { snap_length = 2048, block_size = 128 << 10, blocks = 32, patience = 20 };

static volatile sig_atomic_t is_over;

static void end(int number) { is_over = number; }

static char *open_ring(const char *port, int descriptor) {
    char text[32];
    snprintf(text, sizeof text, "tcp port %s", port);
    struct bpf_program program;
    if (pcap_compile(pcap_open_dead(DLT_RAW, snap_length), &program, text, 1, PCAP_NETMASK_UNKNOWN)) return MAP_FAILED;
    struct sock_fprog filter = {(unsigned short)program.bf_len, (struct sock_filter *)program.bf_insns};
    struct tpacket_req3 request = {block_size, blocks, block_size, blocks, patience, 0, 0};
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex("lo")};
    int version = TPACKET_V3, on = 1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter)
        || setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on)
        || setsockopt(descriptor, SOL_PACKET, PACKET_VERSION, &version, sizeof version)
        || setsockopt(descriptor, SOL_PACKET, PACKET_RX_RING, &request, sizeof request)
        || bind(descriptor, (struct sockaddr *)&address, sizeof address))
        return MAP_FAILED;
    return mmap(NULL, block_size * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
}

int main(int count, char **arguments) {
    struct pollfd ready = {socket(AF_PACKET, SOCK_DGRAM, 0), POLLIN, 0};
    char *ring = count == 2 ? open_ring(arguments[1], ready.fd) : MAP_FAILED;
    if (ring == MAP_FAILED) return 1;
    signal(SIGTERM, end);
    unsigned long packets = 0, bytes = 0;
    for (int next = 0; !is_over;) {
        char *block = ring + next * block_size;
        struct tpacket_hdr_v1 *header = &((struct tpacket_block_desc *)block)->hdr.bh1;
        if (!(__atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            poll(&ready, 1, 250);
            continue;
        }
        char *packet = block + header->offset_to_first_pkt;
        for (unsigned left = header->num_pkts; left > 0; left--) {
            packets++;
            bytes += ((struct tpacket3_hdr *)packet)->tp_len;
            packet += ((struct tpacket3_hdr *)packet)->tp_next_offset;
        }
        __atomic_store_n(&header->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        next = (next + 1) % blocks;
    }
    printf("%lu packets, %lu bytes\n", packets, bytes);
}
