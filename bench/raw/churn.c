// The physical limit of connecting and closing: a client that does nothing but the system calls.
//
//   churn HOST PORT TIMES SOCKETS
//
// SOCKETS times side by side, TIMES times one after the other: connects to ws://HOST:PORT/echo, does
// the opening handshake, sends a close frame, and reads the server's and then the end of the stream
// (RFC 6455 §7.1.1: the server ends first). Single-threaded, epoll. Exits with 0 if all went well.

#include "dial.h"

#include <errno.h>
#include <sys/epoll.h>

enum state { CONNECTING, OPENING, CLOSING };

struct peer {
  int fd;
  enum state state;
  long left;   // connections still to be made, this one not counted
  size_t got;  // bytes of the answer
  char answer[2048];
};

static struct sockaddr_in address;
static char request[256];
static int request_length, poll;

static void begin(struct peer *peer) {
  int on = 1;
  peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (peer->fd < 0) fail("socket");
  if (setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) fail("setsockopt");
  int connected = connect(peer->fd, (struct sockaddr *)&address, sizeof address);
  if (connected < 0 && errno != EINPROGRESS) fail("connect");
  // Edges: one event when it is connected, then one for each thing that comes.
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = peer};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, peer->fd, &event) < 0) fail("epoll_ctl");
  peer->state = CONNECTING;
  peer->got = 0;
}

// Whether the connection is over.
static int go_on(struct peer *peer) {
  // RFC 6455 §5.5.1, code 1000, masked with zeros.
  static const unsigned char close_frame[8] = {0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8};
  if (peer->state == CONNECTING) {
    if (write(peer->fd, request, request_length) != request_length) fail("write");
    peer->state = OPENING;
    return 0;
  }
  for (;;) {
    ssize_t got = read(peer->fd, peer->answer + peer->got, sizeof peer->answer - peer->got);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got < 0) fail("read");
    if (got == 0 && peer->state == CLOSING) return 1;
    if (got == 0) fail("handshake");
    peer->got += got;
    if (peer->state == OPENING && is_accepted(peer->answer, peer->got)) {
      if (write(peer->fd, close_frame, sizeof close_frame) != sizeof close_frame) fail("write");
      peer->state = CLOSING;
      return 0;
    }
  }
}

int main(int count, char **values) {
  if (count != 5) {
    fprintf(stderr, "usage: churn HOST PORT TIMES SOCKETS\n");
    return 2;
  }
  int port = atoi(values[2]), sockets = atoi(values[4]);
  long times = atol(values[3]);
  if (sockets < 1 || times < 1) return 2;
  address = address_of(values[1], port);
  request_length = write_request(request, sizeof request, values[1], port);
  struct peer *peers = calloc(sockets, sizeof *peers);
  if (!peers) fail("malloc");
  poll = epoll_create1(0);
  if (poll < 0) fail("epoll_create1");
  for (int i = 0; i < sockets; i++) {
    peers[i].left = times - 1;
    begin(&peers[i]);
  }
  struct epoll_event events[256];
  for (int open = sockets; open > 0;) {
    int ready = epoll_wait(poll, events, 256, 10000);
    if (ready <= 0) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct peer *peer = events[i].data.ptr;
      if (!go_on(peer)) continue;
      close(peer->fd);
      if (peer->left-- > 0) begin(peer);
      else open--;
    }
  }
  return 0;
}
