"""The wire to language models, by pydantic-ai (extra `llm`): any provider by name, or any OpenAI-compatible address.

Loaded only where a model is asked for. No tools are ever given to a model; its answer is data.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from takefive.common.errors import UsageError
from takefive.common.llm import Refused, Sent, Spend, Turn, tokens

try:
    from genai_prices import Usage, calc_price
    from pydantic import TypeAdapter, ValidationError
    from pydantic_ai import exceptions as faults
    from pydantic_ai.direct import model_request
    from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
    from pydantic_ai.models import Model, ModelRequestParameters, infer_model
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.settings import ModelSettings
except ImportError as error:
    raise UsageError(
        f"language models need an extra that is not installed ({error.name}): pip install 'takefive[llm]'."
    ) from error

Answer = TypeVar("Answer")
MILLION = 1_000_000
_LATER = (
    faults.ModelRateLimitError,
    faults.ModelUnavailableError,
    faults.ModelServerError,
    faults.ModelConnectionError,
    faults.ModelRequestTimeout,
)
_MAYBE_BILLED = (faults.ModelTimeoutError, faults.ModelRequestTimeout)


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens that go in and that come out."""

    tokens_in: Decimal
    tokens_out: Decimal


def connect(
    name: str, *, url: str = "", key: str = "", timeout: float = 120, context: int = 16_000, price: Price | None = None
) -> PydanticWire:
    """The wire to a model: `name` is "provider:model"; with `url`, an OpenAI-compatible address, any name it knows.

    `timeout` in seconds for one request; `context` in tokens, of question and answer together; `price` where
    genai-prices knows none. Raises UsageError for an unknown provider, a missing key or a missing package.
    """
    try:
        model = _at(url, name, key) if url else _known(name, key)
    except (faults.UserError, ValueError, ImportError) as error:
        raise UsageError(f"TAKEFIVE_LLM={name}: {' '.join(str(error).split())}") from error
    return PydanticWire(name, model, timeout, context, price, own=bool(url))


def _at(url: str, name: str, key: str) -> Model[Any]:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    provider = OpenAICompatibleProvider("own", base_url=url, api_key=key or "none")
    # The field that llama.cpp, vLLM, Ollama and older gateways all know.
    profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
    return OpenAIChatModel(name.removeprefix("openai:"), provider=provider, profile=profile)


def _known(name: str, key: str) -> Model[Any]:
    from pydantic_ai.providers import infer_provider, infer_provider_class

    def provider(of: str) -> Any:
        return infer_provider_class(of)(api_key=key) if key else infer_provider(of)  # type: ignore[call-arg]

    return infer_model(name, provider)


class PydanticWire:
    """A model behind pydantic-ai. Each request runs in a loop of its own, so it works in any thread without one."""

    def __init__(
        self, name: str, model: Model[Any], timeout: float, context: int, price: Price | None, *, own: bool = False
    ) -> None:
        self.name, self.context, self.own = name, context, own  # own: at an address that the operator gave
        self.model, self._timeout, self._price = model, timeout, price
        self._native = bool(model.profile.get("supports_json_schema_output"))

    def price(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Dollars: by the price given, else by the price list of genai-prices, else None."""
        if self._price:
            return (self._price.tokens_in * tokens_in + self._price.tokens_out * tokens_out) / MILLION
        try:
            usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
            return calc_price(usage, self.model.model_name, provider_id=self.model.system).total_price
        except (LookupError, ValueError):
            return None

    def schema(self, answer: type) -> str:
        """The JSON schema of an answer."""
        return json.dumps(TypeAdapter(answer).json_schema())

    def parse(self, text: str, answer: type[Answer]) -> Answer:
        """A typed answer, also out of a fence of markdown. Raises ValueError: which field, and what is wrong with it."""
        try:
            return TypeAdapter(answer).validate_json(_unfenced(text))
        except ValidationError as error:
            places = (f"{'.'.join(map(str, e['loc'])) or 'the answer'}: {e['msg']}" for e in error.errors()[:5])
            raise ValueError("; ".join(places)) from error

    def dump(self, value: object) -> str:
        """A typed answer as JSON."""
        return TypeAdapter(type(value)).dump_json(value).decode()

    def send(self, instructions: str, talk: Sequence[Turn], answer: type, longest: int) -> Sent:
        """One request, once. Raises Refused."""
        try:
            return asyncio.run(self._ask(instructions, talk, answer, longest))
        except faults.ModelAPIError as error:
            if self._native and _no_typed_output(error):
                self._native = False  # from now on the form stands in the instructions
                raise Refused("no typed output there; asked in words", later=True, wait=0) from error
            maybe = isinstance(error, _MAYBE_BILLED)
            going = tokens(instructions) + sum(tokens(turn.text) for turn in talk)
            cost = Spend(going, 0, self.price(going, 0)) if maybe else None
            raise Refused(_said(error), later=isinstance(error, _LATER), wait=error.retry_after, cost=cost) from error
        except faults.AgentRunError as error:  # an answer in no known form
            raise Refused(_said(error), later=True) from error

    def close(self) -> None:
        """Nothing stays open between two requests."""

    async def _ask(self, instructions: str, talk: Sequence[Turn], answer: type, longest: int) -> Sent:
        settings = ModelSettings(max_tokens=longest, max_retries=0, request_timeout=self._timeout, temperature=0)
        async with self.model as model:
            messages = messages_of(instructions, talk)
            said = await model_request(
                model, messages, model_settings=settings, model_request_parameters=self.form(answer)
            )
        return self._sent(said, instructions, talk)

    def form(self, answer: type) -> ModelRequestParameters:
        """The form asked for: by the provider's typed output where it has that, else in words."""
        form = OutputObjectDefinition(json_schema=TypeAdapter(answer).json_schema(), name="answer")
        return ModelRequestParameters(output_mode="native" if self._native else "prompted", output_object=form)

    def _sent(self, said: ModelResponse, instructions: str, talk: Sequence[Turn]) -> Sent:
        text = said.text or ""
        going = said.usage.input_tokens or tokens(instructions) + sum(tokens(turn.text) for turn in talk)
        coming = said.usage.output_tokens or tokens(text)
        spend = Spend(going, coming, self.price(going, coming))
        ended = said.finish_reason
        return Sent(text, spend, cut=ended == "length", refused=ended == "content_filter")


def _no_typed_output(error: faults.ModelAPIError) -> bool:
    """Whether a server refuses the form of the answer; some answer 500 to what they do not know."""
    if isinstance(error, faults.ModelAuthenticationError | faults.ModelNotFoundError):
        return False
    return isinstance(error, faults.ModelRequestRejectedError) or "response_format" in str(error)


def messages_of(instructions: str, talk: Sequence[Turn]) -> list[ModelMessage]:
    """The talk as pydantic-ai has it."""
    return [
        ModelRequest(parts=[UserPromptPart(turn.text)], instructions=instructions)
        if turn.ours
        else ModelResponse(parts=[TextPart(turn.text)])
        for turn in talk
    ]


def _unfenced(text: str) -> str:
    """Without the fence and the words that some models put around their JSON."""
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if 0 <= first < last else text


def _said(error: Exception) -> str:
    """What the provider said, on one line, short: it may repeat what it was sent."""
    return " ".join(str(error).split())[:200]
