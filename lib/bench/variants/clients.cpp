#include "lib/bench/variants/clients.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace tsir {
namespace {

int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Client {
  std::function<void()> call;
  std::vector<CallSpan> spans; // of this run
  std::exception_ptr failure;
};

// The threads of an arm. They sleep between two runs, while other arms have their turn.
class Clients {
public:
  explicit Clients(std::vector<std::function<void()>> calls);
  ~Clients() { end_threads(); }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  // All clients call until they have together completed `plan`. Rethrows the exception of a client.
  void run(const ClientsPlan& plan);
  std::vector<CallSpan> spans() const;
  size_t count() const { return clients_.size(); }

private:
  void serve(Client& client);
  void call_until_done(Client& client);
  void end_threads();

  std::vector<Client> clients_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  uint64_t run_ = 0; // number of runs begun
  size_t busy_ = 0;  // clients that have not finished this run
  bool quit_ = false;
  ClientsPlan plan_;
  std::atomic<size_t> ready_ = 0; // clients that are awake
  std::atomic<size_t> completed_ = 0;
  std::atomic<bool> failed_ = false;
};

Clients::Clients(std::vector<std::function<void()>> calls) {
  for (auto& call : calls) {
    clients_.push_back({std::move(call), {}, {}});
  }
  try {
    for (Client& client : clients_) {
      threads_.emplace_back([this, &client] { serve(client); });
    }
  } catch (const std::system_error& error) {
    end_threads();
    throw Error(ErrorKind::check, fmt::format("cannot start {} client threads: {}; use fewer {}", clients_.size(),
                                              error.code().message(), spelled(Setting::clients)));
  }
}

void Clients::end_threads() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Clients::run(const ClientsPlan& plan) {
  for (Client& client : clients_) {
    client.spans.clear(); // keeps its memory
    client.failure = nullptr;
  }
  std::unique_lock lock(mutex_);
  plan_ = plan;
  ready_ = 0;
  failed_ = false;
  completed_ = 0;
  busy_ = clients_.size();
  ++run_;
  wake_.notify_all();
  done_.wait(lock, [this] { return busy_ == 0; });
  for (const Client& client : clients_) {
    if (client.failure) {
      std::rethrow_exception(client.failure);
    }
  }
}

std::vector<CallSpan> Clients::spans() const {
  std::vector<CallSpan> all;
  for (const Client& client : clients_) {
    all.insert(all.end(), client.spans.begin(), client.spans.end());
  }
  return all;
}

void Clients::serve(Client& client) {
  // LibTorch keeps the number of threads within an operator for each calling thread, and sets it late; until then, an
  // underlying library would use all processors.
  at::init_num_threads();
  uint64_t seen = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return quit_ || run_ != seen; });
      if (quit_) {
        return;
      }
      seen = run_;
    }
    call_until_done(client);
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0) {
      done_.notify_one();
    }
  }
}

// Waking up may take longer than a call, so clients wait for each other here. Otherwise the first one awake would make
// all calls. They wait without sleeping.
void Clients::call_until_done(Client& client) {
  ++ready_;
  while (ready_ < clients_.size()) {
    std::this_thread::yield();
  }
  try {
    const int64_t until = now_ns() + plan_.least_ns();
    bool done = false;
    while (!done) {
      CallSpan span{now_ns(), 0};
      client.call();
      span.end = now_ns();
      client.spans.push_back(span);
      const size_t completed = completed_.fetch_add(1, std::memory_order_relaxed) + 1;
      done = failed_ || (completed >= plan_.least_calls() && span.end >= until);
    }
  } catch (...) {
    client.failure = std::current_exception();
    failed_ = true; // ends the others as well
  }
}

constexpr int64_t shortest_run_ns = 10'000'000;
constexpr size_t window_generations = 2; // factor for the number of each client's calls in a window

ClientsPlan plan_for(size_t clients, size_t samples, size_t calls_per_sample) {
  return {clients, samples, window_generations * calls_per_sample * clients, shortest_run_ns};
}

} // namespace

std::vector<double> windows_of(std::vector<CallSpan> spans, const ClientsPlan& plan, std::span<double> sample_ns) {
  const int64_t start = std::ranges::min(spans, {}, &CallSpan::start).start;
  std::ranges::sort(spans, {}, &CallSpan::end);
  // The first call from `index` on that ended at or after `after_start`; the last call if there is none.
  const auto first_after = [&](size_t index, int64_t after_start) {
    while (index + 1 < spans.size() && spans[index].end - start < after_start) {
      ++index;
    }
    return index;
  };
  const size_t closing = first_after(plan.least_calls() - 1, plan.least_ns());
  size_t opening = first_after(plan.clients - 1, plan.window_ns);
  if (closing < opening + plan.samples) { // slow calls: there are too few in that time
    opening = plan.clients - 1;
  }
  const size_t calls = (closing - opening) / plan.samples;
  std::vector<double> latencies;
  for (size_t sample = 0; sample < sample_ns.size(); ++sample) {
    const size_t first = opening + sample * calls;
    sample_ns[sample] = static_cast<double>(spans[first + calls].end - spans[first].end) / static_cast<double>(calls);
    for (size_t i = first + 1; i <= first + calls; ++i) {
      latencies.push_back(static_cast<double>(spans[i].end - spans[i].start));
    }
  }
  return latencies;
}

Arm clients_arm(std::vector<std::function<void()>> calls) {
  const auto clients = std::make_shared<Clients>(std::move(calls));
  const auto own = std::make_shared<OwnCalls>();
  Arm arm;
  arm.call = [clients] { clients->run(plan_for(clients->count(), 1, 1)); };
  arm.take_samples = [clients, own](std::span<double> sample_ns, size_t calls_per_sample) {
    const ClientsPlan plan = plan_for(clients->count(), sample_ns.size(), calls_per_sample);
    clients->run(plan);
    std::vector<CallSpan> spans = clients->spans();
    own->made = spans.size();
    own->latency_ns = windows_of(std::move(spans), plan, sample_ns);
  };
  arm.own_calls = [own] { return *own; };
  return arm;
}

} // namespace tsir
