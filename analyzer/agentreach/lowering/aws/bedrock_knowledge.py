"""Knowledge bases, their data sources, guardrails and jobs: used by agents, never agents themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import SecretUse
from agentreach.lowering.aws.pieces import system, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_STORES = ("Pinecone", "Rds", "MongoDbAtlas", "RedisEnterpriseCloud")
_SOURCES = ("Confluence", "SharePoint", "Salesforce")


def knowledge_base(scope: Scope, context: Context) -> Iterator[Fact]:
    """A knowledge base reads its store with a role, and with a secret where the store wants one."""
    yield system(scope, context, "bedrock", "knowledge-base")
    yield from uses(scope, "RoleArn", context)
    paths = (f"StorageConfiguration.{store}Configuration.CredentialsSecretArn" for store in _STORES)
    yield from _secrets(scope, *paths)


def data_source(scope: Scope, _context: Context) -> Iterator[Fact]:
    """Where a knowledge base reads from."""
    base = "DataSourceConfiguration.{}Configuration.SourceConfiguration.CredentialsSecretArn"
    yield from _secrets(scope, *(base.format(source) for source in _SOURCES))


def _secrets(scope: Scope, *paths: str) -> Iterator[Fact]:
    for path in paths:
        for value in scope.values(path):
            yield SecretUse(
                subject=scope.resource.key,
                secret=value,
                variable="credentials of the store",
                at=scope.at(path),
                via="knowledge-base",
            )


def guardrail(scope: Scope, context: Context) -> Iterator[Fact]:
    """A guardrail counts where an agent names it."""
    yield system(scope, context, "bedrock", "guardrail")


def job(scope: Scope, context: Context) -> Iterator[Fact]:
    """A job that trains or imports a model reads its data with a role of its own."""
    yield from uses(scope, "RoleArn", context)


LOWERINGS = {
    "AWS::Bedrock::KnowledgeBase": knowledge_base,
    "AWS::Bedrock::DataSource": data_source,
    "AWS::Bedrock::Guardrail": guardrail,
    "aws_bedrock_custom_model": job,
}
