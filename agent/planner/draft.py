"""What a reading is made from, while its parts are being read."""

from dataclasses import dataclass, field

from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading
from agent.planner.senses import Span
from tools.domain.scope import Filter


@dataclass
class Draft:
    """A reading that is not finished; the parts that read it share what they have found."""

    reading: Reading
    lexicon: Lexicon
    listed: list[Span] = field(default_factory=list)
    """Metric spans that a list of token kinds stands for."""
    tag_coverage: bool = False
    """"tagged", with no key named: the tagged share of cost."""
    used: set[int] = field(default_factory=set)
    """Dimension spans that only say what kind of thing a name is."""

    @property
    def spans(self) -> list[Span]:
        return self.reading.spans

    def filter(self, filter_: Filter) -> None:
        """Add a filter, or its values to those of the filter that there is."""
        for index, other in enumerate(self.reading.filters):
            if (other.dimension, other.operator) == (filter_.dimension, filter_.operator):
                values = tuple(dict.fromkeys((*other.values, *filter_.values)))
                self.reading.filters[index] = other.model_copy(update={"values": values})
                return
        self.reading.filters.append(filter_)

    def group(self, dimension: str) -> None:
        """Break the answer down by the dimension, once."""
        if dimension not in self.reading.groups:
            self.reading.groups.append(dimension)
