#include "lib/core/phase.h"

#include "lib/core/board.h"

namespace tsir {
namespace {

PhaseBoard* current_board = nullptr;

void write(std::string_view text) {
  if (current_board != nullptr) {
    copy_to(current_board->text, text);
  }
}

} // namespace

void set_phase_board(PhaseBoard* board) {
  current_board = board;
}

Phase::Phase(std::string_view what) {
  if (current_board != nullptr) {
    before_ = current_board->text;
  }
  write(what);
}

Phase::~Phase() {
  write(before_);
}

TimeLimit::TimeLimit(std::chrono::nanoseconds limit) {
  if (current_board != nullptr) {
    const auto deadline = std::chrono::steady_clock::now().time_since_epoch() + limit;
    before_ = current_board->deadline_ns.exchange(std::chrono::nanoseconds(deadline).count());
  }
}

TimeLimit::~TimeLimit() {
  if (current_board != nullptr) {
    current_board->deadline_ns = before_;
  }
}

void write_last_words(std::string_view what) {
  if (current_board != nullptr) {
    copy_to(current_board->detail, what);
  }
}

} // namespace tsir
