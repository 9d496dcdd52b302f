// The texts of LibTorch's that tsir recognises in what LibTorch throws, in one place: LibTorch promises none of them,
// so with every new version this table is what must be looked through.
#pragma once

#include <span>
#include <string_view>

namespace tsir {

enum class Message {
  // How LibTorch writes down where a model failed. The parts of a report are matched at the start of a line.
  interpreter_failed,
  traceback,
  traceback_original,
  traceback_frame,
  traceback_frame_serialized,
  traceback_line,
  traceback_here,
  traceback_python,
  marks,
  raised_from,
  stack_frame,
  captured_stack,
  // What stands before a message.
  runtime_error,
  jit_error,
  builtin_class,
  // LibTorch's own checks.
  internal_assert,
  report_a_bug,
  not_in_scope,
  // Autograd.
  no_gradient_needed,
  modified_in_place,
  second_backward,
  hint,
  // Passes, where the graph does not meet a condition of theirs.
  tuples_left,
  tuple_not_made_here,
  tuple_index_not_constant,
  one_branch_observed,
  module_path_unknown,
  lowering_needs_tensors,
  lowering_needs_plain_module,
  list_without_shape_function,
  fuser_needs_schema,
};

struct KnownMessage {
  Message id;
  std::string_view text;     // a part of what LibTorch says
  std::string_view meaning;  // what tsir takes it for
  std::string_view libtorch; // a version in which it was seen: "2.13"
};

// Every message once, in the order of the enum.
std::span<const KnownMessage> known_messages();

std::string_view text_of(Message message);
// Whether `what`, the text of an exception, holds the message.
bool says(std::string_view what, Message message);

} // namespace tsir
