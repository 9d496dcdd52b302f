#include "lib/core/recovery.h"

#include "lib/core/board.h"

namespace tsir {
namespace {

RecoveryBoard* current_board = nullptr;

} // namespace

void set_recovery_board(RecoveryBoard* board) {
  current_board = board;
}

void set_recovery_point(int point) {
  if (current_board != nullptr) {
    current_board->point = point;
  }
}

void set_failure_text(std::string_view what) {
  if (current_board != nullptr) {
    copy_to(current_board->what, what);
  }
}

std::optional<EarlierFailure> earlier_failure() {
  if (current_board == nullptr || current_board->failed_at == 0) {
    return std::nullopt;
  }
  return EarlierFailure{current_board->failed_at, current_board->crashed, current_board->what};
}

void report_recovery(std::string_view line) {
  if (current_board != nullptr) {
    copy_to(current_board->report, line);
  }
}

} // namespace tsir
