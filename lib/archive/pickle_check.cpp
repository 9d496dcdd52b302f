#include "lib/archive/pickle_check.h"

#include "lib/archive/pickle_graph.h"
#include "lib/archive/tensor_check.h"
#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

// Far deeper than what LibTorch writes, and far less than what overflows the stack when LibTorch frees or prints it.
constexpr size_t deepest = 2000;
constexpr size_t most_items = 50'000'000;

// Executes a pickle as LibTorch's Unpickler does, but on descriptions of objects instead of objects.
class Machine {
public:
  using Index = PickleGraph::Index;

  Machine(std::string_view bytes, const std::string& where, const RecordSize& record_size)
      : bytes_(bytes), where_(where), record_size_(record_size) {}

  PickleFacts run() {
    if (byte() != 0x80 || byte() != 2) {
      refuse("is not a pickle of protocol 2");
    }
    for (unsigned char op = byte(); op != '.'; op = byte()) {
      step(op);
      if (graph_.size() > most_items) {
        refuse(fmt::format("describes more than {} objects", most_items));
      }
    }
    if (stack_.size() != 1) {
      refuse(fmt::format("leaves {} objects instead of one", stack_.size()));
    }
    const size_t depth = graph_.depth();
    if (depth == SIZE_MAX) {
      refuse("has an object that contains itself (a cycle)");
    }
    if (depth > deepest) {
      refuse(fmt::format("is nested {} levels deep, more than {}", depth, deepest));
    }
    return std::move(facts_);
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::load, fmt::format("{} {}", where_, what));
  }

  std::string_view take(size_t count) {
    if (count > bytes_.size() - at_) {
      refuse("ends too early: this pickle is damaged");
    }
    const auto taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }
  unsigned char byte() { return static_cast<unsigned char>(take(1)[0]); }
  template <class T> T number() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T)); // a pickle is little-endian too
    return value;
  }
  std::string_view line() {
    const auto end = bytes_.find('\n', at_);
    const auto text = take(end == std::string_view::npos ? bytes_.size() : end - at_);
    ++at_;
    return text;
  }

  Index pop() {
    if (stack_.empty()) {
      refuse("takes from an empty stack: this pickle is damaged");
    }
    const Index top = stack_.back();
    stack_.pop_back();
    return top;
  }
  size_t pop_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) {
      refuse("lacks the mark of a container: this pickle is damaged");
    }
    const size_t mark = marks_.back();
    marks_.pop_back();
    return mark;
  }
  void push(PickleKind kind, int64_t value = 0, std::string_view text = {}) {
    stack_.push_back(graph_.add({.kind = kind, .first = 0, .count = 0, .number = value, .text = text}));
  }

  void put(size_t id) {
    if (id > bytes_.size() || stack_.empty()) {
      refuse(fmt::format("has the memo index {}, which is too large for the size of the pickle", id));
    }
    if (id >= memo_.size()) {
      memo_.resize(id + 1, none_);
    }
    memo_[id] = stack_.back();
  }
  void get(size_t id) {
    if (id >= memo_.size() || memo_[id] == none_) {
      refuse(fmt::format("reads memo entry {}, which was never stored", id));
    }
    stack_.push_back(memo_[id]);
  }

  void make_tuple(size_t from) {
    const Index tuple = graph_.add_tuple(stack_.data() + from, stack_.size() - from);
    stack_.resize(from);
    stack_.push_back(tuple);
  }
  void make_tuple_of(size_t count) {
    if (stack_.size() < count) {
      refuse("takes from an empty stack: this pickle is damaged");
    }
    make_tuple(stack_.size() - count);
  }
  // Moves the items above the mark into the container below it. `step` is 2 for the keys and values of a dict.
  void fill_container(size_t mark, size_t step) {
    if (mark == 0 || (stack_.size() - mark) % step != 0) {
      refuse("adds items without a container, or a key without a value: this pickle is damaged");
    }
    for (size_t i = mark; i < stack_.size(); ++i) {
      graph_.hold(stack_[mark - 1], stack_[i]);
    }
    stack_.resize(mark);
  }
  // LIST and DICT: makes a new container from the items above the mark.
  void make_container(size_t step) {
    const size_t mark = pop_mark();
    const Index container = graph_.add({});
    stack_.insert(stack_.begin() + static_cast<std::ptrdiff_t>(mark), container);
    fill_container(mark + 1, step);
  }

  // REDUCE calls a type with its state, or one of torch's functions that rebuild values.
  void reduce() {
    const Index arguments = pop();
    const Index function = pop();
    const std::string_view name = graph_[function].text;
    if (graph_[function].kind != PickleKind::global) {
      refuse("calls something that is not a function: this pickle is damaged");
    }
    PickleKind made = PickleKind::other;
    if (name == "torch._utils _rebuild_tensor_v2" || name == "torch._utils _rebuild_qtensor") {
      check_tensor(graph_[arguments]);
      made = PickleKind::tensor;
    } else if (name == "torch._tensor _rebuild_from_type_v2") {
      const PickleItem* inner = graph_.at(graph_[arguments], 2);
      check_tensor(inner ? *inner : PickleItem{});
      made = PickleKind::tensor;
    } else if (name == "torch.jit._pickle restore_type_tag") {
      check_type(graph_.at(graph_[arguments], 1));
    }
    push(made);
    graph_.hold(stack_.back(), arguments);
  }

  void check_tensor(const PickleItem& arguments) const {
    if (const std::string problem = tensor_problem(graph_, arguments); !problem.empty()) {
      refuse(problem);
    }
  }
  // LibTorch's type parser recurses on "List[List[…".
  void check_type(const PickleItem* type) const {
    if (type == nullptr || type->kind != PickleKind::text) {
      refuse("has a container without a type: this pickle is damaged");
    }
    if (std::count(type->text.begin(), type->text.end(), '[') > 200) {
      refuse("has a type that is nested too deeply");
    }
  }
  void storage() {
    const PickleItem tuple = graph_[pop()];
    if (const std::string problem = storage_problem(graph_, tuple, record_size_); !problem.empty()) {
      refuse(problem);
    }
    facts_.devices.emplace(graph_.at(tuple, 2)->text, graph_.at(tuple, 3)->text);
    push(PickleKind::storage, storage_elements(graph_, tuple));
  }
  void global() {
    const size_t start = at_;
    line();
    line();
    // Module and name are one text; the line end between them is read as a space.
    names_.push_back(std::make_unique<std::string>(bytes_.substr(start, at_ - start - 1)));
    std::replace(names_.back()->begin(), names_.back()->end(), '\n', ' ');
    push(PickleKind::global, 0, *names_.back());
  }
  void integer_of_8() {
    if (byte() != 8) {
      refuse("has an integer with a size other than 64 bits");
    }
    push(PickleKind::integer, number<int64_t>());
  }

  void step(unsigned char op) {
    // clang-format off
    switch (op) {
    case ']': case '}': case 'N': case 0x88: case 0x89: return push(PickleKind::other);
    case ')': return make_tuple(stack_.size());
    case 'K': return push(PickleKind::integer, byte());
    case 'M': return push(PickleKind::integer, number<uint16_t>());
    case 'J': return push(PickleKind::integer, number<int32_t>());
    case 0x8a: return integer_of_8();
    case 'G': take(sizeof(double)); return push(PickleKind::other);
    case 'X': { const auto text = take(number<uint32_t>()); return push(PickleKind::text, 0, text); }
    case 'q': return put(byte());
    case 'r': return put(number<uint32_t>());
    case 'h': return get(byte());
    case 'j': return get(number<uint32_t>());
    case '(': return marks_.push_back(stack_.size());
    case 't': return make_tuple(pop_mark());
    case 0x85: case 0x86: case 0x87: return make_tuple_of(op - 0x84u);
    case 'e': return fill_container(pop_mark(), 1);
    case 'u': return fill_container(pop_mark(), 2);
    case 'a': return fill_container(stack_.size() - std::min<size_t>(stack_.size(), 1), 1);
    case 's': return fill_container(stack_.size() - std::min<size_t>(stack_.size(), 2), 2);
    case 'l': return make_container(1);
    case 'd': return make_container(2);
    case 'c': return global();
    case 0x81: pop(); return; // BUILD calls the class that stays on the stack
    case 'b': case 'R': return reduce();
    case 'Q': return storage();
    default: refuse(fmt::format("has the unknown opcode {} at byte {}: this pickle is damaged", op, at_ - 1));
    }
    // clang-format on
  }

  static constexpr Index none_ = UINT32_MAX;
  std::string_view bytes_;
  const std::string& where_;
  const RecordSize& record_size_;
  size_t at_ = 0;
  PickleGraph graph_;
  std::vector<Index> stack_;
  std::vector<size_t> marks_;
  std::vector<Index> memo_;
  std::vector<std::unique_ptr<std::string>> names_;
  PickleFacts facts_;
};

} // namespace

PickleFacts check_pickle(std::string_view pickle, const std::string& where, const RecordSize& record_size) {
  return Machine(pickle, where, record_size).run();
}

} // namespace tsir
