#include "lib/process/phase.h"

#include "lib/process/board.h"

namespace tsir {
namespace {

PhaseBoard* phase_board = nullptr;

void write(std::string_view text) {
  if (phase_board != nullptr) {
    copy_to(phase_board->text, text);
  }
}

} // namespace

void set_phase_board(PhaseBoard* board) {
  phase_board = board;
}

Phase::Phase(std::string_view what) {
  if (phase_board != nullptr) {
    before_ = phase_board->text;
  }
  write(what);
}

Phase::~Phase() {
  write(before_);
}

TimeLimit::TimeLimit(std::chrono::nanoseconds limit) {
  if (phase_board != nullptr) {
    const auto deadline = std::chrono::steady_clock::now().time_since_epoch() + limit;
    before_ = phase_board->deadline_ns.exchange(std::chrono::nanoseconds(deadline).count());
  }
}

TimeLimit::~TimeLimit() {
  if (phase_board != nullptr) {
    phase_board->deadline_ns = before_;
  }
}

void set_crash_detail(std::string_view what) {
  if (phase_board != nullptr) {
    copy_to(phase_board->detail, what);
  }
}

} // namespace tsir
