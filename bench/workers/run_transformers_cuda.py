"""transformers on an NVIDIA card: float16, a static cache, a step compiled with CUDA graphs; random weights.

    python run_transformers_cuda.py SHAPE CONTEXT…

Prints JSON, a longer line per context: the card, the bandwidth that copying reaches, and seconds of a prompt
and of a step.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM, Qwen2Config, StaticCache

SHAPES = {
    "tiny": (64, 96, 2, 4, 2, True, 384),
    "0.5b": (896, 4864, 24, 14, 2, True, 151936),
    "1.5b": (1536, 8960, 28, 12, 2, True, 151936),
    "7b": (3584, 18944, 28, 28, 4, False, 152064),
}
DECODED = 128
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def model_of(shape: str) -> torch.nn.Module:
    hidden, inner, layers, heads, kv_heads, tied, vocabulary = SHAPES[shape]
    config = Qwen2Config(
        hidden_size=hidden,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        tie_word_embeddings=tied,
        vocab_size=vocabulary,
        max_position_embeddings=32768,
    )
    torch.set_default_dtype(torch.float16)
    with torch.device(DEVICE):
        return AutoModelForCausalLM.from_config(config, dtype=torch.float16).eval()


def bandwidth() -> float:
    """Bytes per second that a copy within the card's memory reads and writes."""
    if DEVICE == "cpu":
        return float("nan")
    source = torch.empty(1 << 32, dtype=torch.uint8, device="cuda")
    target, times = torch.empty_like(source), []
    for _ in range(8):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        target.copy_(source)
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end) / 1e3)
    return 2 * source.numel() / statistics.median(times)


def wait() -> None:
    if DEVICE == "cuda":
        torch.cuda.synchronize()


@torch.inference_mode()
def behind(model: torch.nn.Module, step, context: int) -> dict[str, float]:
    length = context + DECODED + 1
    cache = StaticCache(config=model.config, max_cache_len=-(-length // 256) * 256)
    prompt = torch.randint(0, 300, (1, context), device=DEVICE)
    found: dict[str, list[float]] = {"prefill_s": [], "step_s": []}
    for _ in range(4):
        cache.reset()
        wait()
        started = time.perf_counter()
        position = torch.arange(context, device=DEVICE)
        placed = {"position_ids": position[None], "past_key_values": cache}
        out = model(prompt, **placed, use_cache=True, logits_to_keep=1)
        token = out.logits[:, -1].argmax(-1, keepdim=True)
        wait()
        found["prefill_s"].append(time.perf_counter() - started)
        started, position = time.perf_counter(), torch.tensor([[context]], device=DEVICE)
        for _ in range(DECODED):
            token = step(token.clone(), position, cache)
            position += 1
            token.item()  # an answer is read, and may end, token by token
        found["step_s"].append((time.perf_counter() - started) / DECODED)
    return {key: statistics.median(times[1:]) for key, times in found.items()} | {
        "first_step_s": found["step_s"][0]
    }


def main() -> None:
    shape, contexts = sys.argv[1], [int(context) for context in sys.argv[2:]]
    model = model_of(shape)

    def plain(token: torch.Tensor, position: torch.Tensor, cache: StaticCache) -> torch.Tensor:
        out = model(token, past_key_values=cache, position_ids=position, use_cache=True)
        return out.logits[:, -1].argmax(-1, keepdim=True)

    step = torch.compile(plain, mode="reduce-overhead", fullgraph=True) if DEVICE == "cuda" else plain
    result = {
        "shape": shape,
        "card": torch.cuda.get_device_name() if DEVICE == "cuda" else "cpu",
        "bandwidth": bandwidth(),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "attention": model.config._attn_implementation,
        "contexts": {},
    }
    for context in contexts:
        result["contexts"][context] = behind(model, step, context)
        print(json.dumps(result), flush=True)  # compiling for the next may take too long


if __name__ == "__main__":
    main()
