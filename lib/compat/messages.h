// The texts by which tsir recognises exceptions of LibTorch, in one place. LibTorch does not guarantee any of them, so
// this table must be reviewed for every new version.
#pragma once

#include <span>
#include <string_view>

namespace tsir {

enum class Message {
  // LibTorch's report of where a model failed. The parts of a report are matched at the start of a line.
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
  // Prefixes of a message.
  runtime_error,
  jit_error,
  builtin_class,
  // LibTorch's internal checks.
  internal_assert,
  report_a_bug,
  not_in_scope,
  octal,
  // An operator has no kernel for the device or layout of its arguments.
  no_kernel,
  no_kernel_backend,
  // Autograd.
  no_gradient_needed,
  modified_in_place,
  second_backward,
  hint,
  // Passes: the graph does not meet a precondition of the pass.
  tuples_left,
  tuple_not_made_here,
  tuple_index_not_constant,
  one_branch_observed,
  module_path_unknown,
  lowering_needs_tensors,
  lowering_needs_plain_module,
  list_without_shape_function,
  // Warnings.
  quantized_tensors_deprecated,
};

struct KnownMessage {
  Message id;
  std::string_view text;     // part of LibTorch's message
  std::string_view meaning;  // how tsir interprets it
  std::string_view libtorch; // a version in which it was seen: "2.13"
};

// All messages, each once, in the order of the enum.
std::span<const KnownMessage> known_messages();

std::string_view text_of(Message message);
// Whether `what`, the text of an exception, contains the message.
bool says(std::string_view what, Message message);

} // namespace tsir
