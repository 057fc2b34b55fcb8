"""The words that agents are recognised by, as data. `signals` says how they are matched.

Names are those that the products' own documentation and registries use. A word is compared with
whole path segments and whole dash-separated tokens, never with a substring: `td-agent`,
`grafana/agent` and `datadog/agent` share nothing with these but the word "agent".
"""

from __future__ import annotations

PRODUCT_IMAGES = frozenset(
    {
        "aider",
        "all-hands-ai",
        "anything-llm",
        "anythingllm",
        "auto-gpt",
        "autogpt",
        "claude-code",
        "codex-cli",
        "codex-universal",
        "copilot-cli",
        "cursor-agent",
        "devin",
        "dify",
        "flowise",
        "flowiseai",
        "gemini-cli",
        "gpt-engineer",
        "hermes-agent",
        "holmesgpt",
        "k8sgpt",
        "kagent",
        "kagent-dev",
        "langflow",
        "langflowai",
        "langgraph-api",
        "librechat",
        "n8n",
        "n8nio",
        "openclaw",
        "opencode",
        "openhands",
        "qwen-code",
        "superagi",
        "swe-agent",
    }
)
"""An image whose path holds one of these is an agent product: decisive alone."""

PRODUCT_REPOSITORIES = frozenset(
    {"block/goose", "openai/codex", "robusta-dev/holmes", "robustadev/holmes", "letta/letta", "square/goose"}
)
"""Products whose last segment alone would be ambiguous (goose is also a migration tool)."""

LIBRARY_IMAGES = frozenset(
    {
        "adk",
        "agent-framework",
        "agentgateway",
        "ai-gateway",
        "autogen",
        "ag2",
        "browser-use",
        "codex",
        "crewai",
        "haystack",
        "holmes",
        "kmcp",
        "langchain",
        "langgraph",
        "langserve",
        "langsmith",
        "letta",
        "litellm",
        "llama-stack",
        "llamaindex",
        "llamastack",
        "mem0",
        "open-webui",
        "pydantic-ai",
        "semantic-kernel",
        "smolagents",
        "strands",
        "strands-agents",
        "toolhive",
    }
)
"""An agent library or gateway: one strong signal."""

NOT_AGENT_IMAGES = frozenset(
    {
        "agent-operator",
        "argocd-agent",
        "aws-xray-daemon",
        "azure-pipelines-agent",
        "bitnami/grafana-agent",
        "buildkite",
        "buildkite-agent",
        "cattle-cluster-agent",
        "cloudwatch-agent",
        "cluster-agent",
        "datadog",
        "datadog-agent",
        "elastic-agent",
        "fleet-agent",
        "fluent-bit",
        "fluentd",
        "gcr.io/kubebuilder",
        "gitlab-agent",
        "gitlab-runner",
        "grafana",
        "grafana-agent",
        "inbound-agent",
        "instana",
        "jenkins",
        "jnlp-slave",
        "kfp-inverse-proxy-agent",
        "konnectivity",
        "kserve",
        "newrelic",
        "newrelic-agent",
        "node-agent",
        "nomad",
        "oneagent",
        "opentelemetry-collector",
        "otel-agent",
        "puppet-agent",
        "rancher-agent",
        "spire-agent",
        "ssm-agent",
        "sysdig",
        "td-agent",
        "teamcity-agent",
        "teleport",
        "telegraf",
        "vault-agent",
        "velero",
        "wazuh",
        "zabbix",
        "zabbix-agent",
        "zabbix-agent2",
    }
)
"""Monitoring, build and cluster agents: a segment or a token run of these makes the image no signal at all."""

PARTS_WITHOUT_MODEL = frozenset(
    {
        "dify-web",
        "k8sgpt-operator",
        "kagent-dev/kagent/controller",
        "kagent-dev/kagent/ui",
        "kagent-dev/kmcp/controller",
        "kagent-ui",
        "n8n-exporter",
        "stacklok/toolhive/operator",
    }
)
"""Companions of a product (operator, user interface) in which no model decides anything."""

STRONG_VARIABLES = frozenset(
    {
        "AGENTCORE_MEMORY_ID",
        "AGENT_RUNTIME_ARN",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_MODEL",
        "ANTHROPIC_VERTEX_PROJECT_ID",
        "AZURE_AI_PROJECT_ENDPOINT",
        "AZURE_OPENAI_API_KEY",
        "BEDROCK_AGENT_ALIAS_ID",
        "BEDROCK_AGENT_ID",
        "BEDROCK_MODEL_ID",
        "CLAUDE_CODE_USE_BEDROCK",
        "CLAUDE_CODE_USE_VERTEX",
        "COHERE_API_KEY",
        "COPILOT_GITHUB_TOKEN",
        "DEEPSEEK_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "GROQ_API_KEY",
        "LANGCHAIN_API_KEY",
        "LANGFUSE_SECRET_KEY",
        "LANGSMITH_API_KEY",
        "LANGSMITH_TRACING",
        "MCP_SERVERS",
        "MCP_SERVER_URL",
        "MCP_SERVER_URLS",
        "MISTRAL_API_KEY",
        "N8N_ENCRYPTION_KEY",
        "OPENAI_API_KEY",
        "OPENCLAW_GATEWAY_TOKEN",
        "OPENROUTER_API_KEY",
    }
)

STRONG_VARIABLE_PREFIXES = (
    "DIFY_",
    "FLOWISE_",
    "HERMES_",
    "LANGGRAPH_",
    "LANGSMITH_",
    "N8N_",
    "OPENHANDS_",
    "OTEL_INSTRUMENTATION_GENAI_",
)

WEAK_VARIABLES = frozenset(
    {
        "AGENT_NAME",
        "GOOGLE_API_KEY",
        "HF_TOKEN",
        "MODEL_ID",
        "OLLAMA_HOST",
        "OPENAI_BASE_URL",
        "PINECONE_API_KEY",
        "QDRANT_API_KEY",
        "TAVILY_API_KEY",
        "WEAVIATE_API_KEY",
    }
)

MCP_CREDENTIALS = frozenset(
    {"GITHUB_PERSONAL_ACCESS_TOKEN", "GITHUB_TOKEN", "GITLAB_PERSONAL_ACCESS_TOKEN", "SLACK_BOT_TOKEN", "NOTION_TOKEN"}
)
"""Variables that mean an agent's tool only beside the image of an MCP server."""

MODEL_WORDS = frozenset(
    {
        "adk",
        "agentcore",
        "agentic",
        "ai",
        "aider",
        "anthropic",
        "autogen",
        "bedrock",
        "chatbot",
        "claude",
        "codex",
        "copilot",
        "crewai",
        "devin",
        "genai",
        "gpt",
        "langchain",
        "langgraph",
        "llm",
        "openclaw",
        "openhands",
    }
)
"""Words that make a declared name or label say "model". `agent` alone in a name counts once, in a label never."""
