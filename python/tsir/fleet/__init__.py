"""Many models, many machines: runs tsir on a set of models, with several pipelines, on one machine or on many.

    python -m tsir.fleet models/*.pt --do verify,bench --passes freeze --passes freeze,fuse --scheduler tcp://…

Each pair of a model and something to do with it is a cell. Cells run on the workers of Dask distributed, or, with
--serial or --shard, one after the other in this process. Each result is a line of JSON. See docs/fleet.md.
"""
