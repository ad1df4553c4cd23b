"""The GGUF's weights as others want them, made in optimum's environment.

python export_peers.py safetensors GGUF TARGET   checkpoint in bfloat16, for transformers
python export_peers.py optimum GGUF TARGET       `optimum-cli export onnx`, float32
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def save_checkpoint(gguf: Path, target: Path, dtype: torch.dtype) -> None:
    """Dequantised by transformers itself; the output matrix stays apart from the embedding."""
    source = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
    config = AutoConfig.from_pretrained(**source)
    model = AutoModelForCausalLM.from_pretrained(**source, config=config, torch_dtype=torch.float32)
    model.to(dtype).save_pretrained(target)


def main(kind: str, gguf: Path, target: Path) -> None:
    """See the module's docstring."""
    if kind == "safetensors":
        save_checkpoint(gguf, target, torch.bfloat16)
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        save_checkpoint(gguf, Path(folder), torch.float32)
        task = ["--task", "text-generation-with-past", "--library", "transformers"]
        program = Path(sys.executable).with_name("optimum-cli")
        subprocess.run([program, "export", "onnx", "--model", folder, *task, target], check=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
