"""Models of torchvision and timm. They are smaller than the published ones (fewer and narrower layers, small images),
but of the same architecture."""
from registry import enliven, model

IMAGE = "float32[2,3,64,64]"


@model("torchvision", IMAGE)
def resnet18():
    """ResNet-18"""
    import torchvision.models as models

    return models.resnet18(weights=None)


@model("torchvision", IMAGE, traced=True)
def resnet50():
    """ResNet-50, traced"""
    import torchvision.models as models

    module = models.resnet50(weights=None)
    for name, parameter in module.named_parameters():
        if name.endswith("bn3.weight"):  # lets rounding grow less over 50 layers
            parameter.data.fill_(0.25)
    return module


@model("torchvision", IMAGE)
def mobilenet_v3():
    """MobileNetV3 small"""
    import torchvision.models as models

    return models.mobilenet_v3_small(weights=None)


@model("torchvision", IMAGE)
def efficientnet():
    """EfficientNet-B0"""
    import torchvision.models as models

    return models.efficientnet_b0(weights=None)


@model("torchvision", IMAGE)
def convnext():
    """ConvNeXt, four stages"""
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt

    stages = [CNBlockConfig(32, 64, 1), CNBlockConfig(64, 96, 1), CNBlockConfig(96, 128, 2), CNBlockConfig(128, None, 1)]
    return ConvNeXt(stages, num_classes=10, layer_scale=0.5)


@model("torchvision", IMAGE)
def swin():
    """Swin transformer, two stages, shifted windows"""
    from torchvision.models import SwinTransformer

    return SwinTransformer(patch_size=[4, 4], embed_dim=32, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4],
                           num_classes=10)


@model("torchvision", IMAGE)
def vit_b_16():
    """ViT with patches of 16, two layers, scripted"""
    from torchvision.models import VisionTransformer

    return VisionTransformer(image_size=64, patch_size=16, num_layers=2, num_heads=4, hidden_dim=128, mlp_dim=256,
                             num_classes=10)


@model("torchvision", IMAGE)
def deeplab():
    """DeepLabV3 on MobileNetV3"""
    from torchvision.models.segmentation import deeplabv3_mobilenet_v3_large

    return deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=5)


@model("torchvision", "[float32[3,64,80]=rand, float32[3,72,64]=rand]")
def retinanet():
    """RetinaNet on ResNet-18 with a feature pyramid"""
    from torchvision.models.detection import RetinaNet
    from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

    without_library()
    backbone = resnet_fpn_backbone(backbone_name="resnet18", weights=None, trainable_layers=5)
    return RetinaNet(backbone, num_classes=5, min_size=64, max_size=96, score_thresh=0.01, detections_per_img=10,
                     topk_candidates=20, anchor_generator=anchors(5))


@model("torchvision", "[float32[3,320,320]=rand, float32[3,300,340]=rand]")
def ssdlite():
    """SSDlite on MobileNetV3"""
    from torchvision.models.detection import ssdlite320_mobilenet_v3_large

    without_library()
    return ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=5, detections_per_img=10,
                                         topk_candidates=20)


@model("torchvision", "float32[1,3,128,128]=rand", "float32[1,3,128,128]=rand", "2")
def raft():
    """RAFT small, two updates of the flow"""
    from torchvision.models.optical_flow import raft_small

    return raft_small(weights=None)


@model("torchvision", IMAGE)
def quantized_resnet18():
    """ResNet-18, statically quantised"""
    from torchvision.models.quantization import resnet18

    return quantized(resnet18(weights=None, quantize=False))


@model("torchvision", IMAGE)
def quantized_mobilenet_v2():
    """MobileNetV2, statically quantised"""
    from torchvision.models.quantization import mobilenet_v2

    return quantized(mobilenet_v2(weights=None, quantize=False))


@model("timm", IMAGE, traced=True)
def regnety():
    """RegNetY-200MF, traced"""
    import timm

    return timm.create_model("regnety_002", pretrained=False)


@model("timm", IMAGE)
def mixer():
    """MLP-Mixer, two layers"""
    import timm.models

    return timm.models.MlpMixer(img_size=64, patch_size=16, num_blocks=2, embed_dim=64, num_classes=10)


@model("timm", "float32[2,3,56,56]", traced=True)
def vit_registers():
    """ViT with register tokens, two layers, traced"""
    import timm

    module = timm.create_model("vit_small_patch14_reg4_dinov2", pretrained=False, img_size=56, depth=2, embed_dim=96,
                               num_heads=4, dynamic_img_size=True)
    for name, parameter in module.named_parameters():
        if name.endswith("gamma"):  # 1e-5 at first, which hides all layers
            parameter.data.fill_(0.5)
    return module


def quantized(module):
    import torch
    from torchvision.models.quantization.utils import quantize_model

    enliven(module, lambda: [torch.randn(2, 3, 64, 64)])
    quantize_model(module, torch.backends.quantized.engine)
    return module


def anchors(levels):
    from torchvision.models.detection.anchor_utils import AnchorGenerator

    sizes = tuple((8 * 2**level, 12 * 2**level) for level in range(levels))
    return AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * levels)


def without_library():
    """Replaces functions of torchvision that call its shared library, which PyPI has for CUDA only, by TorchScript. So
    neither PyTorch nor tsir needs it."""
    import torch
    import torchvision.ops.boxes as boxes

    area = boxes.box_area

    def box_iou(boxes1: torch.Tensor, boxes2: torch.Tensor) -> torch.Tensor:
        low = torch.max(boxes1[:, None, :2], boxes2[:, :2])
        high = torch.min(boxes1[:, None, 2:], boxes2[:, 2:])
        both = (high - low).clamp(min=0).prod(dim=2)
        return both / (area(boxes1)[:, None] + area(boxes2) - both)

    def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
        order = scores.argsort(descending=True)
        keep = torch.jit.annotate(list[int], [])
        while order.numel() > 0:
            keep.append(int(order[0]))
            overlap = box_iou(boxes[order[:1]], boxes[order[1:]])[0]
            order = order[1:][overlap <= iou_threshold]
        return torch.tensor(keep, dtype=torch.int64)

    boxes.box_iou = box_iou
    boxes.nms = nms
