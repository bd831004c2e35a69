// The physical limit of an echo: a client that does nothing but the system calls.
//
//   echo HOST PORT SOCKETS MESSAGES BYTES IN_FLIGHT
//
// Opens SOCKETS WebSocket connections to ws://HOST:PORT/echo and on each sends MESSAGES messages of
// BYTES bytes (at most 125), IN_FLIGHT of them at a time, from frames that are made beforehand
// (RFC 6455 §5.2, with one mask for all). Single-threaded, epoll. Bytes that come back are counted,
// not looked at. Exits with 0 if all came back.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
  int fd;
  long sent, heard; // messages
  long bytes;       // of a message that is not whole yet
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int dial(const char *host, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail("address");
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0) fail("socket");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) fail("setsockopt");
  char request[256], answer[2048];
  int length = snprintf(request, sizeof request,
      "GET /echo HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      host, port);
  if (write(fd, request, length) != length) fail("write");
  size_t got = 0;
  while (got < 4 || memcmp(answer + got - 4, "\r\n\r\n", 4) != 0) {
    if (got == sizeof answer || read(fd, answer + got, 1) != 1) fail("handshake");
    got++;
  }
  if (memcmp(answer, "HTTP/1.1 101", 12) != 0) {
    fprintf(stderr, "handshake refused\n");
    exit(1);
  }
  if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) fail("fcntl");
  return fd;
}

int main(int count, char **values) {
  if (count != 7) {
    fprintf(stderr, "usage: echo HOST PORT SOCKETS MESSAGES BYTES IN_FLIGHT\n");
    return 2;
  }
  int port = atoi(values[2]), sockets = atoi(values[3]), bytes = atoi(values[5]);
  int in_flight = atoi(values[6]);
  long messages = atol(values[4]);
  if (sockets < 1 || messages < 1 || bytes < 0 || bytes > 125 || in_flight < 1) return 2;

  // As many frames in a row as may be in flight: any number of them is one write.
  int sent_length = 6 + bytes, heard_length = 2 + bytes;
  char *frames = malloc((size_t)sent_length * in_flight);
  char *input = malloc(65536);
  struct peer *peers = calloc(sockets, sizeof *peers);
  if (!frames || !input || !peers) fail("malloc");
  for (int i = 0; i < in_flight; i++) {
    unsigned char *frame = (unsigned char *)frames + (size_t)sent_length * i;
    const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    frame[0] = 0x81;
    frame[1] = 0x80 | bytes;
    memcpy(frame + 2, mask, 4);
    for (int j = 0; j < bytes; j++) frame[6 + j] = 'x' ^ mask[j % 4];
  }

  int poll = epoll_create1(0);
  if (poll < 0) fail("epoll_create1");
  for (int i = 0; i < sockets; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
    peers[i].fd = dial(values[1], port);
    if (epoll_ctl(poll, EPOLL_CTL_ADD, peers[i].fd, &event) < 0) fail("epoll_ctl");
  }
  for (int i = 0; i < sockets; i++) {
    long first = messages < in_flight ? messages : in_flight;
    // Never more than a socket's buffer takes, so a write is whole or the end.
    if (write(peers[i].fd, frames, sent_length * first) != sent_length * first) fail("write");
    peers[i].sent = first;
  }

  struct epoll_event events[256];
  for (int open = sockets; open > 0;) {
    int ready = epoll_wait(poll, events, 256, 10000);
    if (ready <= 0) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct peer *peer = events[i].data.ptr;
      ssize_t got = read(peer->fd, input, 65536);
      if (got <= 0) fail("read");
      peer->bytes += got;
      long whole = peer->bytes / heard_length;
      peer->bytes %= heard_length;
      peer->heard += whole;
      long next = messages - peer->sent < whole ? messages - peer->sent : whole;
      if (next > 0) {
        if (write(peer->fd, frames, sent_length * next) != sent_length * next) fail("write");
        peer->sent += next;
      }
      if (peer->heard == messages) {
        close(peer->fd);
        open--;
      }
    }
  }
  return 0;
}
