"""The special tokens of the embedded LLaMA and the length of its context."""

from __future__ import annotations

# A prompt is BEGIN, the sentence's units, ANSWER; the answer ends with END. Ids are the positions here.
BEGIN, ANSWER, END, PAD = "<|begin|>", "<|answer|>", "<|end|>", "<|pad|>"
SPECIALS = (BEGIN, ANSWER, END, PAD)
# Enough for 300 characters of four bytes each with a space before each, and an answer.
CONTEXT = 2048
