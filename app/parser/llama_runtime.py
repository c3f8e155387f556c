"""A GGUF model in llama.cpp: loaded once, guarded by a lock, writing only what a grammar allows."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

from engines.errors import CheckpointError

_SMALL = 64_000_000


class LlamaRuntime:
    """One loaded model; safe to call from several threads, which wait for each other.

    Args:
        path: The GGUF file.
        context: Tokens of prompt and answer together, at most.

    Raises:
        CheckpointError: llama-cpp-python is missing, or the file cannot be loaded.
    """

    def __init__(self, path: Path, context: int) -> None:
        try:
            import llama_cpp
        except (ImportError, OSError, RuntimeError) as error:
            raise CheckpointError(
                "The LLaMA parser needs llama-cpp-python, which cannot be used here: "
                "install it as requirements.txt says."
            ) from error
        self._library = llama_cpp
        self._lock = threading.Lock()
        # A small model is faster with one thread: waking others costs more than they save.
        threads = 1 if path.stat().st_size < _SMALL else os.cpu_count() or 1
        try:
            self._model = llama_cpp.Llama(
                str(path),
                n_ctx=context,
                n_batch=min(context, 512),
                n_threads=threads,
                n_threads_batch=threads,
                verbose=False,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise CheckpointError(f"The file {path.name} cannot be loaded: llama.cpp reads no model in it.") from error
        # Freed before the interpreter takes the library's own modules apart.
        weakref.finalize(self, self._model.close)
        self.context = self._model.n_ctx()
        self.metadata: dict[str, str] = self._model.metadata

    def tokenize(self, text: str, special: bool = False) -> list[int]:
        """Token ids; with `special`, spellings of special tokens become those tokens: never for what people typed."""
        with self._lock:
            return self._model.tokenize(text.encode("utf-8"), add_bos=False, special=special)

    @property
    def bos(self) -> list[int]:
        """The token this model wants before a text; none where it wants none."""
        wanted = self.metadata.get("tokenizer.ggml.add_bos_token", "true") == "true"
        token = self._model.token_bos()
        return [token] if wanted and token >= 0 else []

    def accepts(self, grammar: str) -> bool:
        """Whether llama.cpp can read a grammar; one that it cannot would end the process when sampling."""
        library = self._library
        if not grammar.strip():
            return False
        with self._lock:
            sampler = library.llama_sampler_init_grammar(self._model._model.vocab, grammar.encode("utf-8"), b"root")
            if not sampler:
                return False
            library.llama_sampler_free(sampler)
        return True

    def write(
        self, prompt: Sequence[int], grammar: str, limit: int, stop: str = "", fresh: bool = True
    ) -> tuple[str, bool]:
        """The most likely text under a grammar.

        Args:
            prompt: Token ids.
            grammar: GBNF with the start rule `root`, see `accepts`.
            limit: Tokens to write at most.
            stop: Text that ends the answer and is left out of it.
            fresh: Forget the last prompt, so that the same prompt always goes through the same arithmetic; without, a
                long common beginning is not computed again.

        Returns:
            The text, and whether it came to its own end within the limit.

        Raises:
            ValueError: llama.cpp cannot read the grammar.
        """
        if not self.accepts(grammar):
            raise ValueError("llama.cpp cannot read the grammar")
        rules = self._library.LlamaGrammar.from_string(grammar, verbose=False)
        with self._lock:
            if fresh:
                self._model.reset()
            completion = self._model.create_completion(
                list(prompt),
                max_tokens=limit,
                temperature=0.0,
                repeat_penalty=1.0,
                grammar=rules,
                stop=[stop] if stop else [],
            )
        choice = completion["choices"][0]
        return choice["text"], choice["finish_reason"] == "stop"
