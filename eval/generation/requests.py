"""What is asked of a backend, and in which order: one queue over all benchmarks, problems and samples.

    Request(prompt=Prompt("aime24", "2024-I-4", …), sample=3, seed=1731…, sampling=SamplingSettings(…))

The seed belongs to the sample, so a resumed run asks for exactly what an uninterrupted one would have asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

from records import Completion, Key, Prompt, Record
from settings import SamplingSettings


class Request(Record, frozen=True, kw_only=True):
    """One sample to generate."""

    prompt: Prompt
    sample: int
    seed: int
    sampling: SamplingSettings

    @property
    def key(self) -> Key:
        """(benchmark, problem_id, sample), the key of its completion."""
        return (self.prompt.benchmark, self.prompt.problem_id, self.sample)

    def completed(
        self, text: str, finish_reason: str, *, tokens: tuple[int, int], seconds: float, thinking_opened: bool = False
    ) -> Completion:
        """The completion of this request; `tokens` are those of the prompt and of the completion."""
        return Completion(
            benchmark=self.prompt.benchmark,
            problem_id=self.prompt.problem_id,
            sample=self.sample,
            seed=self.seed,
            text=text,
            finish_reason=finish_reason,
            prompt_tokens=tokens[0],
            completion_tokens=tokens[1],
            seconds=round(seconds, 3),
            thinking_opened=thinking_opened,
        )


def sample_seed(run_seed: int, benchmark: str, problem_id: str, sample: int) -> int:
    """A seed from 0 to 2^31-1 for one sample.

    A hash, not run_seed + sample: vLLM and others count up from a seed themselves, so neighbours would overlap.
    """
    text = f"{run_seed}/{benchmark}/{problem_id}/{sample}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 33


def owed_requests(
    prompts: Sequence[Prompt], sampling: SamplingSettings, finished: Collection[Key]
) -> Iterator[Request]:
    """Every sample that is not finished yet, sample 0 of all problems first.

    A run stopped early so has about as many samples of each problem, and all of them are made lazily.
    """
    for sample in range(sampling.samples):
        for prompt in prompts:
            if (prompt.benchmark, prompt.problem_id, sample) not in finished:
                seed = sample_seed(sampling.seed, prompt.benchmark, prompt.problem_id, sample)
                yield Request(prompt=prompt, sample=sample, seed=seed, sampling=sampling)
