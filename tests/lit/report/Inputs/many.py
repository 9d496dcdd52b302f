"""Prints a graph with that many operators, of which common subexpression elimination removes some: many.py COUNT"""

import sys

count = int(sys.argv[1])
print("graph(%x : Tensor):")
value = "%x"
for i in range(0, count, 4):
    print(f"  %{i + 1} : Tensor = aten::relu({value})")
    print(f"  %{i + 2} : Tensor = aten::neg(%{i + 1})")
    print(f"  %{i + 3} : Tensor = aten::{'neg' if i % 100 == 0 else 'abs'}(%{i + 1})")
    print(f"  %{i + 4} : Tensor = aten::mul(%{i + 2}, %{i + 3})")
    value = f"%{i + 4}"
print(f"  return ({value})")
