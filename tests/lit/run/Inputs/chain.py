"""usage: chain.py N: prints a graph of N operators, each of which uses the result of the one before."""
import sys

print("graph(%v0 : Tensor):\n  %c : int = prim::Constant[value=1]()")
for i in range(int(sys.argv[1])):
    operator = "aten::relu(%v{})" if i % 2 else "aten::add(%v{}, %v0, %c)"
    print(f"  %v{i + 1} : Tensor = {operator.format(i)}")
print(f"  return (%v{sys.argv[1]})")
