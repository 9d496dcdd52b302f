// glibc's arc4random_buf(), which glibc has only since 2.36. libexpat, which Graphviz needs, is linked against it on
// newer systems; with this function a bundle made there runs on older ones (tools/older_glibc.py).
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <sys/random.h>

extern "C" void arc4random_buf(void* buffer, size_t size) noexcept;

// Fills the buffer with random bytes of the kernel. Ends the program if the kernel has none, as glibc does.
extern "C" void arc4random_buf(void* buffer, size_t size) noexcept {
  auto* next = static_cast<unsigned char*>(buffer);
  while (size > 0) {
    const ssize_t got = ::getrandom(next, size, 0);
    if (got > 0) {
      next += got;
      size -= static_cast<size_t>(got);
    } else if (errno != EINTR) {
      std::abort();
    }
  }
}
