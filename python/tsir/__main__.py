"""`python -m tsir …` is `tsir …`."""

from tsir._program import main

main()
