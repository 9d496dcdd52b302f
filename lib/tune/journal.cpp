#include "lib/tune/journal.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"

#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace tsir {
namespace {

constexpr const char* journal_schema = "tsir.tune-journal/1";

struct Closed {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::optional<CandidateOutcome> found_in(const std::map<std::string, CandidateOutcome>& outcomes,
                                         const TuneCandidate& candidate) {
  const auto found = outcomes.find(candidate.key());
  return found == outcomes.end() ? std::nullopt : std::optional(found->second);
}

// The complete lines, and how many bytes they take.
std::pair<std::vector<nlohmann::ordered_json>, size_t> lines_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<nlohmann::ordered_json> lines;
  size_t bytes = 0;
  for (std::string line; std::getline(file, line) && !file.eof();) {
    auto json = nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) {
      break;
    }
    bytes += line.size() + 1;
    lines.push_back(std::move(json));
  }
  return {std::move(lines), bytes};
}

} // namespace

Journal::Journal(const std::string& path, const nlohmann::ordered_json& subject) : path_(path) {
  check_writable(path);
  const nlohmann::ordered_json head = {{"schema", journal_schema}, {"subject", subject}};
  const auto [lines, bytes] = lines_of(path);
  if (lines.empty()) {
    std::error_code failed;
    if (std::filesystem::exists(path) && std::filesystem::file_size(path, failed) > 0) {
      throw Error(ErrorKind::usage, fmt::format("{} is not a journal of tune", path));
    }
    write(head);
    return;
  }
  if (lines.front() != head) {
    throw Error(ErrorKind::usage, fmt::format("{} belongs to another search: of another model, with other inputs or "
                                              "settings, or on another machine; give another file",
                                              path));
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    take(lines[i]);
  }
  std::filesystem::resize_file(path, bytes);
}

void Journal::take(const nlohmann::ordered_json& line) {
  try {
    for (auto* kept : {&trials_, &raced_}) {
      const char* what = kept == &trials_ ? "trial" : "raced";
      if (line.contains(what)) {
        CandidateOutcome outcome = candidate_outcome_of(line.at(what));
        const std::string key = outcome.candidate.key();
        kept->insert_or_assign(key, std::move(outcome));
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::usage, fmt::format("{} is damaged: {}", path_, one_line(error)));
  }
}

std::optional<CandidateOutcome> Journal::trial(const TuneCandidate& candidate) const {
  return found_in(trials_, candidate);
}

std::optional<CandidateOutcome> Journal::raced(const TuneCandidate& candidate) const {
  return found_in(raced_, candidate);
}

void Journal::add_trial(const CandidateOutcome& outcome) {
  add("trial", outcome);
  trials_.insert_or_assign(outcome.candidate.key(), outcome);
}

void Journal::add_raced(const CandidateOutcome& outcome) {
  add("raced", outcome);
  raced_.insert_or_assign(outcome.candidate.key(), outcome);
}

void Journal::add(const char* what, const CandidateOutcome& outcome) {
  if (!path_.empty()) {
    write({{what, to_json(outcome)}});
  }
}

void Journal::write(const nlohmann::ordered_json& line) {
  const std::unique_ptr<std::FILE, Closed> file(std::fopen(path_.c_str(), "ab"));
  const std::string text = line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0 ||
      ::fsync(::fileno(file.get())) != 0) {
    throw Error(ErrorKind::check, fmt::format("cannot write to the journal {}", path_));
  }
}

} // namespace tsir
