// What tune recommends, and what it holds for.
#pragma once

#include "lib/bench/outcome/saved_baseline.h"
#include "lib/tune/candidate.h"
#include "lib/tune/mix.h"

namespace tsir {

// Schema tsir.recipe/1.
struct Recipe {
  std::string made_by; // "tsir 0.2.0"
  std::string date;
  std::string model; // the file's name
  std::string sha1;  // of the file
  std::string method;
  std::string goal;                  // "latency"
  std::vector<std::string> inputs;   // as they were given; empty if they came from a file or from the model
  Mix mix = {};                      // inputs that are taken in turn, instead of these
  std::vector<Condition> conditions; // processor, LibTorch, shapes, threads and the like
  TuneCandidate candidate;
  bool savable = false;      // a .pt can hold what the passes make
  bool compared = true;      // the outputs were compared
  double drift = 0;          // of outputs, at most
  size_t further_inputs = 0; // on which the outputs were compared besides
  TimeRatio confirmed;       // measured again in fresh processes with fresh inputs
  bool faster = true;        // the confirmed time is; false: leave the model as it is
};
nlohmann::ordered_json to_json(const Recipe& recipe);
// Throws Error(load) if the file cannot be read or is not a recipe.
Recipe read_recipe(const std::string& path);

// Where the recipe and what it is used for differ, one line each: "processor: A in the recipe, B here".
std::vector<std::string> differences(const Recipe& recipe, const std::string& sha1,
                                     const std::vector<Condition>& conditions);

} // namespace tsir
