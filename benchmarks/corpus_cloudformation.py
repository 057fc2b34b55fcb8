"""A seeded corpus of CloudFormation templates: realistic shapes, every intrinsic, some SAM, some JSON.

    python benchmarks/corpus_cloudformation.py DIRECTORY [--templates 700] [--megabytes 10] [--seed 7]

The same arguments always write the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

Template = dict[str, Any]
SERVICES = ("s3", "dynamodb", "sqs", "sns", "kms", "secretsmanager", "lambda", "bedrock", "logs", "states")
VERBS = ("Get", "List", "Put", "Delete", "Create", "Update", "Describe", "Invoke")
NOUNS = ("Object", "Item", "Message", "Secret", "Function", "Model", "Topic", "Key", "Stream", "Execution")


_CONDITIONAL = 0.3
_JSON_EVERY = 4
_SAM_EVERY = 5
_AGENTS_EVERY = 10


class Corpus:
    """Templates from one random generator."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def template(self, size: int, *, sam: bool, agents: bool) -> Template:
        """A template of about `size` bytes."""
        template = self.frame(sam=sam)
        resources: Template = template["Resources"]
        makers = [self.role, self.policy, self.function, self.bucket, self.queue, self.table, self.network]
        makers += [self.agent] if agents else []
        written = 900
        while written < size:
            name, resource = self.random.choice(makers)(len(resources), sam=sam)
            resources[name] = resource
            written += len(json.dumps(resource)) + 60
        return template

    def frame(self, *, sam: bool) -> Template:
        """Everything but resources."""
        return {
            "AWSTemplateFormatVersion": "2010-09-09",
            **({"Transform": "AWS::Serverless-2016-10-31"} if sam else {}),
            "Description": f"stack {self.random.randrange(10**6)}",
            "Parameters": {
                "Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "test", "prod"]},
                "Owner": {"Type": "String"},
                "Subnets": {"Type": "CommaDelimitedList", "Default": "subnet-1,subnet-2"},
            },
            "Mappings": {"Sizes": {"dev": {"Memory": 256}, "test": {"Memory": 512}, "prod": {"Memory": 1024}}},
            "Conditions": {
                "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
                "InVirginia": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
            },
            **({"Globals": {"Function": {"Timeout": 30, "Runtime": "python3.12"}}} if sam else {}),
            "Resources": {},
            "Outputs": {"Stage": {"Value": {"Ref": "Stage"}}},
        }

    def statement(self) -> Template:
        """A statement with some actions and an ARN."""
        service = self.random.choice(SERVICES)
        actions = [f"{service}:{self.random.choice(VERBS)}{self.random.choice(NOUNS)}" for _ in range(3)]
        resource = (
            f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:${{Stage}}-{self.number()}/*"
        )
        return {"Effect": "Allow", "Action": actions, "Resource": {"Fn::Sub": resource}}

    def document(self) -> Template:
        """A policy document."""
        return {"Version": "2012-10-17", "Statement": [self.statement() for _ in range(self.random.randint(1, 4))]}

    def number(self) -> int:
        """Something to tell names apart."""
        return self.random.randrange(10**5)

    def role(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002 - one signature for all
        """A role with an inline policy."""
        trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        properties = {
            "RoleName": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, f"role{index}"]]},
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
            "Policies": [{"PolicyName": f"p{self.number()}", "PolicyDocument": self.document()}],
        }
        return f"Role{index}", {"Type": "AWS::IAM::Role", "Properties": properties}

    def policy(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A managed policy, sometimes conditional."""
        policy: Template = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": self.document()}}
        if self.random.random() < _CONDITIONAL:
            policy["Condition"] = "InVirginia"
        return f"Policy{index}", policy

    def function(self, index: int, *, sam: bool) -> tuple[str, Template]:
        """A function, SAM's in a SAM template."""
        variables = {"STAGE": {"Ref": "Stage"}, "OWNER": {"Fn::Sub": "team-${Owner}"}, "N": str(self.number())}
        properties: Template = {
            "Handler": "app.handler",
            "MemorySize": {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Memory"]},
            "Environment": {"Variables": variables},
            "VpcConfig": {"SubnetIds": {"Ref": "Subnets"}, "SecurityGroupIds": ["sg-1"]},
        }
        if sam:
            properties |= {"CodeUri": "src/", "Policies": [{"DynamoDBCrudPolicy": {"TableName": f"t{self.number()}"}}]}
            return f"Function{index}", {"Type": "AWS::Serverless::Function", "Properties": properties}
        properties |= {"Runtime": "python3.12", "Code": {"ZipFile": "def handler(event, context):\n    return event\n"}}
        properties["Role"] = {
            "Fn::If": ["IsProd", {"Ref": "Owner"}, {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/r"}]
        }
        return f"Function{index}", {"Type": "AWS::Lambda::Function", "Properties": properties}

    def bucket(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A bucket with usual settings."""
        properties = {
            "BucketName": {"Fn::Sub": f"data-${{Stage}}-{self.number()}"},
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
            },
            "Tags": [{"Key": "owner", "Value": {"Ref": "Owner"}}, {"Key": "stage", "Value": {"Ref": "Stage"}}],
        }
        return f"Bucket{index}", {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": properties}

    def queue(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A queue."""
        return f"Queue{index}", {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30 + index}}

    def table(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A table."""
        properties = {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        }
        return f"Table{index}", {"Type": "AWS::DynamoDB::Table", "Properties": properties}

    def network(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A security group: what no lowering reads."""
        rules = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"} for port in (80, 443)]
        properties = {"GroupDescription": f"group {index}", "VpcId": "vpc-1", "SecurityGroupIngress": rules}
        return f"Group{index}", {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}

    def agent(self, index: int, *, sam: bool) -> tuple[str, Template]:  # noqa: ARG002
        """A Bedrock agent with an action group."""
        functions = [{"Name": f"do_{self.number()}", "RequireConfirmation": "DISABLED"} for _ in range(3)]
        group = {
            "ActionGroupName": "tools",
            "ActionGroupExecutor": {
                "Lambda": {"Fn::Sub": "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f"}
            },
            "FunctionSchema": {"Functions": functions},
        }
        properties = {
            "AgentName": {"Fn::Sub": f"agent-${{Stage}}-{index}"},
            "FoundationModel": "anthropic.claude-3-5-sonnet-20240620-v1:0",
            "Instruction": "Help the operations team with questions about the production systems of the company.",
            "AgentResourceRoleArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/agent"},
            "ActionGroups": [group],
        }
        return f"Agent{index}", {"Type": "AWS::Bedrock::Agent", "Properties": properties}


SHORT = {"Ref": "!Ref", "Fn::Sub": "!Sub", "Fn::FindInMap": "!FindInMap", "Fn::Join": "!Join", "Fn::If": "!If"}


def as_yaml(value: Any, indent: int = 0) -> str:  # noqa: ANN401 - any JSON value
    """Block YAML as people write it, functions in their short form."""
    pad = " " * indent
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in SHORT:
        name, argument = next(iter(value.items()))
        return f"{SHORT[name]} {flow(argument)}\n"
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{after(entry, indent + 2)}" for key, entry in value.items())
    if isinstance(value, list):
        return "".join(
            f"{pad}-{after(entry, indent + 2).lstrip(chr(10)).replace(pad + '  ', ' ', 1)}" for entry in value
        )
    return f"{scalar(value)}\n"


def after(value: Any, indent: int) -> str:  # noqa: ANN401
    """What follows a key's colon or a dash."""
    if isinstance(value, dict | list) and value and not (isinstance(value, dict) and next(iter(value)) in SHORT):
        return "\n" + as_yaml(value, indent)
    return " " + (as_yaml(value, indent) if value not in ({}, []) else f"{value}\n")


def scalar(value: Any) -> str:  # noqa: ANN401
    """A scalar, quoted where YAML would read something else."""
    return json.dumps(value) if isinstance(value, str) and not value.replace("-", "a").isalnum() else str(value)


def flow(value: Any) -> str:  # noqa: ANN401
    """A value on one line."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in SHORT:
        name, argument = next(iter(value.items()))
        return f"{SHORT[name]} {flow(argument)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def write(directory: Path, *, templates: int = 700, megabytes: float = 10.0, seed: int = 7) -> int:
    """Write the corpus; the number of bytes written."""
    corpus = Corpus(seed)
    total = 0
    for index in range(templates):
        size = int(megabytes * 1_000_000 / templates * corpus.random.choice((0.3, 0.5, 0.8, 1.2, 2.2)) * 0.83)
        template = corpus.template(size, sam=index % _SAM_EVERY == 0, agents=index % _AGENTS_EVERY == 0)
        in_json = index % _JSON_EVERY == 0
        text = json.dumps(template, indent=2) if in_json else as_yaml(template)
        path = directory / f"team{index % 20}" / f"stack{index}.{'json' if in_json else 'yaml'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        total += len(text)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--templates", type=int, default=700)
    parser.add_argument("--megabytes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    total = write(given.directory, templates=given.templates, megabytes=given.megabytes, seed=given.seed)
    print(f"{given.templates} templates, {total / 1e6:.2f} MB in {given.directory}")


if __name__ == "__main__":
    main()
