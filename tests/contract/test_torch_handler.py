import copy
from collections import OrderedDict

import cloudpickle
import pytest
import torch
from safetensors.torch import save
from torch import nn

from mvlake.compare.pickles import are_alike
from mvlake.errors import CannotFingerprint, NoHandler
from mvlake.handlers.torch import handler
from mvlake.testing import HandlerContract

NAN = float("nan")


class Net(nn.Module):
    def __init__(self, rate=0.1):
        super().__init__()
        self.rate = rate
        self.first, self.second = nn.Linear(2, 3), nn.Linear(2, 3)
        self.second.weight = self.first.weight
        self.register_buffer("scratch", torch.zeros(2), persistent=False)


def sequential(rate=0.5):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, bias=False), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Dropout(rate), nn.Linear(8, 2)
    )


class TestTorchHandler(HandlerContract):
    handler = handler

    def examples(self):
        return [
            torch.arange(6).reshape(2, 3),
            torch.tensor(3.5, requires_grad=True),
            torch.zeros(0, 3),
            torch.ones(3, dtype=torch.bfloat16),
            torch.tensor([1 + 2j]),
            nn.Parameter(torch.ones(2)),
            sequential(),
            nn.LSTM(2, 3, 2, batch_first=True),
            nn.Embedding(4, 2, padding_idx=0),
            nn.ModuleList([nn.GELU(), nn.LayerNorm(4)]),
        ]

    def layouts(self):
        negative = torch.frombuffer(bytearray(b"\x01\x00\xc0\xff"), dtype=torch.float32)
        return [
            (torch.arange(6).reshape(2, 3).T, torch.tensor([[0, 3], [1, 4], [2, 5]])),
            (negative, torch.tensor([NAN])),
            (sequential().train(), sequential().eval()),
            (torch.tensor([1 + 2j]).conj(), torch.tensor([1 - 2j])),
        ]

    def different(self):
        return [
            (torch.zeros(2), torch.zeros(2, dtype=torch.float64)),
            (torch.zeros(2, 3), torch.zeros(3, 2)),
            (sequential(0.5), sequential(0.4)),
            (nn.ReLU(), nn.Tanh()),
            (torch.tensor(0.0), torch.tensor(-0.0)),
        ]

    def mutations(self):
        def step(module):
            with torch.no_grad():
                next(module.parameters()).add_(1)

        return [(torch.zeros(3), lambda tensor: tensor.add_(1)), (sequential(), step), (Net(), step)]

    def refused(self):
        return [torch.optim.SGD(sequential().parameters()), torch.device("cpu")]

    def equal(self, a, b):
        return type(a) is type(b) and repr(a) == repr(b)


def test_a_module_of_the_user_comes_back_as_its_state_and_says_so():
    net = Net()
    state = handler.decode(handler.encode(net), protocol=1)
    assert type(state) is OrderedDict
    net.load_state_dict(state)
    facts = {one.name: one.value for one in handler.summarize(net).learned}
    assert facts["restores_as"] == "state_dict"
    assert facts["layers"] == ["Linear", "Linear"]
    assert {one.name: one.value for one in handler.summarize(sequential()).learned}["restores_as"] == "module"


def test_a_plain_attribute_of_a_module_is_part_of_it():
    torch.manual_seed(0)
    one = Net(0.1)
    other = Net(0.2)
    other.load_state_dict(one.state_dict())
    assert handler.fingerprint(one) != handler.fingerprint(other)


def test_a_layer_with_a_hook_is_not_built_again():
    layer = nn.Linear(2, 2)
    layer.register_forward_hook(lambda *_: None)
    assert type(handler.decode(handler.encode(layer), protocol=1)) is OrderedDict


def test_frozen_parameters_stay_frozen():
    model = sequential()
    model[0].weight.requires_grad_(False)
    restored = handler.decode(handler.encode(model.eval()), protocol=1)
    assert [one.requires_grad for one in restored.parameters()] == [one.requires_grad for one in model.parameters()]
    assert not restored.training


def test_a_tensor_elsewhere_is_refused_and_not_copied():
    for tensor in (torch.zeros(2, device="meta"), torch.zeros(2, 2).to_sparse()):
        with pytest.raises(CannotFingerprint):
            handler.fingerprint(tensor)
        with pytest.raises(NoHandler):
            handler.encode(tensor)
        with pytest.raises(NoHandler):
            handler.hold(tensor)
        handler.summarize(tensor)


def test_a_description_of_a_huge_layer_takes_no_memory():
    layers = '{"class":"Linear","settings":{"in_features":100000000,"out_features":100000000,"bias":false}}'
    about = f'{{"kind":"torch.nn.Linear","names":[],"layers":{layers},"training":true,"learning":[]}}'
    with pytest.raises(RuntimeError, match="weight"):
        handler.decode(save({}, metadata={"mvlake": about}), protocol=1)


def test_two_states_of_training_are_as_far_apart_as_their_weights():
    model = sequential()
    held = handler.hold(model)
    with torch.no_grad():
        model[5].bias += 0.5
    found = handler.closeness(held, model)
    assert (found.differing, found.gaps[0].precision) == (2, "float32")
    assert found.max_abs == pytest.approx(0.5)


def test_two_pickles_of_one_optimizer_say_the_same_wherever_its_tensors_lie():
    net = torch.nn.Linear(2, 3)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    there, here = cloudpickle.dumps(optimizer), cloudpickle.dumps(copy.deepcopy(optimizer))
    assert there != here
    assert are_alike(there, here)
    optimizer.step()
    assert not are_alike(cloudpickle.dumps(optimizer), here)
