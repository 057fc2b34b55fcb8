"""Everything that was joined once and that the views are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Step
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.graph.assume import Assumptions
    from agentreach.graph.aws_rows import AwsRows
    from agentreach.graph.edges import Edges
    from agentreach.graph.gates import GateBook
    from agentreach.graph.homes import Homes
    from agentreach.graph.index import FactIndex
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.organization import Organization
    from agentreach.graph.policies import PolicyBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.production import Environments
    from agentreach.graph.rbac import RbacBook
    from agentreach.graph.resolve import Directory
    from agentreach.graph.role_assignments import RoleBook
    from agentreach.graph.rows import Row
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.graph.systems import SystemBook
    from agentreach.graph.target_choice import TargetChoice
    from agentreach.graph.targets import TargetBook
    from agentreach.graph.trusts import TrustBook
    from agentreach.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The joined facts. Nothing in it knows which things are agents."""

    index: FactIndex
    directory: Directory
    homes: Homes
    book: PolicyBook
    trusts: TrustBook
    principals: PrincipalBook
    layers: LayerBook
    gates: GateBook
    edges: Edges
    assume: Assumptions
    environments: Environments
    rbac: RbacBook
    roles: RoleBook
    aws: AwsRows
    systems: SystemBook
    organization: Organization
    sentences: SentenceBook
    targets: TargetBook
    choice: TargetChoice

    def highest(self, identity: Key) -> tuple[Step, bool]:
        """The highest step an identity holds by itself, surely or not; metadata at least."""
        others = (*self.rbac.rows(identity), *self.roles.rows(identity))
        return max([self.aws.highest(identity), *((row.step, row.certain) for row in others)])

    def rows(self, identity: Key) -> tuple[Row, ...]:
        """What an identity may do by itself."""
        return (*self.aws.of(identity), *self.rbac.rows(identity), *self.roles.rows(identity))

    def highest_of_account(self, account: Key) -> Step:
        """The highest step of a service account's rows; those of the cluster are not written for that."""
        outside = max((row.step for row in (*self.aws.of(account), *self.roles.rows(account))), default=Step.OBSERVE)
        return max(self.rbac.highest(account), outside)
