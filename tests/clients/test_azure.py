"""Clients of Azure OpenAI, and of gateways that stand behind a prefix: the ends of their paths decide."""

import anthropic
import openai
import pytest

VERSION = "2026-05-01-preview"
HELLO = {"prompt_id": "hello", "prompt_variables": {"user_message": "Hi"}}
MESSAGES = [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi"}]
PROMPT = {"id": "jack-sparrow", "version": "2"}
POLITE = "Respond as a polite jack sparrow would"


@pytest.fixture(scope="module")
def azure(root_url):
    """The client that Azure's documentation shows: a deployment in the path, a version in the query."""
    with openai.AzureOpenAI(azure_endpoint=root_url, api_key="k", api_version=VERSION, azure_deployment="my-gpt",
                            max_retries=0, timeout=15) as opened:
        yield opened


def test_a_deployment(azure, upstream):
    azure.chat.completions.create(model="ignored", messages=[], extra_body=HELLO)
    record = upstream.only()
    assert record.path == f"/openai/deployments/my-gpt/chat/completions?api-version={VERSION}"
    assert record.json()["messages"] == MESSAGES
    assert record.header("api-key") == "k"


def test_a_deployment_that_the_model_names(root_url, upstream):
    """The SDK puts the model that the application names into the path; the prompt's is in the body."""
    with openai.AzureOpenAI(azure_endpoint=root_url, api_key="k", api_version=VERSION, max_retries=0) as client:
        client.chat.completions.create(model="their-gpt", messages=[], extra_body=HELLO)
    record = upstream.only()
    assert record.path == f"/openai/deployments/their-gpt/chat/completions?api-version={VERSION}"
    assert record.json()["model"] == "gpt-4"


def test_responses_with_a_version_in_the_query(azure, upstream):
    azure.responses.create(model="my-gpt", prompt=PROMPT, input="hi")
    record = upstream.only()
    assert record.path == f"/openai/responses?api-version={VERSION}"
    assert record.json() == {"model": "my-gpt", "instructions": POLITE, "input": "hi"}


def test_an_error_of_azures_client(azure, upstream):
    with pytest.raises(openai.NotFoundError) as caught:
        azure.responses.create(model="my-gpt", prompt={"id": "nope"}, input="hi")
    assert (caught.value.code, caught.value.param) == ("prompt_not_found", "prompt.id")
    assert upstream.records == []


@pytest.mark.parametrize("prefix", ["/openai/v1", "/openai/v1/", "/team/llm/v1"])
def test_openais_client_with_a_prefix(prefix, root_url, upstream):
    with openai.OpenAI(base_url=root_url + prefix, api_key="k", max_retries=0, timeout=15) as client:
        client.responses.create(model="m", prompt=PROMPT, input="hi")
        client.chat.completions.create(model="m", messages=[], extra_body=HELLO)
    responses, chat = upstream.records
    assert responses.path == f"{prefix.rstrip('/')}/responses"
    assert responses.json() == {"model": "m", "instructions": POLITE, "input": "hi"}
    assert chat.path == f"{prefix.rstrip('/')}/chat/completions" and chat.json()["messages"] == MESSAGES


def test_anthropics_client_with_a_prefix(root_url, upstream):
    with anthropic.Anthropic(base_url=f"{root_url}/team/llm", api_key="k", max_retries=0, timeout=15) as client:
        client.messages.create(model="m", max_tokens=9, messages=[], extra_body=HELLO)
    record = upstream.only()
    assert record.path == "/team/llm/v1/messages"
    assert (record.json()["system"], record.json()["messages"]) == (MESSAGES[0]["content"], MESSAGES[1:])
