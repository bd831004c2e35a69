// The same echo as echo.c by io_uring: whether one core would do more with fewer system calls.
//
//   echo_uring HOST PORT MESSAGES SOCKETS BYTES IN_FLIGHT
//
// One ring for all sockets, as io_uring is at its best: files registered, one multishot receive for
// each socket into a ring of buffers that the kernel takes from, sends that report only failures,
// completions taken by the thread that waits (IORING_SETUP_DEFER_TASKRUN), and one io_uring_enter for
// all that is ready. By system calls of its own, without liburing. Exits with 3 where the kernel has
// no such ring, with 0 if all came back.

#include "dial.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { BUFFERS = 1024, BUFFER_SIZE = 4096, ENTRIES = 1024 };

struct peer {
  int fd;
  long sent, heard; // messages
  long bytes;       // of a message that is not whole yet
};

static int ring;
static struct io_uring_sqe *entries;
static struct io_uring_cqe *completions;
static unsigned *sq_tail, sq_mask, *cq_head, *cq_tail, cq_mask, waiting;

// Says why there is no ring, and that it is no failure of the echo.
static void unsupported(const char *what) {
  perror(what);
  exit(3);
}

static void set_up(void) {
  struct io_uring_params params = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
      .cq_entries = 4 * ENTRIES,
  };
  ring = syscall(SYS_io_uring_setup, ENTRIES, &params);
  if (ring < 0) unsupported("io_uring_setup");
  size_t size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
  size_t sq_size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  if (sq_size > size) size = sq_size;
  char *base = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
      IORING_OFF_SQ_RING);
  entries = mmap(0, params.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE,
      MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
  if (base == MAP_FAILED || (void *)entries == MAP_FAILED) fail("mmap");
  sq_tail = (unsigned *)(base + params.sq_off.tail);
  sq_mask = *(unsigned *)(base + params.sq_off.ring_mask);
  cq_head = (unsigned *)(base + params.cq_off.head);
  cq_tail = (unsigned *)(base + params.cq_off.tail);
  cq_mask = *(unsigned *)(base + params.cq_off.ring_mask);
  completions = (struct io_uring_cqe *)(base + params.cq_off.cqes);
  // Entry N of the queue is always place N of the array.
  unsigned *array = (unsigned *)(base + params.sq_off.array);
  for (unsigned i = 0; i < params.sq_entries; i++) array[i] = i;
}

static void enter(unsigned least) {
  // A signal is no end, and a full queue of completions is emptied by the caller.
  int done = syscall(SYS_io_uring_enter, ring, waiting, least, IORING_ENTER_GETEVENTS, 0, 0);
  if (done < 0 && errno != EINTR && errno != EBUSY) fail("io_uring_enter");
  if (done > 0) waiting -= done;
}

static struct io_uring_sqe *next_entry(void) {
  if (waiting == ENTRIES) enter(0);
  struct io_uring_sqe *entry = &entries[*sq_tail & sq_mask];
  memset(entry, 0, sizeof *entry);
  __atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
  waiting++;
  return entry;
}

// Until the socket ends: each message that comes is a completion with a buffer.
static void receive(int peer) {
  struct io_uring_sqe *entry = next_entry();
  entry->opcode = IORING_OP_RECV;
  entry->flags = IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
  entry->ioprio = IORING_RECV_MULTISHOT;
  entry->fd = peer;
  entry->user_data = (uint64_t)peer << 1;
}

static void send_bytes(int peer, const char *bytes, unsigned length) {
  struct io_uring_sqe *entry = next_entry();
  entry->opcode = IORING_OP_SEND;
  entry->flags = IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
  entry->fd = peer;
  entry->addr = (uint64_t)(uintptr_t)bytes;
  entry->len = length;
  entry->msg_flags = MSG_WAITALL; // a part is no success
  entry->user_data = (uint64_t)peer << 1 | 1;
}

int main(int count, char **values) {
  if (count != 7) {
    fprintf(stderr, "usage: echo_uring HOST PORT MESSAGES SOCKETS BYTES IN_FLIGHT\n");
    return 2;
  }
  int port = atoi(values[2]), sockets = atoi(values[4]), bytes = atoi(values[5]);
  int in_flight = atoi(values[6]);
  long messages = atol(values[3]);
  if (sockets < 1 || messages < 1 || bytes < 0 || bytes > BUFFER_SIZE || in_flight < 1) return 2;
  int sent_length, heard_length;
  char *frames = make_frames(bytes, in_flight, &sent_length, &heard_length);
  struct peer *peers = calloc(sockets, sizeof *peers);
  int *files = calloc(sockets, sizeof *files);
  char *buffers = malloc((size_t)BUFFERS * BUFFER_SIZE);
  size_t pool_size = BUFFERS * sizeof(struct io_uring_buf);
  struct io_uring_buf_ring *pool =
      mmap(0, pool_size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (!peers || !files || !buffers || pool == MAP_FAILED) fail("malloc");

  set_up();
  struct io_uring_buf_reg registered = {
      .ring_addr = (uint64_t)(uintptr_t)pool, .ring_entries = BUFFERS};
  if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &registered, 1) < 0)
    unsupported("IORING_REGISTER_PBUF_RING");
  unsigned short pool_tail = 0;
  for (int i = 0; i < BUFFERS; i++) {
    struct io_uring_buf *buffer = &pool->bufs[pool_tail++ & (BUFFERS - 1)];
    buffer->addr = (uint64_t)(uintptr_t)(buffers + (size_t)i * BUFFER_SIZE);
    buffer->len = BUFFER_SIZE;
    buffer->bid = i;
  }
  __atomic_store_n(&pool->tail, pool_tail, __ATOMIC_RELEASE);

  for (int i = 0; i < sockets; i++) files[i] = peers[i].fd = dial(values[1], port);
  if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, files, sockets) < 0)
    unsupported("IORING_REGISTER_FILES");
  for (int i = 0; i < sockets; i++) {
    long first = messages < in_flight ? messages : in_flight;
    receive(i);
    send_bytes(i, frames, sent_length * first);
    peers[i].sent = first;
  }

  for (int open = sockets; open > 0;) {
    enter(1);
    unsigned head = *cq_head, tail = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
    for (; head != tail; head++) {
      struct io_uring_cqe *completion = &completions[head & cq_mask];
      int number = completion->user_data >> 1, got = completion->res;
      if (completion->user_data & 1) {
        errno = -got;
        fail("send");
      }
      struct peer *peer = &peers[number];
      // Nothing is expected of a socket that has heard all; it ends with the process.
      if (peer->heard == messages) continue;
      // Out of buffers for a moment: they are given back below.
      if (got <= 0 && got != -ENOBUFS) {
        errno = -got;
        fail("receive");
      }
      if (completion->flags & IORING_CQE_F_BUFFER) {
        int id = completion->flags >> IORING_CQE_BUFFER_SHIFT;
        struct io_uring_buf *buffer = &pool->bufs[pool_tail++ & (BUFFERS - 1)];
        buffer->addr = (uint64_t)(uintptr_t)(buffers + (size_t)id * BUFFER_SIZE);
        buffer->len = BUFFER_SIZE;
        buffer->bid = id;
      }
      if (!(completion->flags & IORING_CQE_F_MORE)) receive(number);
      if (got < 0) continue;
      peer->bytes += got;
      long whole = peer->bytes / heard_length;
      peer->bytes %= heard_length;
      peer->heard += whole;
      long next = messages - peer->sent < whole ? messages - peer->sent : whole;
      if (next > 0) {
        send_bytes(number, frames, sent_length * next);
        peer->sent += next;
      }
      if (peer->heard == messages) open--;
    }
    __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
    __atomic_store_n(&pool->tail, pool_tail, __ATOMIC_RELEASE);
  }
  return 0;
}
