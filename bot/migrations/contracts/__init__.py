"""Steps that remove: each file is `NNNN_name.py`, where NNNN is the first schema whose code can do
without what its `contract()` removes. They run by `safety-interview db contract` alone, and on a
database that is made anew (docs/decisions/0018-expand-then-contract.md)."""
