"""Join the facts once: everything that can be said without knowing which things are agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import actions
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
from agentreach.graph.role_assignments_edges import add_impersonation
from agentreach.graph.role_assignments_federations import join_federations
from agentreach.graph.role_assignments_nodes import join_nodes
from agentreach.graph.role_assignments_pipelines import join_pipelines
from agentreach.graph.sentence_book import SentenceBook
from agentreach.graph.strength import Strongest
from agentreach.graph.systems import SystemBook
from agentreach.graph.target_choice import TargetChoice
from agentreach.graph.targets import TargetBook
from agentreach.graph.trusts import TrustBook
from agentreach.graph.world import World
from agentreach.identity import Policy
from agentreach.model import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.graph.options import GraphOptions
    from agentreach.identity import Fact


def joined(facts: Iterable[Fact], options: GraphOptions) -> World:
    """Index, resolve and relate."""
    index = FactIndex(facts)
    _meet_actions(index)
    directory = Directory(index)
    book = PolicyBook(index, directory)
    homes = Homes(index, directory)
    trusts = TrustBook(book, directory, homes)
    principals = PrincipalBook(index, directory, trusts)
    organization = Organization(index, directory)
    layers = LayerBook(book, organization, directory.accounts)
    sentences = SentenceBook()
    gates = GateBook(index, directory)
    environments = Environments(index, options.environments)
    systems = SystemBook(index, environments)
    roles = RoleBook(index, directory, environments)
    edges = Edges(index, directory, gates, trusts)
    join_federations(index, edges, trusts)
    join_nodes(index, edges)
    add_impersonation(edges, roles, index)
    join_pipelines(index, edges, gates, trusts)
    targets = TargetBook(index, principals)
    return World(
        index=index,
        directory=directory,
        homes=homes,
        book=book,
        trusts=trusts,
        principals=principals,
        layers=layers,
        gates=gates,
        edges=edges,
        roles=roles,
        assume=Assumptions(trusts, layers, principals, sentences, homes),
        environments=environments,
        systems=systems,
        organization=organization,
        sentences=sentences,
        targets=targets,
        choice=TargetChoice(targets, Strongest(book, trusts), edges),
        rbac=RbacBook(index, environments),
        aws=AwsRows(layers, principals, systems, environments, sentences),
    )


def _meet_actions(index: FactIndex) -> None:
    """Let the catalogue meet every action it does not know, so that each pattern covers it wherever it is written."""
    texts = {
        value.value
        for policy in index.of(Policy)
        for statement in policy.statements
        for value in (*statement.actions, *statement.not_actions)
        if isinstance(value, Scalar) and isinstance(value.value, str)
    }
    actions.expand_all(sorted(texts))
