// The physical limit of an echo: a client that does nothing but the system calls.
//
//   echo HOST PORT MESSAGES SOCKETS BYTES IN_FLIGHT
//
// Opens SOCKETS WebSocket connections to ws://HOST:PORT/echo and on each sends MESSAGES messages of
// BYTES bytes, IN_FLIGHT of them at a time. Single-threaded, epoll. Bytes that come back are counted,
// not looked at. Exits with 0 if all came back.

#include "dial.h"

#include <sys/epoll.h>

struct peer {
  int fd;
  long sent, heard; // messages
  long bytes;       // of a message that is not whole yet
};

int main(int count, char **values) {
  if (count != 7) {
    fprintf(stderr, "usage: echo HOST PORT MESSAGES SOCKETS BYTES IN_FLIGHT\n");
    return 2;
  }
  int port = atoi(values[2]), sockets = atoi(values[4]), bytes = atoi(values[5]);
  int in_flight = atoi(values[6]);
  long messages = atol(values[3]);
  if (sockets < 1 || messages < 1 || bytes < 0 || bytes > 65535 || in_flight < 1) return 2;

  // As many frames in a row as may be in flight: any number of them is one write.
  int sent_length, heard_length;
  char *frames = make_frames(bytes, in_flight, &sent_length, &heard_length);
  char *input = malloc(65536);
  struct peer *peers = calloc(sockets, sizeof *peers);
  if (!input || !peers) fail("malloc");

  int poll = epoll_create1(0);
  if (poll < 0) fail("epoll_create1");
  for (int i = 0; i < sockets; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
    peers[i].fd = dial(values[1], port);
    if (fcntl(peers[i].fd, F_SETFL, O_NONBLOCK) < 0) fail("fcntl");
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
