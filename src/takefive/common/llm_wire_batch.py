"""The wire to batch APIs, by pydantic-ai: OpenAI's (`/v1/batches` of `/v1/responses`), Anthropic's, Google's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_ai import exceptions as faults
from pydantic_ai.models import Model
from pydantic_ai.models.batch import Batch, BatchRequest, BatchResult
from pydantic_ai.settings import ModelSettings

from takefive.common.llm import Refused, Spend, Turn, tokens
from takefive.common.llm_batch import Batched, Question
from takefive.common.llm_wire import PydanticWire, messages_of

Result = TypeVar("Result")
SHARE = Decimal("0.5")
"""Of the usual price: what each of these providers asks for a batch."""
_BATCH = TypeAdapter(Batch)
_TAKEN_MAYBE = (faults.ModelServerError, faults.ModelTimeoutError, faults.ModelRequestTimeout)
_LATER = (*_TAKEN_MAYBE, faults.ModelConnectionError, faults.ModelRateLimitError, faults.ModelUnavailableError)
_GARBLED = (ValueError, TypeError, AttributeError, LookupError)  # a result in no known form


def batching(wire: PydanticWire) -> PydanticBatch | None:
    """The batch API behind a wire, None where its provider has none.

    At an address of the operator's own it is taken to be OpenAI's: who has none there does not ask for batches.
    """
    model = _responses(wire.model) if wire.own else wire.model
    return PydanticBatch(wire, model) if model.batch_max_requests is not None else None


def _responses(model: Model[Any]) -> Model[Any]:
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile

    profile = OpenAIModelProfile(openai_supports_batch_api=True, supports_json_schema_output=True)
    return OpenAIResponsesModel(model.model_name, provider=model.provider, profile=profile)  # type: ignore[arg-type]


class PydanticBatch:
    """A batch API behind pydantic-ai. Each call runs in a loop of its own."""

    def __init__(self, wire: PydanticWire, model: Model[Any]) -> None:
        self._wire, self._model = wire, model

    def most(self, question: Question) -> Spend:
        """What a question may cost at most."""
        words = (question.instructions, question.material, self._wire.schema(question.answer))
        return self._spend(sum(map(tokens, words)), question.longest)

    def submit(self, questions: Sequence[Question]) -> str:
        """Hand over all questions, once; the handle holds no secret. Raises Refused."""
        return self._run(self._submit(questions), _TAKEN_MAYBE)

    def collect(self, handle: str, answer: type) -> dict[str, Batched] | None:
        """By key what was run, None while the batch is under way. Raises Refused."""
        return self._run(self._collect(handle, answer), _LATER)

    def _run(self, work: Coroutine[Any, Any, Result], later: tuple[type[Exception], ...]) -> Result:
        try:
            return asyncio.run(work)
        except (faults.AgentRunError, faults.UserError, *_GARBLED) as error:
            raise Refused(" ".join(str(error).split())[:200], later=isinstance(error, later)) from error

    async def _submit(self, questions: Sequence[Question]) -> str:
        async with self._model as model:
            encoded = [await model.batch_encode(self._request(one)) for one in questions]
            return _BATCH.dump_json(await model.batch_create(encoded)).decode()

    async def _collect(self, handle: str, answer: type) -> dict[str, Batched] | None:
        async with self._model as model:
            batch = await model.batch_status(_BATCH.validate_json(handle))
            if batch.status != "ended":
                return None
            results = await model.batch_results(batch)
        return {one.custom_id: self._batched(one, answer) for one in results}

    def _request(self, one: Question) -> BatchRequest:
        return BatchRequest(
            custom_id=one.key,
            messages=messages_of(one.instructions, [Turn(one.material)]),
            model_settings=ModelSettings(max_tokens=one.longest, temperature=0),
            model_request_parameters=self._wire.form(one.answer),
        )

    def _batched(self, result: BatchResult, answer: type) -> Batched:
        """One result read; what the provider did not run costs nothing."""
        if result.status != "succeeded":
            return Batched(None, Spend(dollars=Decimal(0)))
        try:
            said = self._model.batch_decode(result, self._request(Question(result.custom_id, "", "", answer)))
        except (faults.AgentRunError, *_GARBLED):
            return Batched(None, None)
        used = said.usage
        spend = self._spend(used.input_tokens, used.output_tokens) if used.input_tokens else None
        try:
            return Batched(self._wire.dump(self._wire.parse(said.text or "", answer)), spend)
        except ValueError:
            return Batched(None, spend)

    def _spend(self, tokens_in: int, tokens_out: int) -> Spend:
        price = self._wire.price(tokens_in, tokens_out)
        return Spend(tokens_in, tokens_out, None if price is None else price * SHARE)
