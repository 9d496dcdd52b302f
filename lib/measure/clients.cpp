#include "lib/measure/clients.h"

#include "lib/core/error.h"
#include "lib/measure/protocol.h"

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
  std::vector<CallSpan> spans; // room for all that it may call; the first `made` are filled
  size_t made = 0;
  std::exception_ptr failure;
};

// The threads sleep between two runs, while other arms have their turn.
class Clients {
public:
  explicit Clients(std::vector<std::function<void()>> calls);
  ~Clients() { end_threads(); }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  // All clients call until `total` calls are completed, together. Rethrows what a client threw.
  void run(size_t total);
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
  uint64_t run_ = 0; // how many runs were begun
  size_t busy_ = 0;  // clients that have not ended this run
  bool quit_ = false;
  size_t total_ = 0;
  std::atomic<size_t> completed_ = 0;
};

Clients::Clients(std::vector<std::function<void()>> calls) {
  for (auto& call : calls) {
    clients_.push_back({std::move(call), {}, 0, {}});
  }
  try {
    for (Client& client : clients_) {
      threads_.emplace_back([this, &client] { serve(client); });
    }
  } catch (const std::system_error& error) {
    end_threads();
    throw Error(ErrorKind::check, fmt::format("cannot start {} client threads: {}; use fewer --clients",
                                              clients_.size(), error.code().message()));
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

void Clients::run(size_t total) {
  for (Client& client : clients_) {
    client.spans.resize(std::max(client.spans.size(), total)); // touched here, so that no page fault is timed
    client.made = 0;
    client.failure = nullptr;
  }
  std::unique_lock lock(mutex_);
  total_ = total;
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
    all.insert(all.end(), client.spans.begin(), client.spans.begin() + static_cast<std::ptrdiff_t>(client.made));
  }
  return all;
}

void Clients::serve(Client& client) {
  // LibTorch keeps the number of threads within an operator by calling thread, and sets it late: a library below it
  // would take all processors until then.
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

void Clients::call_until_done(Client& client) {
  try {
    do {
      CallSpan& span = client.spans[client.made];
      span.start = now_ns();
      client.call();
      span.end = now_ns();
      ++client.made;
    } while (completed_.fetch_add(1, std::memory_order_relaxed) + 1 < total_);
  } catch (...) {
    client.failure = std::current_exception();
    completed_ = total_; // the others end as well
  }
}

} // namespace

std::vector<double> windows_of(std::vector<CallSpan> spans, size_t clients, size_t calls, std::span<double> sample_ns) {
  std::ranges::sort(spans, {}, &CallSpan::end);
  size_t last = clients - 1; // the call whose end opens the window
  for (double& sample : sample_ns) {
    const int64_t opened = spans[last].end;
    last += calls;
    sample = static_cast<double>(spans[last].end - opened) / static_cast<double>(calls);
  }
  std::vector<double> latencies;
  for (size_t i = clients; i <= last; ++i) {
    latencies.push_back(static_cast<double>(spans[i].end - spans[i].start));
  }
  return latencies;
}

Arm clients_arm(std::vector<std::function<void()>> calls) {
  const auto clients = std::make_shared<Clients>(std::move(calls));
  const auto own = std::make_shared<OwnCalls>();
  Arm arm;
  arm.call = [clients] { clients->run(2 * clients->count()); };
  arm.take_samples = [clients, own](std::span<double> sample_ns, size_t calls_per_sample) {
    const size_t count = clients->count();
    const size_t window = window_generations * calls_per_sample * count;
    clients->run(count + sample_ns.size() * window);
    std::vector<CallSpan> spans = clients->spans();
    own->made = spans.size();
    own->latency_ns = windows_of(std::move(spans), count, window, sample_ns);
  };
  arm.own_calls = [own] { return *own; };
  return arm;
}

std::vector<double> client_latencies(const Measurement& measurement, size_t arm) {
  std::vector<double> all;
  for (const Round& round : measurement.rounds) {
    if (std::ranges::find(round.replanned, arm) != round.replanned.end()) {
      continue;
    }
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm) {
          all.insert(all.end(), slot.own.latency_ns.begin(), slot.own.latency_ns.end());
        }
      }
    }
  }
  return all;
}

} // namespace tsir
