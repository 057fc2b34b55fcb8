"""Families of types in which a new one is an agent or belongs to one: what nobody described is said to be there."""

from __future__ import annotations

_AGENT_FAMILIES = (
    "aws_bedrockagentcore_",
    "awscc_bedrockagentcore_",
    "AWS::BedrockAgentCore::",
    "aws_bedrockagent_",
    "awscc_devopsagent_",
    "AWS::DevOpsAgent::",
    "AWS::SecurityAgent::",
    "awscc_securityagent_",
    "AWS::NovaAct::",
    "awscc_novaact_",
    "AWS::AgentRegistry::",
    "awscc_agentregistry_",
    "AWS::Bedrock::Agent",
    "awscc_bedrock_agent",
    "AWS::QBusiness::",
    "awscc_qbusiness_",
    "aws_qbusiness_",
    "AWS::Wisdom::AIAgent",
    "awscc_wisdom_ai_agent",
)
_CONTENT = tuple(
    f"{prefix}{name}"
    for prefix, names_ in (
        ("AWS::QBusiness::", ("DataSource", "Index", "Permission", "Retriever", "WebExperience")),
        ("AWS::Wisdom::", ("AIAgentVersion",)),
        ("awscc_qbusiness_", ("data_source", "index", "permission", "retriever", "web_experience")),
        ("awscc_wisdom_", ("ai_agent_version",)),
    )
    for name in names_
)
"""What an agent of these families answers from, where it is shown, and frozen copies of one: they declare none."""


def is_agent_related(type_: str) -> bool:
    """Whether a type that no lowering lists is agent-related by its family."""
    return type_.startswith(_AGENT_FAMILIES) and type_ not in _CONTENT
