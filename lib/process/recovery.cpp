#include "lib/process/recovery.h"

#include "lib/process/board.h"

namespace tsir {
namespace {

RecoveryBoard* recovery_board = nullptr;

} // namespace

void set_recovery_board(RecoveryBoard* board) {
  recovery_board = board;
}

void set_recovery_point(int point) {
  if (recovery_board != nullptr) {
    recovery_board->point = point;
  }
}

void set_failure_text(std::string_view what) {
  if (recovery_board != nullptr) {
    copy_to(recovery_board->what, what);
  }
}

std::optional<EarlierFailure> earlier_failure() {
  if (recovery_board == nullptr || recovery_board->failed_at == 0) {
    return std::nullopt;
  }
  return EarlierFailure{recovery_board->failed_at, recovery_board->crashed, recovery_board->what};
}

void report_recovery(std::string_view line) {
  if (recovery_board != nullptr) {
    copy_to(recovery_board->report, line);
  }
}

} // namespace tsir
