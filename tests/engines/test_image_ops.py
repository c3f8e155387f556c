"""Differentiable picture operations against direct computation."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from engines.image_ops import gaussian_blur, sobel, sobel_magnitude, ssim


def test_sobel_of_a_ramp():
    x = torch.arange(6.0).expand(1, 1, 5, 6) * 0.1
    gx, gy = sobel(x)
    torch.testing.assert_close(gx[..., 1:-1], torch.full((1, 1, 5, 4), 0.8))
    torch.testing.assert_close(gx[..., 0], torch.full((1, 1, 5), 0.4))
    torch.testing.assert_close(gy, torch.zeros_like(gy), atol=1e-6, rtol=0)
    torch.testing.assert_close(sobel_magnitude(-x), gx, atol=1e-6, rtol=0)
    torch.testing.assert_close(sobel(x.transpose(2, 3))[1], gx.transpose(2, 3), atol=1e-6, rtol=0)


def test_gaussian_blur_is_opencvs():
    x = np.random.default_rng(0).random((40, 53), dtype=np.float32)
    expected = cv2.GaussianBlur(x, (11, 11), 1.5, borderType=cv2.BORDER_REFLECT_101)
    np.testing.assert_allclose(gaussian_blur(torch.from_numpy(x)[None, None])[0, 0].numpy(), expected, atol=1e-6)


def test_ssim_of_constant_pictures_is_the_luminance_term():
    a, b = torch.full((1, 1, 16, 16), 0.2), torch.full((1, 1, 16, 16), 0.6)
    expected = (2 * 0.2 * 0.6 + 1e-4) / (0.2**2 + 0.6**2 + 1e-4)
    torch.testing.assert_close(ssim(a, b), torch.tensor(expected), atol=1e-4, rtol=0)


def test_ssim_is_one_for_itself_and_lower_for_noise():
    x = torch.rand(2, 1, 24, 24)
    torch.testing.assert_close(ssim(x, x), torch.tensor(1.0))
    assert ssim(x, torch.rand_like(x)) < 0.3
    assert torch.isfinite(ssim(x[..., :7, :9], x[..., :7, :9]))
