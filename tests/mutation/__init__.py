"""Whether the tests would notice: small wrong changes to the code, each tried against the tests named for its module.

``make mutate`` runs it. The changes to functions are mutmut's (:mod:`.functions`), those to tables are our own
(:mod:`.tables`), since such tools leave tables alone. Nothing is written to a source: a change lives in a forked
process, which ends with it.
"""
