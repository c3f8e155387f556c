"""What the embedded LLaMA reads: its special tokens, its context, and how to know its file."""

from __future__ import annotations

# A prompt is BEGIN, the sentence's units, ANSWER; the answer ends with END. Ids are the positions here.
BEGIN, ANSWER, END, PAD = "<|begin|>", "<|answer|>", "<|end|>", "<|pad|>"
SPECIALS = (BEGIN, ANSWER, END, PAD)
# Enough for 300 characters of four bytes each with a space before each, and an answer: `units` shows none as more.
CONTEXT = 2048
# A GGUF file trained for this prompt says so; any other model is shown demonstrations.
FORMAT_KEY = "sayfuse.parser.format"
FORMAT = "1"
