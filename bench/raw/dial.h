// What the raw clients share: connecting, the opening handshake (RFC 6455 §4.1), and frames that are
// made beforehand (§5.2, with one mask for all).

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in address_of(const char *host, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail("address");
  return address;
}

// The request of the opening handshake; its length.
static int write_request(char *request, size_t size, const char *host, int port) {
  return snprintf(request, size,
      "GET /echo HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      host, port);
}

// Whether these bytes are the whole head of an answer that accepts. The server says nothing more
// until it is spoken to.
static int is_accepted(const char *answer, size_t length) {
  if (length < 12) return 0;
  if (memcmp(answer, "HTTP/1.1 101", 12) != 0) {
    fprintf(stderr, "handshake refused\n");
    exit(1);
  }
  return memcmp(answer + length - 4, "\r\n\r\n", 4) == 0;
}

// An open connection.
static inline int dial(const char *host, int port) {
  struct sockaddr_in address = address_of(host, port);
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0) fail("socket");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) fail("setsockopt");
  char request[256], answer[2048];
  int length = write_request(request, sizeof request, host, port);
  if (write(fd, request, length) != length) fail("write");
  size_t got = 0;
  while (!is_accepted(answer, got)) {
    ssize_t more = read(fd, answer + got, sizeof answer - got);
    if (more <= 0) fail("handshake");
    got += more;
  }
  return fd;
}

// `count` text frames in a row of `bytes` bytes each, at most 65535. What is sent is `*sent_length`
// bytes a frame, what comes back, without a mask, is `*heard_length`.
static inline char *make_frames(int bytes, int count, int *sent_length, int *heard_length) {
  static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
  int header = bytes < 126 ? 2 : 4;
  *sent_length = header + 4 + bytes;
  *heard_length = header + bytes;
  char *frames = malloc((size_t)*sent_length * count);
  if (!frames) fail("malloc");
  for (int i = 0; i < count; i++) {
    unsigned char *frame = (unsigned char *)frames + (size_t)*sent_length * i;
    frame[0] = 0x81;
    frame[1] = 0x80 | (bytes < 126 ? bytes : 126);
    if (bytes >= 126) {
      frame[2] = bytes >> 8;
      frame[3] = bytes & 0xff;
    }
    memcpy(frame + header, mask, 4);
    for (int j = 0; j < bytes; j++) frame[header + 4 + j] = 'x' ^ mask[j % 4];
  }
  return frames;
}
