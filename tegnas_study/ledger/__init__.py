"""The ledger: what the paper claims, what was found here, and whether it holds, each by a stated rule.

``book/claims.yml`` holds the claims, and `claim` reads and checks them. `registry` names what computes our numbers
(`indicators`, `searches`, `darts`, `landscapes`) from the tables of `sources`. `rules` turns each number and its
interval into a verdict, `judged` puts both together, `page` shows all of it and `plain` hands it on.
"""

from tegnas_study.ledger.claim import read_claims as read_claims
from tegnas_study.ledger.judged import Judged as Judged
from tegnas_study.ledger.judged import judge_all as judge_all
from tegnas_study.ledger.judged import verdict_of as verdict_of
from tegnas_study.ledger.sources import Sources as Sources
