import pytest

from tools.domain.errors import UnknownName
from tools.domain.focus import BY_NAME
from tools.semantic.model import load_model

PSEUDO = {"InstanceType", "InstanceSeries", "CoreCount", "GpuCount", "MemorySize", "OperatingSystem"}
PSEUDO |= {"StorageClass", "DiskType", "Redundancy"}


def test_every_declared_column_is_one_of_the_store() -> None:
    model = load_model()
    named = {dimension.store_column for dimension in model.dimensions.values()}
    for metric in model.metrics.values():
        for part in (metric, *metric.terms, *metric.any):
            named |= {*part.required, *part.unless}
        named |= {term.sum for term in metric.terms if term.sum}
    assert named - PSEUDO <= set(BY_NAME)


def test_a_word_means_one_thing() -> None:
    model = load_model()
    assert model.metric("Spend").name == "EffectiveCost"
    assert model.metric("the bill".removeprefix("the ")).name == "BilledCost"
    assert model.dimension("providers").name == "HostProviderName"


def test_a_tag_is_a_dimension_without_being_declared() -> None:
    assert load_model().dimension("tag:cost-center").key == "cost-center"


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownName, match="x_Model"):
        load_model().dimension("x_Modle")
    with pytest.raises(UnknownName, match="EffectiveCost"):
        load_model().metric("EfectiveCost")


def test_an_own_column_of_a_bill_is_a_dimension() -> None:
    assert load_model().dimension("x_CostCentre", ["x_CostCentre"]).label == "cost centre"
