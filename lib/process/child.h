// Work done in a child process, so that nothing it meets can bring this one down.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace tsir {

struct ChildEnd {
  enum class Kind { finished, crashed, timed_out };
  Kind kind = Kind::finished;
  std::string what; // crashed: "Segmentation fault while running pass freeze-module on forward"; timed out: the step
};

// Sends one line (without its newline) to the parent.
using LineSink = std::function<void(const std::string&)>;

// Forks; runs `work` in the child, whose lines arrive at `on_line` here while it runs. An exception that leaves `work`
// counts as a crash. `limit` bounds the whole; zero for none. The parent must not have run operators in several threads
// before: a fork does not take OpenMP's threads along, and the child would wait for them. Throws Error(check) where no
// process is to be had, Error(load) where a TimeLimit in the child has passed.
ChildEnd run_in_child(const std::function<void(const LineSink&)>& work, const LineSink& on_line,
                      std::chrono::nanoseconds limit);

// From now on, what this process writes to standard output and error goes nowhere: models print, and LibTorch warns, in
// every child anew.
void discard_output();

} // namespace tsir
