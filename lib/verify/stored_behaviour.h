// Hands a behaviour from one process to others, through memory that they share.
#pragma once

#include "lib/verify/behaviour.h"

namespace tsir {

// Memory that a process and the children that it forks share. It has no name, and is gone with the last of them.
class SharedMemory {
public:
  SharedMemory(); // Throws Error(check).
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  // Appends at a multiple of 64 bytes, and returns the place. Throws Error(check) if there is no memory.
  size_t append(std::span<const std::byte> bytes);
  // What all processes have appended, to be read only. Valid for the lifetime of this object.
  std::span<std::byte> map();

private:
  int fd_;
  void* mapped_ = nullptr;
  size_t size_ = 0;
};

// Writes the behaviour, to be called in a child. Returns the place of its index; nothing if it has a value that cannot
// be handed over: an object, a sparse or quantised tensor.
std::optional<size_t> store(const Behaviour& behaviour, SharedMemory& memory);

// Reads it again, to be called in the parent when the child has ended. Its tensors lie in the shared memory, which must
// outlive them, and must not be written to. All of them are on the CPU. The fields of named tuples have no names.
Behaviour stored_behaviour(SharedMemory& memory, size_t index);

} // namespace tsir
