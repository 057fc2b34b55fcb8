"""Every row of the catalogue about AWS, one by one: a minimal declaration of the attribute states what it is about."""

from __future__ import annotations

from itertools import count

import pytest

from agentreach.identity import Agent, AgentLink, Aspect, Credential, Fact, IdentityUse, SecretUse, Setting
from agentreach.lowering import lower, wanted
from agentreach.lowering.catalogue import Attribute, entries
from agentreach.model import Format, Key, ListValue, MapValue, Resource, Scalar, Source, Span, Value

ROLE = "arn:aws:iam::111122223333:role/row"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:row-abcdef"
SECONDS = {"s": 1.0, "min": 60.0, "days": 86_400.0, "hours": 3_600.0}

ELSEWHERE = {
    # a state, a name or a number that is read, and stated as something else or by something else
    "aws_ecs_task_definition.execution_role_arn": "pulls the image, is not what the task acts as",
    "AWS::ECS::TaskDefinition.ExecutionRoleArn": "pulls the image, is not what the task acts as",
    "aws_eks_pod_identity_association.namespace": "names the account, not the role",
    "aws_eks_pod_identity_association.service_account": "names the account, not the role",
    "AWS::EKS::PodIdentityAssociation.Namespace": "names the account, not the role",
    "AWS::EKS::PodIdentityAssociation.ServiceAccount": "names the account, not the role",
    "aws_iam_instance_profile.role": "a membership",
    "aws_launch_template.iam_instance_profile": "a block: its ARN and name are in the parity suite",
    "aws_apprunner_service.source_configuration.image_repository.image_configuration.runtime_environment_secrets": (
        "a map: in the parity suite"
    ),
    "AWS::AppRunner::Service.SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets": (
        "a list of pairs: in the parity suite"
    ),
    "aws_rolesanywhere_profile.role_arns": "owner of the session",
    "AWS::RolesAnywhere::Profile.RoleArns": "owner of the session",
    "aws_lambda_function.timeout": "a run's limit, kept by Lambda itself",
    "AWS::Lambda::Function.Timeout": "a run's limit, kept by Lambda itself",
    "AWS::Serverless::Function.Timeout": "a run's limit, kept by Lambda itself",
    "aws_codebuild_project.build_timeout": "a run's limit, kept by CodeBuild itself",
    "AWS::CodeBuild::Project.TimeoutInMinutes": "a run's limit, kept by CodeBuild itself",
    "aws_bedrockagent_agent.memory_configuration.session_summary_configuration.max_recent_sessions": "a count",
    "aws_cloudwatch_log_group.retention_in_days": "an audit setting of the function it belongs to",
    "AWS::Logs::LogGroup.RetentionInDays": "an audit setting of the function it belongs to",
    "aws_appsync_api_key.expires": "a date: tested with a clock",
    "AWS::AppSync::ApiKey.Expires": "a date: tested with a clock",
    "aws_ssoadmin_permission_set.session_duration": "ISO 8601: in the parity suite",
    "AWS::SSO::PermissionSet.SessionDuration": "ISO 8601: in the parity suite",
    "aws_cognito_user_pool_client.id_token_validity": "an identity token is not a credential for a resource",
    "AWS::Bedrock::DataSource.DataSourceConfiguration.WebConfiguration": "content, not a credential",
    "AWS::SecurityAgent::Pentest.Assets.Actors[].Authentication.Value": "credentials of a tested application",
    "aws_bedrockagentcore_oauth2_credential_provider.credential_provider_vendor": "a vendor's name",
}
AWS = [entry for entry in entries().values() if entry.type.startswith(("aws_", "AWS::"))]


def rows(*roles: str) -> list[tuple[str, Attribute]]:
    found = [(entry.type, one) for entry in AWS for one in entry.of(*roles)]
    return [(type_, one) for type_, one in found if f"{type_}.{one.path}" not in ELSEWHERE]


def named(row: tuple[str, Attribute]) -> str:
    return f"{row[0]}.{row[1].path}"


def declared(type_: str, path: str, text: str | float, beside: dict[str, str] | None = None) -> Resource:
    """A resource with one attribute, at line 2 of a source, and others that its lowering needs."""
    source = Source("row", "\n" * 50)
    lines = count(2)

    def place() -> Span:
        number = next(lines)
        return Span(source, number - 1, number - 1)

    def nested(names: list[str]) -> Value:
        if not names:
            return Scalar(text, place())
        name, bracket, _ = names[0].partition("[]")
        if not name:
            return nested(names[1:])
        inner = nested([*names[1:]])
        wrapped: Value = ListValue((inner,), inner.at) if bracket else inner
        return MapValue({name: wrapped}, inner.at, {name: inner.at})

    body = nested(path.split("."))
    assert isinstance(body, MapValue)
    for name, value in (beside or {}).items():
        body.entries[name] = Scalar(value, place())
    return Resource(
        format=Format.TERRAFORM if type_.startswith("aws") else Format.CLOUDFORMATION,
        type=type_,
        key=Key(".", f"{type_}.row"),
        name="row",
        attributes=body,
        at=Span(source, 0, 0),
    )


def facts(type_: str, path: str, text: str | float, beside: dict[str, str] | None = None) -> tuple[Fact, ...]:
    return lower([declared(type_, path, text, beside)])


@pytest.mark.parametrize("entry", AWS, ids=lambda entry: entry.type)
def test_every_type_of_the_catalogue_is_read(entry: object) -> None:
    assert wanted(entry.type)  # type: ignore[attr-defined]


AGENTS = [entry.type for entry in AWS if entry.kind in {"agent", "agent-gateway", "agent-sandbox"}]


@pytest.mark.parametrize("type_", AGENTS)
def test_a_type_that_declares_an_agent_is_one(type_: str) -> None:
    (agent,) = [fact for fact in facts(type_, "Description", "x") if isinstance(fact, Agent)]
    assert agent.key == Key(".", f"{type_}.row")


@pytest.mark.parametrize("row", rows("identity"), ids=named)
def test_an_identity_attribute_is_an_identity_in_use(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    beside = {"AgentSpaceId": "space"} if type_ == "AWS::DevOpsAgent::Association" else {}
    uses = [fact for fact in facts(type_, attribute.path, ROLE, beside) if isinstance(fact, IdentityUse)]
    assert [(fact.identity.value, fact.at.location.line) for fact in uses if isinstance(fact.identity, Scalar)] == [
        (ROLE, 2)
    ]


@pytest.mark.parametrize("row", rows("ttl", "retention"), ids=named)
def test_a_lifetime_is_in_seconds(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    unit = "hours" if "hours" in attribute.unit else "days" if "days" in attribute.unit.lower() else attribute.unit
    beside = {"user_name": "u", "service_name": "bedrock.amazonaws.com", "RoleArns": ROLE, "role_arns": ROLE}
    found = [fact for fact in facts(type_, attribute.path, 90, beside) if isinstance(fact, Credential)]
    assert (90 * SECONDS[unit], False, 2) in [(fact.ttl, fact.defaulted, fact.at.location.line) for fact in found]


@pytest.mark.parametrize("row", rows("credential_ref"), ids=named)
def test_a_reference_to_a_secret_is_kept(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    found = facts(type_, attribute.path, SECRET)
    held = [fact.secret for fact in found if isinstance(fact, SecretUse)]
    linked = [fact.other for fact in found if isinstance(fact, AgentLink)]
    assert SECRET in [value.value for value in (*held, *linked) if isinstance(value, Scalar)]


MODES = [row for row in rows("network") if row[1].path.lower().endswith(("networkmode", "network_mode"))]


@pytest.mark.parametrize("row", MODES, ids=named)
def test_a_public_network_is_seen(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    found = [fact for fact in facts(type_, attribute.path, "PUBLIC") if isinstance(fact, Setting)]
    assert [fact.state for fact in found if fact.aspect is Aspect.PUBLIC_NETWORK] == [True]


def test_what_is_stated_elsewhere_is_still_in_the_catalogue() -> None:
    known = {f"{entry.type}.{one.path}" for entry in AWS for one in entry.attributes}
    assert set(ELSEWHERE) <= known
