// What this process and the machine have.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tsir {

size_t usable_cores();       // that this process may run on; at least 1
uint64_t available_memory(); // bytes that processes can still take; 0 if it is not known
uint64_t resident_memory();  // bytes of this process that are in memory; 0 if it is not known
size_t running_threads();    // of this process; 0 if it is not known

} // namespace tsir
